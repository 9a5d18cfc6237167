"""How early a matcher finds the sentences of photos, and the photos of sentences."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from watchword.cli.failures import Failure
from watchword.cli.progress import followed
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Example, Looked, Read
from watchword.data.pictures import picture_of
from watchword.metrics.ranking import both_ways
from watchword.runtime.matcher import Matcher

WORDS_TOGETHER = 512


class Ranked(NamedTuple):
    """Photos that open, and their sentences.

    regions: (N, R, D). hubness: (N,), of the photos. sentences, read: S, as they are and as the matcher reads them.
    owner: (S,), the photo of each.
    """

    regions: np.ndarray
    hubness: np.ndarray
    sentences: list[str]
    read: list[Read]
    owner: np.ndarray


def looked_and_read(matcher: Matcher, rows: Sequence[Example]) -> tuple[Ranked, list[Failure]]:
    """Return what a matcher sees of photos and reads of their sentences, and what was wrong with other photos."""
    photos, sentences, owner, failures = list[Looked](), list[str](), list[int](), list[Failure]()
    looked = matcher.look_many([picture_of(row) for row in rows if row.path])
    for row, (path, seen) in zip((row for row in rows if row.path), followed(looked, len(rows)), strict=True):
        if isinstance(seen, PictureError):
            failures.append(Failure(str(path), str(seen), "ranked"))
            continue
        sentences += row.sentences
        owner += [len(photos)] * len(row.sentences)
        photos.append(seen)
    if not sentences:
        raise DataError("no photo that opens has a sentence: there is nothing to rank")
    regions, hubness = np.stack([seen.vectors for seen in photos]), np.array([seen.hubness for seen in photos])
    return Ranked(regions, hubness, sentences, matcher.read(sentences), np.array(owner)), failures


def ranked(matcher: Matcher, rows: Sequence[Example]) -> tuple[dict[str, Any], list[Failure]]:
    """Return recall and median rank both ways over the photos that open, and what was wrong with the others.

    Where the matcher has banks the figures are of scores less the hubness of sentence and photo; under
    "without_querybank", of scores as they stand.
    """
    seen, failures = looked_and_read(matcher, rows)
    scores = similarities(seen.regions, [read.vectors for read in seen.read])
    scores[:, [not len(read.vectors) for read in seen.read]] = -np.inf  # no word, as in "..."
    less = seen.hubness[:, None] + np.array([read.hubness for read in seen.read])
    figures: dict[str, Any] = both_ways(scores - less, seen.owner)
    if matcher.has_banks:
        figures["without_querybank"] = both_ways(scores, seen.owner)
    counts = {"photos": len(seen.regions), "sentences": len(seen.sentences), "not_ranked": len(failures)}
    return {**figures, **counts}, failures


def similarities(regions: np.ndarray, sentences: Sequence[np.ndarray]) -> np.ndarray:
    """Return scores (N, S) of photos' regions (N, R, D) and sentences' words (T, D) each: equation (8) of paper 5."""
    photos, count, width = regions.shape
    flat, scores = regions.reshape(photos * count, width), np.zeros((photos, len(sentences)), np.float32)
    owner = np.repeat(np.arange(len(sentences)), [len(words) for words in sentences])
    words = np.concatenate(sentences)
    for first in range(0, len(words), WORDS_TOGETHER):
        part = slice(first, first + WORDS_TOGETHER)
        best = (words[part] @ flat.T).reshape(-1, photos, count).max(2)
        np.add.at(scores.T, owner[part], best)
    return scores
