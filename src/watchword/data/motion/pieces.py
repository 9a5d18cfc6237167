"""A long clip in equal parts, of each of which the middle two seconds are looked at."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from watchword.data.clips.files import is_clip
from watchword.data.motion.window import PER_SECOND
from watchword.data.played import Clip, Watched

SECONDS = 3.0  # that a part lasts, or more
MOST = 8


def pieces(source: Watched) -> list[Watched]:
    """Return a clip in parts of 3 seconds or more, at most 8, in time order; what lasts less than 6 seconds is one.

    source: as of `data.motion.window.window`. Raises `ClipError` for a file that cannot be played.
    """
    if isinstance(source, Clip):
        return list[Watched](_of_file(source))
    if isinstance(source, str | Path) and is_clip(source):
        return list[Watched](_of_file(Clip(Path(source))))
    if isinstance(source, np.ndarray):
        source = list(source) if source.ndim == 4 else source
    if isinstance(source, Sequence) and not isinstance(source, str | bytes):
        cuts = np.linspace(0, len(source), _parts(len(source) / PER_SECOND) + 1).astype(int).tolist()
        return [source[first:last] for first, last in pairwise(cuts)]
    return [source]


def _of_file(clip: Clip) -> list[Clip]:
    from watchword.data.clips.frames import probe

    start, end = probe(clip.source).stretch(clip.span)
    if (count := _parts(end - start)) == 1:
        return [clip]
    cuts = np.linspace(start, end, count + 1).tolist()
    return [Clip(clip.source, (one, other), clip.box) for one, other in pairwise(cuts)]


def _parts(seconds: float) -> int:
    return int(np.clip(seconds // SECONDS, 1, MOST))
