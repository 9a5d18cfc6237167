"""Values read out of JSON that someone else wrote: each is checked before it is believed."""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from watchword.core.errors import BundleError

Value = TypeVar("Value")
_SAID = {int: "a whole number", float: "a number", str: "text", dict: "an object", list: "a list"}


class Fields:
    """The members of one JSON object, taken by name and type."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        """Read from `values`; error messages call them `where`."""
        self.where = where
        self._values = values

    @classmethod
    def parse(cls, data: bytes, where: str) -> "Fields":
        """Return the fields of a JSON object in UTF-8; `BundleError` if `data` is anything else."""
        try:
            values = json.loads(data.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise BundleError(f"{where} is not JSON ({error}); get or export the bundle again") from None
        return cls(_checked(values, dict, where), where)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a field called `name` that is not null."""
        return self._values.get(name) is not None

    def take(self, name: str, kind: type[Value], default: Value | None = None) -> Value:
        """Return field `name`, of type int, float, str, dict or list; `BundleError` if it is not.

        default: what to return if the field is absent or null; without one, it has to be there.
        """
        if name not in self:
            if default is None:
                raise BundleError(f"{self.where} has no {name!r} ({_SAID[kind]}); get or export the bundle again")
            return default
        return _checked(self._values[name], kind, f"{name!r} in {self.where}")

    def take_count(self, name: str, most: int, default: int | None = None) -> int:
        """Return field `name`, a whole number from 1 to `most`."""
        count = self.take(name, int, default)
        if not 1 <= count <= most:
            raise BundleError(f"{name!r} in {self.where} is {count}; it is from 1 to {most}")
        return count

    def take_flag(self, name: str) -> bool:
        """Return field `name`, true or false; false if it is absent or null."""
        given = self._values.get(name)
        if given is not None and not isinstance(given, bool):
            raise BundleError(f"{name!r} in {self.where} is {str(given)[:60]!r}; it is to be true or false")
        return bool(given)

    def take_list(self, name: str, kind: type[Value], length: int | None = None) -> tuple[Value, ...]:
        """Return field `name`, a list of `kind`, of `length` members if that is given."""
        values = self.take(name, cast("type[list[Any]]", list))
        if length is not None and len(values) != length:
            raise BundleError(f"{name!r} in {self.where} has {len(values)} members; it has {length}")
        return tuple(_checked(value, kind, f"a member of {name!r} in {self.where}") for value in values)

    def inside(self, name: str) -> "Fields":
        """Return the fields of the object that field `name` holds."""
        return Fields(self.take(name, cast("type[dict[str, Any]]", dict)), f"{name!r} in {self.where}")

    def names(self) -> list[str]:
        """Return the names of all fields."""
        return list(self._values)


def _checked(value: Any, kind: type[Value], where: str) -> Value:
    """Return `value` if it is of `kind`; true is no number here, and whole numbers are numbers."""
    wanted = (int, float) if kind is float else kind
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise BundleError(f"{where} is {str(value)[:60]!r}; it is to be {_SAID[kind]}")
    if isinstance(value, float) and not math.isfinite(value):
        raise BundleError(f"{where} is {value}; it is to be finite")
    return cast(Value, value)


def _refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which Python's reader takes but JSON does not have."""
    raise ValueError(f"{constant} is no JSON number")
