"""One photo as a row of the index."""

import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pyarrow


class Photo(NamedTuple):
    """A row, named as the columns of `lance.photo_schema` are; vectors (R, D) float16, boxes (R, 4) float32."""

    path: str
    content: str
    model: str
    size: int
    changed: int
    taken: int | None
    labels: tuple[str, ...]
    sentence: str | None
    vectors: np.ndarray
    boxes: np.ndarray
    hubness: float


class Failed(NamedTuple):
    """A photo that is not in the index, and why. Its size and time of change, if it could be read at all."""

    path: str
    why: str
    size: int = -1
    changed: int = -1


def path_key(path: str) -> str:
    """Return what a path is known by in filters: 64 hexadecimal digits, whatever characters are in it."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()


def photo_table(photos: Sequence[Photo], schema: "pyarrow.Schema") -> "pyarrow.Table":
    """Return rows as Arrow has them."""
    import pyarrow as pa

    plain = {
        name: [getattr(photo, name) for photo in photos]
        for name in ("content", "model", "size", "changed", "taken", "sentence", "hubness")
    }
    columns = {
        **plain,
        "key": [path_key(photo.path) for photo in photos],
        "path": [os.fsencode(photo.path) for photo in photos],
        "labels": [list(photo.labels) for photo in photos],
        "regions": [len(photo.vectors) for photo in photos],
        "vectors": _ragged([photo.vectors for photo in photos], schema.field("vectors").type),
        "boxes": _ragged([photo.boxes for photo in photos], schema.field("boxes").type),
    }
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def failed_table(failed: Sequence[Failed], schema: "pyarrow.Schema") -> "pyarrow.Table":
    """Return rows of photos that cannot be used as Arrow has them."""
    import pyarrow as pa

    rows = [{**each._asdict(), "key": path_key(each.path), "path": os.fsencode(each.path)} for each in failed]
    return pa.Table.from_pylist(rows, schema=schema)


def arrays(column: "pyarrow.ChunkedArray") -> list[np.ndarray]:
    """Return a column of vectors or boxes as one array (R, width) a row."""
    found = list[np.ndarray]()
    for chunk in column.chunks:
        width = chunk.type.value_type.list_size
        offsets = chunk.offsets.to_numpy()
        inner = chunk.values.slice(offsets[0], offsets[-1] - offsets[0])
        rows = inner.flatten().to_numpy(zero_copy_only=False).reshape(-1, width)
        found += np.split(rows, (offsets - offsets[0])[1:-1]) if len(chunk) else []
    return found


def _ragged(parts: Sequence[np.ndarray], kind: "pyarrow.DataType") -> "pyarrow.Array":
    """Return arrays (R, width) as a column of lists."""
    import pyarrow as pa

    width = kind.value_type.list_size
    flat = np.concatenate([part.reshape(-1) for part in parts]) if parts else np.empty(0, np.float32)
    inner = pa.FixedSizeListArray.from_arrays(pa.array(flat, kind.value_type.value_type), width)
    offsets = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), inner)
