"""All rows of an index at one version, without their vectors: some hundred bytes a photo."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from watchword.retrieval.tables import Table, take

if TYPE_CHECKING:
    import pyarrow

_LIGHT = ["path", "content", "model", "size", "changed", "regions", "hubness", "taken", "labels"]


class Snapshot:
    """The rows of `table` as they are now; what is written later is not seen.

    rows: (N,) uint64, LanceDB's number of each row, valid in this version alone.
    """

    def __init__(self, table: Table) -> None:
        """Read the light columns. The table is this object's own, and stays at its version."""
        self.table, self.version = table, table.version
        table.checkout(self.version)
        self.light: pyarrow.Table = table.search().select(_LIGHT).with_row_id(True).to_arrow().combine_chunks()
        self.rows = self.light.column("_rowid").to_numpy()

    def __len__(self) -> int:
        """Count the photos."""
        return len(self.rows)

    @cached_property
    def paths(self) -> list[str]:
        """The path of each photo."""
        return [os.fsdecode(path) for path in self.column("path")]

    @cached_property
    def contents(self) -> list[str]:
        """The content hash of each photo."""
        return self.column("content")

    @cached_property
    def hubness(self) -> np.ndarray:
        """How well each photo fits sentences in general: (N,) float32."""
        return np.asarray(self.light.column("hubness").to_numpy())

    def column(self, name: str) -> list[Any]:
        """Return a light column as a list."""
        return self.light.column(name).to_pylist()

    def fetch(self, places: np.ndarray, *columns: str) -> "pyarrow.Table":
        """Read columns of some photos, by their places in this snapshot (0 to N - 1), in that order."""
        return take(self.table, self.rows[places], columns)
