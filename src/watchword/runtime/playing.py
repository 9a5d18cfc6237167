"""How a bundle's encoder is shown clips: the field `frames` of `bundle.json`."""

from typing import cast, get_args

from watchword.core.errors import BundleError
from watchword.data.played import Play, Playing, Stream
from watchword.runtime.fields import Fields

MOST = 4096  # pictures of a clip


def playing_in(fields: Fields) -> Playing | None:
    """Read how clips are shown to the encoder; None where it is shown photos."""
    return _playing(fields.inside("frames")) if "frames" in fields else None


def _playing(fields: Fields) -> Playing:
    stream, play = fields.take("stream", str, "rgb"), fields.take("play", str, "still")
    for name, given, allowed in (("stream", stream, get_args(Stream)), ("play", play, get_args(Play))):
        if given not in allowed:
            raise BundleError(f"{name!r} in {fields.where} is {given!r}; this version knows {' and '.join(allowed)}")
    return Playing(fields.take_count("count", most=MOST), cast("Stream", stream), cast("Play", play))
