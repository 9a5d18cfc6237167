"""From what is searched for to the photos that fit best.

Who could be among them is guessed in memory (`held`); those are read from the index and scored exactly. A search
goes by one version of the index throughout, whatever is written meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from watchword.core.errors import RetrievalError
from watchword.core.snippets import Snippet
from watchword.core.types import Looked
from watchword.retrieval.calibration import Calibration
from watchword.retrieval.filters import EVERYTHING, Where
from watchword.retrieval.fusion import fuse
from watchword.retrieval.held import Held
from watchword.retrieval.hits import Hit, WordMatch
from watchword.retrieval.lance import lancedb
from watchword.retrieval.photo import arrays
from watchword.retrieval.scoring import Scored, likeness, score, unit
from watchword.retrieval.snapshot import Snapshot
from watchword.retrieval.staleness import state_of
from watchword.retrieval.taken import moment

By = Literal["regions", "sentences", "both"]
WAYS: tuple[By, ...] = ("regions", "sentences", "both")

_FILE = ["content", "size", "changed"]  # what tells whether a file is the same
_READ_AGAIN = 60  # photos scored exactly, beside four for each hit
_FEW = 500  # so few are all scored exactly
_AT_ONCE = 1024  # photos whose vectors are in memory
_DEPTH = 200  # of each order, what is fused


@dataclass(frozen=True)
class Asked:
    """What is searched for.

    words: (T, D) float32. names: of the words. text: the sentence; None for a picture. limit: hits at most.
    files: whether to look what has become of the files of the hits. rarity, hubness: of the sentence, as the matcher
    read it. boxes_of: of a photo and runs of words, where they are on it (N, 4); None for a picture, whose regions are
    where the photo's best ones are.
    """

    words: np.ndarray
    names: Sequence[str]
    text: str | None
    limit: int
    where: Where = EVERYTHING
    by: By = "regions"
    least: float | None = None
    exact: bool = False
    files: bool = True
    rarity: float = 0.0
    hubness: float = 0.0
    boxes_of: Callable[[Looked, Sequence[Snippet]], np.ndarray] | None = None


class View(NamedTuple):
    """An index at one version: its rows, their vectors in memory, and the calibration."""

    photos: Snapshot
    held: Held
    slots: np.ndarray
    calibration: Calibration | None


def search(view: View, asked: Asked) -> list[Hit]:
    """Return the photos that fit best, best first."""
    places = asked.where.places(view.photos)
    texts = {} if asked.by == "regions" or asked.text is None else _by_sentences(view.photos, asked.text, places)
    if asked.by == "regions":
        chosen = _by_regions(view, asked, places, asked.limit)
    elif asked.by == "sentences":
        chosen = [*texts]
    else:
        depth = max(_DEPTH, asked.limit)
        chosen = fuse(_by_regions(view, asked, places, depth), [*texts][:depth])
    fits, at_once = list[tuple[int, Hit]](), asked.limit if asked.least is None else max(asked.limit, _READ_AGAIN)
    for start in range(0, len(chosen), at_once):  # sentences do not put them in order of probability
        some = chosen[start : start + at_once]
        found = _hits(view, asked, np.array(some, np.int64), texts, len(places))
        if not start:
            _judge_the_best(found)
        fits += [
            pair
            for pair in zip(some, found, strict=True)
            if asked.least is None or (pair[1].probability or 0.0) >= asked.least
        ]
        if len(fits) >= asked.limit:
            break
    return [_as_it_is(view, place, hit) if asked.files else hit for place, hit in fits[: asked.limit]]


def _judge_the_best(hits: list[Hit]) -> None:
    """Give the best of all the probability of the best, where that is higher: nothing else was better."""
    answers = [hit.answers or 0.0 for hit in hits]
    if any(answers):
        best = int(np.argmax(answers))
        hits[best] = replace(hits[best], probability=max(answers[best], hits[best].probability or 0.0))


def _as_it_is(view: View, place: int, hit: Hit) -> Hit:
    """Return a hit with the state of its file."""
    (row,) = view.photos.light.select(_FILE).take([place]).to_pylist()
    return replace(hit, state=state_of(hit.path, **row))


def _by_regions(view: View, asked: Asked, places: np.ndarray, count: int) -> list[int]:
    """Return the `count` of `places` whose regions fit best, best first; of equals, the first path first."""
    if len(places) > max(_FEW, _READ_AGAIN + 4 * count) and not asked.exact:
        cosine = asked.text is None
        words = unit(asked.words) if cosine else asked.words
        less = np.zeros(len(places), np.float32) if cosine else view.photos.hubness[places]
        places = places[view.held.best(words, view.slots[places], _READ_AGAIN + 4 * count, less=less, cosine=cosine)]
    scores = list[float]()
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        vectors = arrays(view.photos.fetch(some, "vectors").column("vectors"))
        rows = zip(vectors, view.photos.hubness[some].tolist(), strict=True)
        scores += [_scored(asked, regions, hubness).score for regions, hubness in rows]
    order = np.argsort(-np.array(scores), kind="stable")[: count + _READ_AGAIN]
    ranked = sorted(order, key=lambda i: (-scores[i], view.photos.paths[places[i]]))
    return [int(places[i]) for i in ranked[:count]]


def _by_sentences(photos: Snapshot, text: str, places: np.ndarray) -> dict[int, float]:
    """Return those of `places` whose own sentence has a word of `text`, best first, with its score (BM25)."""
    if not any(index.columns == ["sentence"] for index in photos.table.list_indices()):
        raise RetrievalError(
            "no photo of this index has a sentence; search by regions, or let watchword index describe the photos "
            "(without --no-describe; from Python, update(..., describe=...))"
        )
    query = lancedb().query.MatchQuery(text, "sentence")
    asked = photos.table.search(query, query_type="fts").select(["_score"]).with_row_id(True)
    found = asked.limit(len(photos)).to_arrow()
    order = np.argsort(photos.rows)
    which = order[np.searchsorted(photos.rows, found.column("_rowid").to_numpy(), sorter=order)]
    allowed = np.zeros(len(photos), bool)
    allowed[places] = True
    pairs = zip(which.tolist(), found.column("_score").to_pylist(), strict=True)
    return {place: score for place, score in sorted(pairs, key=lambda pair: -pair[1]) if allowed[place]}


def _hits(view: View, asked: Asked, places: np.ndarray, texts: dict[int, float], among: int) -> list[Hit]:
    """Return photos, by their places, with all that is known of them. among: how many photos were searched."""
    read = view.photos.fetch(places, "vectors", "boxes", "sentence")
    vectors, boxes = arrays(read.column("vectors")), arrays(read.column("boxes"))
    light = view.photos.light.select(["labels", "taken"]).take(places).to_pylist()
    calibration = view.calibration if asked.text is not None else None

    def chances(score: float) -> tuple[float | None, float | None]:
        if calibration is None:
            return None, None
        length, read = len(asked.words), (asked.rarity, asked.hubness)
        answers, fits = calibration.probability(score, length, among, *read), calibration.of_photo(score, length, *read)
        return answers, answers if fits is None else fits

    hits = list[Hit]()
    columns = (places.tolist(), vectors, boxes, read.column("sentence").to_pylist(), light)
    for place, regions, where, sentence, row in zip(*columns, strict=True):
        found = _scored(asked, regions, float(view.photos.hubness[place]))
        answers, probability = chances(found.score)
        hits.append(
            Hit(
                path=view.photos.paths[place],
                score=found.score,
                words=tuple(_matches(asked, found, regions, where)),
                sentence=sentence,
                labels=tuple(row["labels"] or ()),
                taken=None if row["taken"] is None else moment(row["taken"]),
                text_score=texts.get(place),
                answers=answers,
                probability=probability,
            )
        )
    return hits


def _scored(asked: Asked, regions: np.ndarray, hubness: float) -> Scored:
    """Return how a photo scores; as an answer to a sentence, less how well it fits sentences in general."""
    if asked.text is None:
        return likeness(asked.words, regions)
    found = score(asked.words, regions)
    return found._replace(score=found.score - hubness)


def _matches(asked: Asked, found: Scored, vectors: np.ndarray, boxes: np.ndarray) -> Iterator[WordMatch]:
    """Yield where each word is on a photo of regions with these vectors (R, D) and boxes (R, 4)."""
    best = list(zip(found.words.tolist(), found.regions.tolist(), strict=True))
    where = boxes[found.regions]
    if asked.boxes_of:
        runs = [Snippet(first, first + 1, region, fits) for first, (fits, region) in enumerate(best)]
        where = asked.boxes_of(Looked(vectors.astype(np.float32), boxes), runs)
    for name, (fits, region), (x0, y0, x1, y1) in zip(asked.names, best, where.tolist(), strict=True):
        yield WordMatch(name, fits, region, (x0, y0, x1, y1))
