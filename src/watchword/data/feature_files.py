"""Features that others computed, from their files: one vector for each photo, in the order of a data set."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.matlab import read_matrix


def read_features(path: str | Path) -> np.ndarray:
    """Return rows (N, W) float32 of an .npy file, or of the matrix `feats` (W, N) of a MATLAB file, as neuraltalk has.

    Nothing is unpickled. Raises `DataError` for a file that is missing, of another kind, or holds what is no number.
    """
    path = Path(path)
    try:
        found = read_matrix(path, "feats").T if path.suffix == ".mat" else np.load(path, "r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as problem:
        raise DataError(f"{path}: no features can be read: {problem}; give a .npy or a MATLAB 5 .mat") from None
    if not isinstance(found, np.ndarray) or found.ndim != 2 or found.dtype.kind not in "fiu" or not found.size:
        shape = getattr(found, "shape", "?")
        raise DataError(f"{path} holds {shape}: features are a table of numbers, a row for each photo")
    rows = np.asarray(found, np.float32)
    if not np.isfinite(rows).all():
        raise DataError(f"{path}: row {int(np.isfinite(rows).all(1).argmin())} holds what is no number")
    return rows


def in_order(rows: np.ndarray, examples: Sequence[Example]) -> np.ndarray:
    """Return the row of each example: (len(examples), W).

    There is one for each, in their order; or the data set is a part of what there are rows for, and gives the
    place of each among them as `imgid`, as Karpathy's splits do. Raises `DataError` for anything else.
    """
    if len(rows) == len(examples):
        return rows
    places = [each.extra.get("imgid") for each in examples]
    known = [place for place in places if isinstance(place, int) and 0 <= place < len(rows)]
    if len(known) == len(examples) < len(rows):
        return rows[known]
    raise DataError(
        f"{len(rows)} rows for {len(examples)} examples: give the data set that they were computed of, whole, or "
        "with the imgid of each example"
    )
