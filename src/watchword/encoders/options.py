"""Options behind a name: "alexnet:whole=fc8,cells=pool5", as values of the types that a function takes.

An option whose value has options itself writes + for their commas: "regions:of=vgg16:cells=conv5+size=448".
"""

import inspect
from collections.abc import Callable, Collection
from typing import Any, get_type_hints

from watchword.core.errors import SettingsError, suggestion
from watchword.core.settings import parse


def parted(kind: str, name: str) -> tuple[str, dict[str, str]]:
    """Return a name without its options, and these as text; `SettingsError` for one that is not option=value."""
    plain, _, text = name.partition(":")
    given: dict[str, str] = {}
    for option in text.split(",") if text else ():
        key, equals, value = option.partition("=")
        if not equals:
            raise SettingsError(f"{kind} {name!r}: {option!r} is not option=value, as in plain_cnn:depth=8,size=64")
        given[key] = value
    return plain, given


def parsed(
    kind: str,
    plain: str,
    make: Callable[..., Any],
    given: dict[str, str],
    *,
    hidden: Collection[str] = (),
    also: Collection[str] = (),
) -> dict[str, Any]:
    """Return options as values of the types that `make` takes; `SettingsError` for one that it does not have.

    hidden: arguments that are no options. also: options that are dealt with elsewhere, for the message.
    """
    hints = get_type_hints(make, include_extras=True)
    known = {name: hints[name] for name in inspect.signature(make).parameters if name not in hidden}
    for name in given:
        if name not in known:
            allowed = ", ".join([*known, *also])
            raise SettingsError(f"{kind} {plain!r} has no option {name!r}{suggestion(name, known)}; it has: {allowed}")
    return {name: parse(f"{plain}:{name}", text, known[name]) for name, text in given.items()}


def nested(name: str) -> str:
    """Return a name that was the value of an option as it would stand alone: its options parted by commas."""
    return name.replace("+", ",")
