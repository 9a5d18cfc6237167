"""Published features of clips: a .npy file for each, with a row for each frame, as (80, 4096) of VGG's fc7.

Paper 3's survey and its kin hand such folders around, in place of clips that may not be copied.
"""

from pathlib import Path

import numpy as np

from watchword.core.errors import ClipError
from watchword.data.played import parts

_ADVICE = "give the folder of .npy files, each with a row for each frame and called like its clip, with --images"


def read_clip_features(path: Path, count: int, width: int) -> np.ndarray:
    """Return rows (count, width) float32: of as many equal parts of the file's rows the middle ones, repeated if fewer.

    Nothing is unpickled. Raises `ClipError` for a file that is missing, of another kind or width, or not of numbers.
    """
    name = repr(str(path))
    try:
        found = np.load(path, "r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ClipError(f"{name} holds no features of a clip: {error}; {_ADVICE}") from None
    if not isinstance(found, np.ndarray) or found.ndim != 2 or found.dtype.kind not in "fiu" or not found.size:
        raise ClipError(f"{name} holds {getattr(found, 'shape', 'several arrays')}, not a table of numbers; {_ADVICE}")
    if found.shape[1] != width:
        fitting = f"encoder=clip_features:width={found.shape[1]}"
        raise ClipError(f"{name} has rows {found.shape[1]} wide, not {width}: give --set {fitting}")
    rows = np.asarray(found[parts(len(found), count)], np.float32)
    if not np.isfinite(rows).all():
        raise ClipError(f"{name} holds what is no number; get the file again")
    return rows
