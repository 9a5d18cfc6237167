"""LanceDB, imported when an index is opened and not before."""

import os
from types import ModuleType
from typing import TYPE_CHECKING

from watchword.core.errors import RetrievalError

if TYPE_CHECKING:
    import pyarrow

PHOTOS, FAILED, ABOUT = "photos", "failed", "about"


def lancedb() -> ModuleType:
    """Return the library; `RetrievalError` if it is not installed."""
    os.environ.setdefault("LANCEDB_LOG", "error")  # else it tells standard error of every table it makes
    try:
        import lancedb
        import lancedb.index
        import lancedb.query
    except ImportError as problem:
        raise RetrievalError(
            f"an index of photos needs {problem.name or 'lancedb'}, which is not installed here; "
            "in the checkout of watchword: pip install '.[search]'"
        ) from None
    return lancedb


def photo_schema(width: int) -> "pyarrow.Schema":
    """Return the columns of a photo.

    key: SHA-256 of the path, the only thing of a photo that is ever put into a filter. path: as the system has
    it, which need not be text. content: SHA-256 of the file. model: key of the model that looked. changed: its
    time of change in nanoseconds, -1 if it may have changed again since. hubness: see `Looked`. taken: seconds, see
    `taken`.
    """
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("key", pa.string(), nullable=False),
            pa.field("path", pa.binary(), nullable=False),
            pa.field("content", pa.string(), nullable=False),
            pa.field("model", pa.string(), nullable=False),
            pa.field("size", pa.int64(), nullable=False),
            pa.field("changed", pa.int64(), nullable=False),
            pa.field("regions", pa.int32(), nullable=False),
            pa.field("hubness", pa.float32(), nullable=False),
            pa.field("taken", pa.int64()),
            pa.field("labels", pa.list_(pa.string())),
            pa.field("sentence", pa.string()),
            pa.field("vectors", pa.list_(pa.list_(pa.float16(), width))),
            pa.field("boxes", pa.list_(pa.list_(pa.float32(), 4))),
        ]
    )


def failed_schema() -> "pyarrow.Schema":
    """Return the columns of a photo that cannot be used."""
    import pyarrow as pa

    text = [("key", pa.string()), ("path", pa.binary()), ("why", pa.string())]
    return pa.schema([*text, ("size", pa.int64()), ("changed", pa.int64())])


def about_schema() -> "pyarrow.Schema":
    """Return the columns of the one row that says what the index is."""
    import pyarrow as pa

    return pa.schema([("json", pa.string())])
