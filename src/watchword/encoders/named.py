"""Encoders by name, and options behind a name: "alexnet:whole=fc8,cells=pool5".

So a recipe that knows an encoder's name alone can be given any encoder in any form, and its settings say
which. Every encoder also takes `pca=FILE`, which projects its whole (`projected`).
"""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, get_type_hints

from watchword.core.errors import SettingsError, suggestion
from watchword.core.registry import Registry
from watchword.core.settings import parse
from watchword.encoders.base import Encoder

Make = Callable[..., Encoder]


class Encoders(Registry[Make]):
    """The registry of encoders; each is a function of named arguments, `frozen` among them."""

    def __getitem__(self, name: str) -> Make:
        """Return what makes the encoder called `name`, its options filled in.

        Raises `UnknownName`, or `SettingsError` for an option that the encoder does not have.
        """
        plain, _, text = name.partition(":")
        make = super().__getitem__(plain)
        given = dict(_parted(option, name) for option in text.split(",")) if text else {}
        pca = given.pop("pca", None)
        made = partial(make, **_parsed(make, plain, given)) if given else make
        return partial(_projected, made, pca) if pca else made


def _parted(option: str, name: str) -> tuple[str, str]:
    key, equals, value = option.partition("=")
    if not equals:
        raise SettingsError(f"encoder {name!r}: {option!r} is not option=value, as in plain_cnn:depth=8,size=64")
    return key, value


def _parsed(make: Make, plain: str, given: dict[str, str]) -> dict[str, Any]:
    """Return options as values of their types; `frozen` is none of them, for recipes have it as a setting."""
    hints = get_type_hints(make, include_extras=True)
    known = {name: hints[name] for name in inspect.signature(make).parameters if name != "frozen"}
    for name in given:
        if name not in known:
            allowed = ", ".join([*known, "pca"])
            raise SettingsError(f"encoder {plain!r} has no option {name!r}{suggestion(name, known)}; it has: {allowed}")
    return {name: parse(f"{plain}:{name}", text, known[name]) for name, text in given.items()}


def _projected(make: Make, pca: str, **options: Any) -> Encoder:
    from watchword.data.pca import PCA
    from watchword.encoders.projected import Projected

    return Projected(make(**options), PCA.load(pca))


encoders = Encoders("encoder")
