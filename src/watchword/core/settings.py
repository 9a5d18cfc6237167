"""Settings are frozen dataclasses; `name=value` text overrides them, checked by field type."""

import dataclasses
import types
from collections.abc import Iterable
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from watchword.core.errors import SettingsError, suggestion

Settings = TypeVar("Settings")


def override(settings: Settings, assignments: Iterable[str]) -> Settings:
    """Return `settings` with each "name=value" applied.

    Raises `SettingsError` for an unknown name, a missing "=", or text that is not of the field's type.
    """
    hints = get_type_hints(type(settings))
    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise SettingsError(f"{assignment!r} is not name=value, as in width=256")
        if name not in hints:
            raise SettingsError(f"no setting {name!r}{suggestion(name, hints)}; there are: {', '.join(hints)}")
        changes[name] = parse(name, text, hints[name])
    return dataclasses.replace(settings, **changes)  # type: ignore[type-var]


def parse(name: str, text: str, kind: Any) -> Any:
    """Return `text` as a value of `kind`: bool, int, float, str, a Literal, or one of these or None."""
    origin = get_origin(kind)
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
