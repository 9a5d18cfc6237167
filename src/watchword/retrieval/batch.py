"""The photos of one commit: those to look at, and those whose content was looked at before."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.retrieval.lance import FAILED, PHOTOS, failed_schema, photo_schema
from watchword.retrieval.looking import Describe, Read
from watchword.retrieval.matching import Described, Matcher, kept
from watchword.retrieval.photo import Failed, Photo, arrays, failed_table, path_key, photo_table
from watchword.retrieval.scope import gone
from watchword.retrieval.snapshot import Snapshot
from watchword.retrieval.tables import Tables, delete_keys, upsert

if TYPE_CHECKING:
    import pyarrow

Given = TypeVar("Given")

_COPIED = ("taken", "labels", "sentence", "vectors", "boxes", "hubness")


_NOTHING = np.empty((0, 0, 3), np.uint8)


class _New(NamedTuple):
    """A photo to look at, or one of the same content as such a one, without pixels."""

    given: Read
    pixels: np.ndarray = _NOTHING
    taken: int | None = None


class Batch:
    """What the next commit holds.

    before: the index before the update. counts: photos committed so far, by what they are. moved_from: the
    paths that they had.
    """

    def __init__(
        self, tables: Tables, matcher: Matcher, describe: Describe | None, once_refused: Collection[str]
    ) -> None:
        """Begin an empty batch. once_refused: paths of photos that could not be used before."""
        self._once_refused = once_refused
        self._tables, self._photos, self._failed = tables, tables.need(PHOTOS), tables.need(FAILED)
        self.before = Snapshot(tables.need(PHOTOS))
        self._matcher, self._describe = matcher, describe
        self._places = {path: place for place, path in enumerate(self.before.paths)}
        self._by_content: dict[str, list[int]] = {}
        for place, content in enumerate(self.before.contents):
            self._by_content.setdefault(content, []).append(place)
        self._committed = set[str]()  # contents that were first seen in this update
        self.counts = Counter[str]()
        self.moved_from = set[str]()
        self._clear()

    def _clear(self) -> None:
        self._fresh: dict[str, list[_New]] = {}
        self._again: list[tuple[Read, int]] = []
        self._later: list[Read] = []
        self._refused: list[Failed] = []
        self._left: list[str] = []

    def __len__(self) -> int:
        """Count the photos in hand."""
        return sum(map(len, self._fresh.values())) + len(self._again) + len(self._later) + len(self._refused)

    def add(self, given: Read, pixels: np.ndarray, taken: int | None) -> None:
        """Take a photo to look at."""
        self._fresh[given.content] = [_New(given, pixels, taken)]

    def add_again(self, given: Read) -> bool:
        """Take a photo if its content was looked at before, and tell whether it was."""
        if given.content in self._fresh:
            self._fresh[given.content].append(_New(given))
        elif given.content in self._committed:
            self._later.append(given)
        elif given.content in self._by_content:
            self._again.append((given, self._source(given)))
        else:
            return False
        return True

    def refuse(self, failed: Failed) -> None:
        """Take a photo that cannot be used."""
        self._refused.append(failed)

    def commit(self) -> list[Failed]:
        """Look, write, and begin anew; return what turned out to be of no use."""
        looked, failures = self._look()
        with self._tables.explained("write"):
            self._write([*looked, *self._copies()], [*self._refused, *failures])
        self._committed.update(photo.content for photo in looked)
        self._clear()
        return failures

    def _look(self) -> tuple[list[Photo], list[Failed]]:
        """Show the model what is new; return the rows, and what came to nothing."""
        groups = [*self._fresh.values()]
        pictures = [group[0].pixels for group in groups]
        if not pictures:
            return [], []
        looked = _one_each(self._matcher.look(pictures), pictures, "the model")
        said = (
            _one_each(self._describe(pictures), pictures, "describe") if self._describe else [Described()] * len(groups)
        )
        photos, failures = list[Photo](), list[Failed]()
        for group, seen, described in zip(groups, looked, said, strict=True):
            try:
                vectors, boxes, hubness = kept(seen, self._matcher.width)
            except ValueError as error:
                failures += [_useless(new.given, error) for new in group]
                continue
            rest = (group[0].taken, tuple(described.labels), described.sentence, vectors, boxes, hubness)
            photos += [self._photo(new.given, *rest) for new in group]
        self._count(photos)
        return photos, failures

    def _copies(self) -> list[Photo]:
        """Return the rows of what was looked at before."""
        before = self.before.fetch(np.array([place for _, place in self._again], np.int64), *_COPIED)
        photos = [self._photo(given, *row) for (given, _), row in zip(self._again, _rows(before), strict=True)]
        for given in self._later:
            # A hash is hexadecimal digits, so that nothing but one can get into the filter.
            found = self._photos.search().where(f"content = '{given.content}'").select([*_COPIED]).limit(1).to_arrow()
            photos += [self._photo(given, *row) for row in _rows(found)]
        self._count(photos[len(self._again) :])
        return photos

    def _photo(self, given: Read, *rest: Any) -> Photo:
        return Photo(given.path, given.content, self._matcher.key, given.size, given.changed, *rest)

    def _count(self, photos: Sequence[Photo]) -> None:
        """Count photos that are new or have new content."""
        self.counts.update("changed" if photo.path in self._places else "added" for photo in photos)

    def _write(self, photos: Sequence[Photo], refused: Sequence[Failed]) -> None:
        """Put rows in, in one commit, and only then take out what they stand for; a kill between loses none."""
        table = photo_table(photos, photo_schema(self._matcher.width))
        known = any(photo.path in self._places for photo in photos)
        if known or (photos and self._tables.local is None):
            upsert(self._photos, table)  # an object store may have other writers, so that rows may be there by now
        elif photos:
            self._photos.add(table)  # costs the same however large the index is
        lost = [*self._left, *(each.path for each in refused if each.path in self._places)]
        delete_keys(self._photos, [path_key(path) for path in lost])
        delete_keys(self._failed, [path_key(photo.path) for photo in photos if photo.path in self._once_refused])
        if refused:
            upsert(self._failed, failed_table(refused, failed_schema()))

    def _source(self, given: Read) -> int:
        """Return the place of a row with this content, and count what became of the photo."""
        places = self._by_content[given.content]
        own = self._places.get(given.path)
        if own in places:
            self.counts["unchanged"] += 1
            return own
        if own is not None:
            self.counts["changed"] += 1
            return places[0]
        for place in places:
            path = self.before.paths[place]
            if path not in self.moved_from and gone(path):
                self.moved_from.add(path)
                self._left.append(path)
                self.counts["moved"] += 1
                return place
        self.counts["added"] += 1
        return places[0]


def _rows(table: "pyarrow.Table") -> Iterator[tuple[Any, ...]]:
    """Yield the columns of `_COPIED` as a `Photo` has them."""
    plain = table.select(["taken", "labels", "sentence", "hubness"]).to_pylist()
    parts = zip(plain, arrays(table.column("vectors")), arrays(table.column("boxes")), strict=True)
    for row, vectors, boxes in parts:
        yield row["taken"], tuple(row["labels"] or ()), row["sentence"], vectors, boxes, row["hubness"]


def _one_each(given: Sequence[Given], pictures: Sequence[np.ndarray], who: str) -> Sequence[Given]:
    """Return what was given for pictures, if it is one of each."""
    if len(given) != len(pictures):
        raise RetrievalError(f"{who} returned {len(given)} results for {len(pictures)} pictures; one of each is needed")
    return given


def _useless(given: Read, why: ValueError) -> Failed:
    return Failed(given.path, f"{given.path!r} cannot be searched for: {why}", given.size, given.changed)
