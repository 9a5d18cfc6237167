"""Settings are frozen dataclasses; `name=value` text overrides them, checked by field type and range."""

import dataclasses
import math
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from watchword.core.errors import SettingsError, suggestion

Settings = TypeVar("Settings")
Mark = TypeVar("Mark")


@dataclasses.dataclass(frozen=True)
class Range:
    """What a number may be, both ends included. below: without the upper end."""

    least: float
    most: float = math.inf
    below: bool = False

    def __contains__(self, value: float) -> bool:
        """Tell whether `value` lies inside; what is infinite or not a number does not."""
        return math.isfinite(value) and self.least <= value <= self.most and not (self.below and value == self.most)

    def __str__(self) -> str:
        """Say it in words."""
        if self.most == math.inf:
            return f"{self.least:g} or more" + (", and finite" if isinstance(self.least, float) else "")
        return f"from {self.least} to {'below ' if self.below else ''}{self.most}"


@dataclasses.dataclass(frozen=True)
class Needs:
    """A setting that does something only while `setting` has one of `values`, or none of `but` (without either: is
    above 0).
    """

    setting: str
    values: tuple[Any, ...] = ()
    but: tuple[Any, ...] = ()

    def met(self, settings: Any) -> bool:
        """Tell whether it does something among `settings`."""
        given = getattr(settings, self.setting)
        if self.but:
            return given not in self.but
        return given in self.values if self.values else given > 0

    def __str__(self) -> str:
        """Say it in words."""
        if self.but:
            return f"{self.setting} is other than {' or '.join(map(str, self.but))}"
        return f"{self.setting} is {' or '.join(map(str, self.values)) or 'above 0'}"


Count = Annotated[int, Range(1)]
Amount = Annotated[int, Range(0)]
Rate = Annotated[float, Range(0.0)]
Share = Annotated[float, Range(0, 1, below=True)]  # dropped, smoothed or averaged away: of all, nothing is learnt


def override(settings: Settings, assignments: Iterable[str]) -> Settings:
    """Return `settings` with each "name=value" applied.

    Raises `SettingsError` for an unknown name, a missing "=", text that is not of the field's type or
    outside its `Range`, or a setting that would do nothing (`Needs`). What was there already is not checked.
    """
    hints = get_type_hints(type(settings), include_extras=True)
    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise SettingsError(f"{assignment!r} is not name=value, as in width=256")
        if name not in hints:
            raise SettingsError(f"no setting {name!r}{suggestion(name, hints)}; there are: {', '.join(hints)}")
        changes[name] = parse(name, text, hints[name])
    changed = dataclasses.replace(settings, **changes)  # type: ignore[type-var]
    for name in filter(changes.get, changes):
        _refuse_idle(name, hints[name], changed)
    return changed


def read_settings(kind: type[Settings], values: Mapping[str, Any]) -> Settings:
    """Return settings of a class, of values out of a file: each of its field's type and inside its `Range`.

    Raises `SettingsError` for one that is not, and for an unknown name.
    """
    hints = get_type_hints(kind, include_extras=True)
    for name, value in values.items():
        if name not in hints:
            raise SettingsError(f"no setting {name!r}{suggestion(name, hints)}")
        meant = parse(name, str(value), hints[name])
        if meant != value or isinstance(meant, bool) != isinstance(value, bool):
            raise SettingsError(f"{name}={value!r} is not of its type")
    return kind(**values)


def parse(name: str, text: str, kind: Any) -> Any:
    """Return `text` as a value of `kind`: bool, int, float, str, a Literal, one of these in a `Range`, or None."""
    origin = get_origin(kind)
    if origin is Annotated:
        value = parse(name, text, get_args(kind)[0])
        for within in _marks(kind, Range):
            if value not in within:
                raise SettingsError(f"{name}={text!r}: {within}")
        return value
    if origin in (Union, types.UnionType):
        if text.lower() == "none" and type(None) in get_args(kind):
            return None
        return parse(name, text, next(k for k in get_args(kind) if k is not type(None)))
    if origin is Literal:
        if text in get_args(kind):
            return text
        raise SettingsError(f"{name}={text!r}{suggestion(text, get_args(kind))}: one of {', '.join(get_args(kind))}")
    if kind is bool:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise SettingsError(f"{name}={text!r}: true or false")
    try:
        return kind(text)
    except ValueError:
        raise SettingsError(f"{name}={text!r} is not of type {kind.__name__}") from None


def _refuse_idle(name: str, kind: Any, settings: Any) -> None:
    """Raise `SettingsError` where a setting that someone gave does nothing beside the others."""
    for need in _marks(kind, Needs):
        if not need.met(settings):
            raise SettingsError(f"{name}={getattr(settings, name)} does nothing unless {need}")


def _marks(kind: Any, wanted: type[Mark]) -> list[Mark]:
    """Return the marks of class `wanted` that an Annotated type carries."""
    return [mark for mark in getattr(kind, "__metadata__", ()) if isinstance(mark, wanted)]
