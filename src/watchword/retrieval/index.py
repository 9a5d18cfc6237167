"""The index of a collection of photos: found by a sentence or by another photo, with a score, a place and a doubt.

>>> index = Index("photos.index")  # doctest: +SKIP
>>> index.update(["holiday"], matcher)  # doctest: +SKIP
>>> index.search("a dog in the snow", least=0.5)  # doctest: +SKIP
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.data.pictures import Source, open_picture
from watchword.retrieval.about import About, check_model
from watchword.retrieval.calibration import Calibration
from watchword.retrieval.filters import EVERYTHING, Where
from watchword.retrieval.held import EXACT_NUMBERS, Held
from watchword.retrieval.hits import Hit, Suggested
from watchword.retrieval.lance import ABOUT, PHOTOS
from watchword.retrieval.looking import Describe
from watchword.retrieval.matching import Matcher, check_matcher, query
from watchword.retrieval.scope import Named
from watchword.retrieval.scoring import score
from watchword.retrieval.searching import WAYS, Asked, By, View, search
from watchword.retrieval.snapshot import Snapshot
from watchword.retrieval.tables import Tables
from watchword.retrieval.updating import Progress, Updated, remove, update

_NEAR = 100  # photos whose sentences may fit a picture


class Index:
    """An index in a local folder, or at the URL of an object store (s3://, gs://, az://).

    Any number of processes may search while one updates; what a search sees is one version. Of one object, a
    single thread makes use.
    """

    def __init__(
        self,
        place: str | Path,
        matcher: Matcher | None = None,
        *,
        storage_options: Mapping[str, str] | None = None,
        exact_numbers: int = EXACT_NUMBERS,
    ) -> None:
        """Point to an index, which need not be there yet: `update` makes it.

        matcher: the model to search with; `update` sets it too. storage_options: keys for an object store, as
        LanceDB takes them. exact_numbers: up to how many numbers (photos x regions x D) are held in memory as
        they are, at 4 bytes; above, at about 1.3 bytes, with an approximate first choice.
        """
        if matcher is not None:
            check_matcher(matcher)
        self.matcher = matcher
        self._tables = Tables(place, storage_options)
        self._exact_numbers = exact_numbers
        self._view: View | None = None
        self._probes: dict[str, tuple[object, Any]] = {}
        self._seen: tuple[About, object] | None = None
        self._told: tuple[object, About] | None = None

    @property
    def about(self) -> About | None:
        """What the index says of itself; None while it is not there."""
        return self._tables.about()

    @property
    def calibration(self) -> Calibration | None:
        """What probabilities are computed by: the index's own, else the matcher's; None without either."""
        about = self._tables.about()
        return (about.calibration if about else None) or self._of_matcher()

    def paths(self) -> list[str]:
        """Return the paths of the photos."""
        table = self._tables.open(PHOTOS) if self._tables.about() else None
        return [] if table is None else list(Snapshot(table).paths)

    def __len__(self) -> int:
        """Count the photos."""
        table = self._tables.open(PHOTOS)
        return 0 if table is None else table.count_rows()

    def update(
        self,
        named: Sequence[Named],
        matcher: Matcher,
        *,
        describe: Describe | None = None,
        batch: int = 64,
        rebuild: bool = False,
        wait: bool = False,
        progress: Progress | None = None,
    ) -> Updated:
        """Bring the index to the state of photos and folders; photos elsewhere stay as they are.

        named: files, folders, patterns. describe: gives a sentence and labels of pictures, as the matcher takes them,
        kept beside those that are new. batch: photos of one commit; a kill loses no
        more. rebuild: make the index anew of what is named alone, as for another model; the old one is there until the
        new one is whole, also for who searches. wait: for another process that is updating,
        rather than to be refused. progress: told how many photos of how many are done.

        What cannot be used is returned, not raised; what is no picture is not tried again until it changes. A
        folder that is gone or has no photo left keeps its rows, for it may be a disk that is not there: see
        `remove`.

        Raises `RetrievalError` if the index is of another model, in use, or cannot be written, and `DataError` if there
        is no photo to rebuild it with; `RetrievalError`, too, if none of them can be used.
        """
        check_matcher(matcher)
        self.matcher = matcher
        return update(
            self._tables,
            named,
            matcher,
            describe=describe,
            batch=batch,
            rebuild=rebuild,
            wait=wait,
            progress=progress,
        )

    def remove(
        self, named: Sequence[Named], *, wait: bool = False, unknown: Callable[[Named], None] | None = None
    ) -> int:
        """Take photos, all below folders, and what fits patterns, out of the index; return how many photos that were.

        The files are not touched, and need not be there any more. unknown: told of each name that nothing in the index
        has, be it a photo or one that could not be used.
        """
        return remove(self._tables, named, wait=wait, unknown=unknown)

    def calibrate(self, calibration: Calibration | None, *, wait: bool = False) -> None:
        """Keep a calibration with the index, which `search` then takes rather than the matcher's; None forgets it."""
        self._about()  # else the lock would make a folder where there is no index
        with self._tables.writing(wait=wait):
            self._tables.write_about(replace(self._about(), calibration=calibration))

    def search(
        self,
        text: str | None = None,
        *,
        image: Source | None = None,
        limit: int = 10,
        where: Where = EVERYTHING,
        by: By = "regions",
        least: float | None = None,
        exact: bool = False,
    ) -> list[Hit]:
        """Return the photos that fit a sentence, or are like another picture, best first.

        by: "regions" ranks by equation 8; "sentences" by the photos' own sentences (BM25); "both" fuses the two
        orders (reciprocal ranks). A hit's score is equation 8's in all cases, less how well
        the photo fits sentences in general where the matcher tells that. least: the probability below which a
        photo is not returned, whether or not the best answers; needs a calibration. `fitting.fitting` tells what fits
        by the calibration's own cut-offs. exact: score every photo, however long it takes. A file that is searched
        with is not among what is found; its copies are.

        Raises `RetrievalError` if there is no index, it is of another model, or cannot be searched as asked.
        """
        asked = self._asked(text, image, limit=limit, where=where, by=by, least=least, exact=exact)
        if not isinstance(image, str | Path):
            return self._found(asked)
        more = 1  # of a photo that is indexed under several names there are as many
        while True:
            found = self._found(replace(asked, limit=limit + more))
            others = [hit for hit in found if not _is_file(hit.path, image)]
            if len(others) >= limit or len(found) < limit + more:
                return others[:limit]
            more *= 4

    def _found(self, asked: Asked) -> list[Hit]:
        """Search, and once more if what was opened before is no longer there."""
        try:
            return self._search(asked)
        except (RuntimeError, OSError, ValueError):
            # Another process has put files together, or made the index anew, and removed the old ones.
            self._view = self._seen = self._told = None
        with self._tables.explained("read"):
            return self._search(asked)

    def sentences_for(self, image: Source, *, limit: int = 5, where: Where = EVERYTHING) -> list[Suggested]:
        """Return which sentences of the photos that are most like a picture fit it best, best first.

        By equation 8, less how well they fit photos in general where the matcher tells that.
        """
        usual: dict[str, Any] = {"by": "regions", "least": None, "exact": False, "files": False}
        near = self._found(self._asked(None, image, limit=_NEAR, where=where, **usual))
        said = list(dict.fromkeys(hit.sentence for hit in near if hit.sentence))
        if self.matcher is None or not said:
            return []
        (seen,) = self.matcher.look([open_picture(image, size=self.matcher.size)])
        rows = [
            Suggested(text, score(read.vectors, seen.vectors).score - read.hubness)
            for text, read in zip(said, self.matcher.read(said), strict=True)
            if len(read.vectors)
        ]
        return sorted(rows, key=lambda each: -each.score)[:limit]

    def _search(self, asked: Asked) -> list[Hit]:
        view = self._current()
        if asked.least is not None and view.calibration is None:
            raise RetrievalError(
                "least= needs probabilities: take a matcher that was exported with --calibrate, or fit_calibration "
                "and then index.calibrate(...)"
            )
        return search(view, asked)

    def _asked(self, text: str | None, image: Source | None, **rest: Any) -> Asked:
        """Check what is asked for, and put it into the common space."""
        if (text is None) == (image is None):
            raise RetrievalError("a search is by text= or by image=; give one of them")
        if not isinstance(text, str | None):
            raise RetrievalError(f"text={text!r} is no text; give a sentence, as in text='a dog in the snow'")
        limit, by, least = rest["limit"], rest["by"], rest["least"]
        if not isinstance(limit, int | np.integer) or limit < 1 or by not in WAYS:
            raise RetrievalError(f"limit={limit!r}, by={by!r}: a whole number from 1 on, and one of {', '.join(WAYS)}")
        if least is not None and not 0 <= least <= 1:
            raise RetrievalError(f"least={least}: a probability, from 0 to 1")
        if text is None and (least is not None or by != "regions"):
            raise RetrievalError("least= and by= are for sentences; search with a picture without them")
        if self.matcher is None:
            raise RetrievalError("a search needs the model that the index was made with: Index(place, matcher)")
        check_matcher(self.matcher)
        width = self.matcher.width
        if text is not None:
            (read,) = self.matcher.read([text])
            words = query(read.vectors, width, repr(text))
            names = read.words if len(read.words) == len(words) else (" ".join(read.words),)
            # Not every matcher draws boxes: there the best region is where a word is.
            draws = getattr(self.matcher, "boxes_of", None)
            found = draws and partial(draws, read)
            return Asked(words, names, text, rarity=read.rarity, hubness=read.hubness, boxes_of=found, **rest)
        seen = self.matcher.look([open_picture(image, size=self.matcher.size)])[0]  # type: ignore[arg-type]
        words = query(seen.vectors, width, "the picture")
        return Asked(words, [f"region {i}" for i in range(len(words))], None, **rest)

    def _current(self) -> View:
        """Return the newest version, reading only what is new in it."""
        about = self._newest_about()
        called = f"{PHOTOS}{about.tables}"
        seen = about, self._version(called)
        if self._view is None or seen != self._seen:
            if self.matcher is not None:
                check_model(about, self.matcher, self._tables.quoted)
            photos = Snapshot(self._table(called))
            same = self._view is not None and self._seen is not None and self._seen[0].tables == about.tables
            held = self._view.held if same and self._view and self._view.held.suits(photos) else None
            if held:
                held.take_in(photos)
            else:
                self._view = None  # so that the old vectors and the new are not in memory together
                held = Held(photos, self._exact_numbers)
            slots = np.array([held.slots[content] for content in photos.contents], np.int64)
            self._view, self._seen = View(photos, held, slots, about.calibration or self._of_matcher()), seen
        return self._view

    def _newest_about(self) -> About:
        """Return what the index says of itself, read again where that changed."""
        version = self._version(ABOUT)
        if self._told is None or self._told[0] != version:
            self._told = version, self._about()
        return self._told[1]

    def _table(self, called: str) -> Any:
        """Open a table by what it is called; `RuntimeError` if the index was made anew since, so that it is gone."""
        table = self._tables.open_called(called)
        if table is None:
            if self._told is not None and self._tables.about() not in (None, self._told[1]):
                raise RuntimeError("the index was made anew meanwhile")
            raise self._tables.missing()
        return table

    def _of_matcher(self) -> Calibration | None:
        """Return the matcher's own calibration; not every matcher has the attribute."""
        return getattr(self.matcher, "calibration", None)

    def _about(self) -> About:
        """Return what the index says of itself; `RetrievalError` if it is not there."""
        about = self._tables.about()
        if about is None:
            raise self._tables.missing()
        return about

    def _version(self, called: str) -> tuple[object, int]:
        """Return which table there is now, by what it is called, and the number of its newest version.

        An open table never goes back to a lower number, so where the folder was made anew it is opened anew. At a URL
        that cannot be told of one that was removed meanwhile: make another `Index` there.
        """
        name = ABOUT if called == ABOUT else PHOTOS
        which = called, self._tables.identity(called)
        if name not in self._probes or self._probes[name][0] != which:
            self._probes[name] = which, self._table(called)
        table = self._probes[name][1]
        table.checkout_latest()
        return which, table.version


def _is_file(path: str, other: str | Path) -> bool:
    """Tell whether two paths lead to the same file."""
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):
        return os.path.realpath(path) == os.path.realpath(other)
