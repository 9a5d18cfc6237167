"""Where the sound of a clip is quiet, so that a sentence can be spoken there.

>>> quiet("clip.mp4")  # doctest: +SKIP
[(0.0, 2.15), (6.4, 9.8)]

Loudness is measured in windows of a twentieth of a second, in decibels below full scale (dBFS). Quiet is what lies
well below the clip's own loud parts; a clip of even loudness has no pauses, however soft it is.
"""

from pathlib import Path

import numpy as np

from watchword.core.errors import SettingsError
from watchword.data.clips.limits import LIMITS, Limits
from watchword.data.clips.messages import Kind
from watchword.data.clips.player import answers

WINDOW = 0.05  # seconds
SHORTEST = 1.0  # seconds: what is quiet for less is no pause
BELOW = 15.0  # decibels below the loud parts
SILENT = -60.0  # dBFS: what is below it is quiet anyway
_LOUD = 95  # percentile of the windows that tells how loud the loud parts are


def quiet(
    path: str | Path,
    *,
    shortest: float = SHORTEST,
    below: float = BELOW,
    limits: Limits = LIMITS,
) -> list[tuple[float, float]]:
    """Return start and end, in seconds, of the quiet stretches of a clip, in order; all of it if it has no sound.

    shortest: seconds; below: decibels. Raises `ClipError` for a file that cannot be played.
    """
    if shortest < 0 or below < 0:
        raise SettingsError(f"a pause lasts 0 seconds or more, 0 decibels or more below; not {shortest} and {below}")
    levels, seconds = loudness(path, limits=limits)
    loud = float(np.percentile(levels, _LOUD)) if len(levels) else SILENT
    still = levels < max(loud - below, SILENT)
    beyond = round((seconds - len(levels) * WINDOW) / WINDOW)  # the pictures go on where the sound has ended
    edges = np.flatnonzero(np.diff(np.concatenate(([False], still, np.ones(max(beyond, 0), bool), [False]))))
    found = [(start * WINDOW, min(end * WINDOW, seconds)) for start, end in edges.reshape(-1, 2).tolist()]
    return [(round(start, 3), round(end, 3)) for start, end in found if end - start >= shortest - 1e-6]


def loudness(path: str | Path, *, limits: Limits = LIMITS) -> tuple[np.ndarray, float]:
    """Return the loudness (N,) float32 in dBFS of each window from the clip's start on, and the clip's seconds.

    No sound at all is -120 dBFS. What has no sound track gives (0,). Raises `ClipError`.
    """
    parts, seconds = [np.zeros(0, np.float32)], 0.0
    for header, content in answers(path, limits, {"do": "sound", "window": WINDOW}):
        if header.kind == Kind.LEVEL:
            parts.append(np.frombuffer(content, np.float32))
        else:
            seconds = float(content["seconds"])
    return np.concatenate(parts), seconds
