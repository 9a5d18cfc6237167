"""How a bundle's encoder is shown clips: the field `frames` of `bundle.json`."""

from typing import cast, get_args

from watchword.core.errors import BundleError
from watchword.data.clips.flow import Method
from watchword.data.played import Play, Playing, Stream
from watchword.runtime.fields import Fields

MOST = 4096  # pictures of a clip


def playing_in(fields: Fields) -> Playing | None:
    """Read how clips are shown to the encoder; None where it is shown photos."""
    return _playing(fields.inside("frames")) if "frames" in fields else None


def _playing(fields: Fields) -> Playing:
    rate = fields.take("rate", float, 0.0)
    if rate < 0:
        raise BundleError(f"'rate' in {fields.where} is {rate:g}; it is 0 or more frames a second")
    return Playing(
        fields.take_count("count", most=MOST),
        cast("Stream", _one_of(fields, "stream", get_args(Stream))),
        cast("Play", _one_of(fields, "play", get_args(Play))),
        rate,
        cast("Method", _one_of(fields, "method", get_args(Method))),
    )


def _one_of(fields: Fields, name: str, allowed: tuple[str, ...]) -> str:
    """Return a field that is one of some words; the first where it is absent."""
    given = fields.take(name, str, allowed[0])
    if given not in allowed:
        raise BundleError(f"{name!r} in {fields.where} is {given!r}; this version knows {' and '.join(allowed)}")
    return given
