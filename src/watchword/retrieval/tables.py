"""The tables of an index, in a local folder or an object store."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.core.file_lock import locked
from watchword.retrieval.about import About, anew, from_json
from watchword.retrieval.lance import ABOUT, FAILED, PHOTOS, about_schema, failed_schema, lancedb, photo_schema

if TYPE_CHECKING:
    import pyarrow

Table = Any  # of LanceDB
_KEYS_AT_ONCE = 500
_NAMED = (PHOTOS, FAILED)  # the tables that are made anew under other names
_BUILT = re.compile(rf"({'|'.join(_NAMED)})(_[0-9a-f]{{8}})?")


class Tables:
    """What lies at one place. `local`: its folder, or None for an object store."""

    def __init__(
        self, place: str | Path, storage_options: Mapping[str, str] | None = None, *, ending: str | None = None
    ) -> None:
        """Point to a place; nothing is read or written yet, and it need not be there.

        ending: what the names of the tables of photos end in; None for what the index says.
        Raises `RetrievalError` where none is named.
        """
        self.place = str(place)
        if not self.place.strip():
            raise RetrievalError("the index has no place: name a folder, as in photos.index, or a URL, as in s3://…")
        self.local = None if "://" in self.place else Path(place)
        self._options = dict(storage_options or {}) or None
        self._own = ending
        self._connection: Any = None

    @property
    def quoted(self) -> str:
        """The place, as messages call it."""
        return repr(self.place)

    def open(self, name: str) -> Table | None:
        """Open a table at its newest version; None if it is not there."""
        return self.open_called(self.called(name))

    def called(self, name: str) -> str:
        """Return what the table of photos, or another, is called at present."""
        return f"{name}{self._ending()}" if name in _NAMED else name

    def open_called(self, name: str) -> Table | None:
        """Open a table by what it is called; None if it is not there."""
        if self.local and not self.local.is_dir():
            return None
        with self.explained("read"):
            try:
                return self._connected().open_table(name)
            except (FileNotFoundError, ValueError) as problem:
                if "was not found" in str(problem) or "not found" in str(problem).lower():
                    return None
                raise

    def identity(self, name: str) -> object:
        """Return what tells a table, as it is called, from one made anew in its place; None where nothing does."""
        try:
            found = (self.local / f"{name}.lance").stat() if self.local else None
        except OSError:
            return None
        return found and (found.st_ino, found.st_mtime_ns)

    def need(self, name: str) -> Table:
        """Open a table at its newest version; `RetrievalError` if it is not there."""
        table = self.open(name)
        if table is None:
            raise self.missing()
        return table

    def missing(self) -> RetrievalError:
        """Return the error that there is no index, or none that is whole."""
        if self.open(ABOUT) is not None:
            return RetrievalError(f"the index {self.quoted} is damaged: tables are missing; {anew(self.quoted)}")
        return RetrievalError(
            f"there is no index at {self.quoted}; make one (watchword index FOLDER, or update), or check the place"
        )

    def about(self) -> About | None:
        """Read what the index says of itself; None if there is none."""
        table = self.open(ABOUT)
        if table is None:
            return None
        with self.explained("read"):
            rows = table.search().select(["json"]).to_list()
        return from_json(rows[-1]["json"] if rows else "", self.quoted)

    def write_about(self, about: About) -> None:
        """Replace what the index says of itself, at once and for all readers."""
        if not self._sound(ABOUT):
            self._drop([ABOUT])  # what is damaged can be removed, though not overwritten
        self._overwrite(ABOUT, about_schema(), [{"json": about.to_json()}])

    def begin(self, about: About) -> None:
        """Begin an empty index where none is; one that is being built does not yet say what it is."""
        self._overwrite(self.called(PHOTOS), photo_schema(about.width), [])
        self._overwrite(self.called(FAILED), failed_schema(), [])
        if self._own is None:
            self.write_about(about)

    def building(self) -> "Tables":
        """Return the same place with tables of other names, where an index is built that is to take over."""
        return Tables(self.place, self._options, ending=f"_{secrets.token_hex(4)}")

    def take_over(self, built: "Tables", about: About) -> None:
        """Make what was built the index, for all readers at once, and remove the tables that were."""
        before = self._ending()
        self.write_about(replace(about, tables=built._ending()))
        if self.local:
            self.tidy()
        else:
            self._drop([f"{name}{before}" for name in _NAMED])

    def tidy(self) -> None:
        """Remove the tables of a local folder that are not the index's: what a kill left of making it anew.

        Raises `RetrievalError` where the index does not say which are its own; then all stay.
        """
        about = self.about()
        if not self.local or about is None:
            return
        ours = {f"{name}{about.tables}" for name in _NAMED}
        there = [path.stem for path in self.local.glob("*.lance") if _BUILT.fullmatch(path.stem)]
        self._drop([name for name in there if name not in ours])

    def discard(self) -> None:
        """Remove the tables that this object names."""
        self._drop([f"{name}{self._ending()}" for name in _NAMED])

    def _drop(self, names: Sequence[str]) -> None:
        """Remove tables, as far as they are there; what cannot be removed now is removed another time."""
        for name in names:
            with suppress(OSError, RuntimeError, ValueError):
                self._connected().drop_table(name, ignore_missing=True)

    def _ending(self) -> str:
        """Return what the names of the tables end in: this object's own, else what the index says."""
        if self._own is not None:
            return self._own
        try:
            about = self.about()
        except RetrievalError:  # damaged, or of another format, whose tables had no ending
            return ""
        return about.tables if about else ""

    def _sound(self, name: str) -> bool:
        """Tell whether a table can be opened, or is not there."""
        try:
            self.open_called(name)
        except RetrievalError:
            return False
        return True

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[None]:
        """Keep other processes from writing; `RetrievalError` if one does and this one is not to `wait`.

        An object store has no lock: there, LanceDB itself refuses a commit that another one has overtaken.
        """
        with ExitStack() as held:
            if self.local:
                try:
                    self.local.mkdir(parents=True, exist_ok=True)
                    held.enter_context(locked(self.local / "update.lock", wait=wait))
                except BlockingIOError:
                    raise RetrievalError(
                        f"another process is updating the index {self.quoted}; let it end, or wait for it "
                        "(--wait, or wait=True)"
                    ) from None
                except OSError as problem:
                    raise RetrievalError(
                        f"the index {self.quoted} cannot be written: {problem.strerror}; name a folder that can be"
                    ) from None
            yield

    @contextmanager
    def explained(self, doing: str) -> Iterator[None]:
        """Turn what LanceDB raises while it is read or written into `RetrievalError`."""
        try:
            yield
        except (OSError, RuntimeError, ValueError) as problem:
            first = next(iter(str(problem).splitlines()), type(problem).__name__)[:300]
            raise RetrievalError(
                f"the index {self.quoted} cannot be {'read' if doing == 'read' else 'written'}: {first}; "
                f"check the place and its free space, or {anew(self.quoted)}"
            ) from problem

    def _overwrite(self, name: str, schema: "pyarrow.Schema", rows: list[dict[str, Any]]) -> None:
        import pyarrow as pa

        with self.explained("write"):
            data = pa.Table.from_pylist(rows, schema=schema) if rows else None  # of an empty one LanceDB makes nothing
            self._connected().create_table(name, data, schema=schema, mode="overwrite")

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection = lancedb().connect(self.place, storage_options=self._options)
        return self._connection


def take(table: Table, rows: np.ndarray, columns: Sequence[str]) -> "pyarrow.Table":
    """Return some columns of the rows with these LanceDB row ids, in their order."""
    import pyarrow as pa

    if not len(rows):
        return pa.schema([table.schema.field(name) for name in columns]).empty_table()
    ids, back = np.unique(rows, return_inverse=True)
    found = table.take_row_ids(ids.tolist()).select(list(columns)).with_row_id().to_arrow()
    order = np.argsort(found.column("_rowid").to_numpy())
    if len(order) != len(ids):
        raise RuntimeError(f"{len(ids) - len(order)} of {len(ids)} rows are gone")
    return found.drop_columns(["_rowid"]).take(order[back])


def delete_keys(table: Table, keys: Sequence[str]) -> None:
    """Delete rows by key. Keys are hexadecimal digits, so no path ever gets into a filter."""
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        listed = ", ".join(f"'{key}'" for key in keys[start : start + _KEYS_AT_ONCE])
        table.delete(f"key IN ({listed})")


def upsert(table: Table, rows: "pyarrow.Table") -> None:
    """Put rows in place of those of the same key, or beside the others, in one commit."""
    table.merge_insert("key").when_matched_update_all().when_not_matched_insert_all().execute(rows)
