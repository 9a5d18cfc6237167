"""An index brought to the state of photos and folders, batch by batch.

A photo is known by its path, told unchanged by size and time of change, and what it holds by the hash of its
content: a content that was looked at once is not looked at again, wherever it moves. Each batch is one commit of
LanceDB, so a kill leaves the index as it was after the last one, and the next update goes on from there.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from watchword.core.errors import PictureError, RetrievalError
from watchword.retrieval.about import About, check_model
from watchword.retrieval.batch import Batch
from watchword.retrieval.lance import FAILED, PHOTOS, lancedb
from watchword.retrieval.looking import Describe, open_read, read
from watchword.retrieval.matching import Matcher
from watchword.retrieval.photo import Failed, path_key
from watchword.retrieval.scope import Named, chosen, need_photos, survey
from watchword.retrieval.snapshot import Snapshot
from watchword.retrieval.tables import Table, Tables, delete_keys

Progress = Callable[[int, int], None]

# Every commit leaves a file. They are put together, which writes the whole index again, once there are this many,
# and one more for each so many photos.
_CRUMBS, _CRUMB = 20, 2048
_KEPT = timedelta(minutes=10)  # how long the files of earlier versions stay, for those who are reading them


@dataclass(frozen=True)
class Updated:
    """What an update did: numbers of photos. failures: what is not in the index and why; path "" is of a folder."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    unchanged: int = 0
    failures: tuple[Failed, ...] = ()

    @property
    def failed(self) -> int:
        """How many photos and folders cannot be used."""
        return len(self.failures)


def update(
    tables: Tables,
    named: Sequence[Named],
    matcher: Matcher,
    *,
    describe: Describe | None,
    batch: int,
    rebuild: bool,
    wait: bool,
    progress: Progress | None,
) -> Updated:
    """Bring the index to the state of what is named; see `Index.update`."""
    if isinstance(named, str | Path):
        raise RetrievalError(f"update takes a list of files and folders; give [{str(named)!r}]")
    if batch < 1:
        raise RetrievalError(f"batch={batch}: at least 1")
    if rebuild and named:  # with nothing named, the index is emptied
        need_photos(named)
    with tables.writing(wait=wait):
        if rebuild:
            return _anew(tables, named, matcher, describe, batch, progress)
        about = tables.about()
        if about is None:
            tables.begin(About(matcher.key, matcher.width))
        else:
            check_model(about, matcher, tables.quoted)
            tables.tidy()
        with tables.explained("read"):
            known = _Update(tables, matcher, describe, batch)
        return known.run(named, progress)


def _anew(
    tables: Tables,
    named: Sequence[Named],
    matcher: Matcher,
    describe: Describe | None,
    batch: int,
    progress: Progress | None,
) -> Updated:
    """Make an index of what is named alone, which takes the place of the old one when it is whole."""
    built, about = tables.building(), About(matcher.key, matcher.width)
    try:
        built.begin(about)
        done = _Update(built, matcher, describe, batch).run(named, progress)
        if done.failures and not done.added:
            first = done.failures[0]
            raise RetrievalError(
                f"no photo of what is named can be used ({done.failed} cannot; {first.path!r}: {first.why}), so the "
                f"index {tables.quoted} is left as it was"
            )
    except BaseException:
        built.discard()
        raise
    tables.take_over(built, about)
    return done


def remove(
    tables: Tables, named: Sequence[Named], *, wait: bool, unknown: Callable[[Named], None] | None = None
) -> int:
    """Take photos, all below folders, and what fits patterns out; return how many photos of the index that were."""
    tables.need(PHOTOS)  # else the lock would make a folder where there is no index
    tables.about()  # refuses an index of another format
    with tables.writing(wait=wait), tables.explained("write"):
        photos, failed = tables.need(PHOTOS), tables.need(FAILED)
        there, refused = Snapshot(tables.need(PHOTOS)).paths, [each.path for each in _failed_before(failed)]
        mine, lost = chosen(named, there), chosen(named, refused)
        found = set[str]().union(*mine.values())
        delete_keys(photos, [path_key(path) for path in found])
        delete_keys(failed, [path_key(path) for path in set[str]().union(*lost.values())])
        for name in mine:
            if unknown and not mine[name] and not lost[name]:
                unknown(name)
        return len(found)


