"""Which photos may be found: by folder, by time, by label. Nothing of it is ever put into SQL."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.retrieval.snapshot import Snapshot
from watchword.retrieval.taken import bound

Time = str | date | datetime


@dataclass(frozen=True)
class Where:
    """What photos have to meet, all of it.

    folder: lie in it or below. since, until: taken then or later, then or earlier; a day counts whole, and a
    photo that does not say when it was taken does not meet them. labels: have at least one of them.
    """

    folder: str | Path | None = None
    since: Time | None = None
    until: Time | None = None
    labels: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse one label that stands where several are meant."""
        if isinstance(self.labels, str | bytes):
            raise RetrievalError(f"labels={self.labels!r} is one text; give a list, as in labels=[{self.labels!r}]")

    def places(self, photos: Snapshot) -> np.ndarray:
        """Return the places of the photos that may be found: (M,) int64, ascending."""
        allowed = np.ones(len(photos), bool)
        if self.folder is not None:
            allowed &= self._inside(photos)
        if self.since is not None or self.until is not None:
            allowed &= self._between(photos)
        if self.labels:
            allowed &= self._labelled(photos)
        return np.flatnonzero(allowed)

    def _inside(self, photos: Snapshot) -> np.ndarray:
        import pyarrow.compute as pc

        try:
            start = os.fsencode(os.path.join(os.path.abspath(os.fspath(self.folder or "")), ""))
        except UnicodeEncodeError:  # no folder can be called so
            return np.zeros(len(photos), bool)
        return pc.starts_with(photos.light.column("path"), pattern=start).to_numpy().astype(bool)

    def _between(self, photos: Snapshot) -> np.ndarray:
        column = photos.light.column("taken")
        known, when = column.is_valid().to_numpy(), column.fill_null(0).to_numpy()
        if self.since is not None:
            known = known & (when >= bound(self.since, end=False))
        if self.until is not None:
            known = known & (when <= bound(self.until, end=True))
        return known

    def _labelled(self, photos: Snapshot) -> np.ndarray:
        import pyarrow as pa
        import pyarrow.compute as pc

        column = photos.light.column("labels").combine_chunks()
        wanted = [label for label in self.labels if label.encode("utf-8", "replace").decode() == label]
        told, asked = pc.utf8_lower(column.flatten()), pc.utf8_lower(pa.array(wanted, pa.string()))
        matches = pc.is_in(told, value_set=asked).to_numpy(zero_copy_only=False)
        allowed = np.zeros(len(photos), bool)
        allowed[pc.list_parent_indices(column).to_numpy()[matches.astype(bool)]] = True
        return allowed


EVERYTHING = Where()