class _Update:
    """One update: what was known before it, and what it counts."""

    def __init__(self, tables: Tables, matcher: Matcher, describe: Describe | None, at_once: int) -> None:
        """Read what is known."""
        self._tables, self._photos, self._failed = tables, tables.need(PHOTOS), tables.need(FAILED)
        self._refused = {each.path: each for each in _failed_before(self._failed)}
        self._batch = Batch(tables, matcher, describe, self._refused.keys())
        self._size, self._at_once = matcher.size, at_once
        # Whether an index of the sentences' words is still to be made; and whether this update made one before its end.
        self._wordless, self._early = describe is not None and not _has_words(self._photos), False
        light = self._batch.before
        states = zip(light.column("size"), light.column("changed"), strict=True)
        self._known = dict(zip(light.paths, states, strict=True))
        self._unchanged = 0
        self._failures = list[Failed]()

    def run(self, named: Sequence[Named], progress: Progress | None) -> Updated:
        """Go through all photos that are named, and count."""
        found, lost, self._failures = survey(named, self._known, self._refused)
        lost_known = [path for path in lost if path in self._known]
        without = set(lost_known)
        photos = [path for path in found if path not in without]
        for number, path in enumerate(photos, 1):
            self._one(path)
            if len(self._batch) >= self._at_once:
                self._failures += self._batch.commit()
                self._let_sentences_be_searched()
            if progress:
                progress(number, len(photos))
        self._failures += self._batch.commit()
        removed = [path for path in lost_known if path not in self._batch.moved_from]
        with self._tables.explained("write"):
            self._photos.checkout_latest()
            self._failed.checkout_latest()
            delete_keys(self._photos, [path_key(path) for path in removed])
            delete_keys(self._failed, [path_key(path) for path in lost if path in self._refused])
            _tidy(self._photos, anew=self._early)
        counts = self._batch.counts
        return Updated(
            counts["added"],
            counts["changed"],
            counts["moved"],
            len(removed),
            self._unchanged + counts["unchanged"],
            tuple(self._failures),
        )

    def _let_sentences_be_searched(self) -> None:
        """Make the index of their words after the first batch, so that it is there however the update ends."""
        if self._wordless:
            self._photos.checkout_latest()
            self._early = _index_sentences(self._photos)
            self._wordless = not self._early

    def _one(self, path: str) -> None:
        """Pass over a photo that is as it was, or put what it is now into the batch."""
        try:
            found = os.stat(path)
            state = (found.st_size, found.st_mtime_ns)
        except (OSError, ValueError):
            state = None  # opening it says what is wrong
        if state is not None and self._known.get(path) == state:
            self._unchanged += 1
            return
        refused = self._refused.get(path)
        if refused and state == (refused.size, refused.changed):
            self._failures.append(refused)
            return
        try:
            given, data = read(path)
        except PictureError as error:
            # Without size and date, so that it is tried again each time: permissions change and leave the date.
            self._refuse(Failed(path, str(error)))
            return
        if self._batch.add_again(given):
            return
        try:
            pixels, taken = open_read(data, self._size, path)
        except PictureError as error:
            self._refuse(Failed(path, str(error), given.size, given.changed))
            return
        self._batch.add(given, pixels, taken)

    def _refuse(self, failed: Failed) -> None:
        """Keep that a photo cannot be used; what it held before is no more."""
        self._failures.append(failed)
        self._batch.refuse(failed)


def _failed_before(table: Table) -> list[Failed]:
    """Return the photos that could not be used."""
    rows = table.search().select(["path", "why", "size", "changed"]).to_list()
    return [Failed(os.fsdecode(row["path"]), row["why"], row["size"], row["changed"]) for row in rows]


def _has_words(table: Table) -> bool:
    """Tell whether there is an index of the sentences' words."""
    return any(index.columns == ["sentence"] for index in table.list_indices())


def _outgrown(table: Table) -> bool:
    """Tell whether most of the photos are later than the index of words, as after a kill behind the first batch."""
    (named,) = (index.name for index in table.list_indices() if index.columns == ["sentence"])
    found = table.index_stats(named)
    return found is not None and found.num_unindexed_rows > found.num_indexed_rows


def _index_sentences(table: Table, *, anew: bool = False) -> bool:
    """Make the index of the sentences' words, where there are any and it is not there; tell whether it was made."""
    if (not anew and _has_words(table) and not _outgrown(table)) or not table.count_rows("sentence IS NOT NULL"):
        return False
    table.create_index("sentence", config=lancedb().index.FTS(with_position=False), replace=True)
    return True


def _tidy(table: Table, *, anew: bool) -> None:
    """Put small files together, and let the photos' sentences be searched.

    anew: make the index of their words again. Later ones are found without, but what a word weighs goes by those that
    were there when it was made, which would be the first batch. It is made again, too, where most photos are later.
    """
    _index_sentences(table, anew=anew)
    crumbs = table.stats()["fragment_stats"]["num_small_fragments"]
    if crumbs > _CRUMBS + table.count_rows() // _CRUMB:  # so that what is written again stays in proportion
        table.optimize(cleanup_older_than=_KEPT)
