"""How early a matcher finds the sentences of photos, and the photos of sentences."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from watchword.cli.failures import Failure
from watchword.cli.progress import followed
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Example
from watchword.metrics.ranking import both_ways
from watchword.runtime.matcher import Matcher

WORDS_TOGETHER = 512


def ranked(matcher: Matcher, rows: Sequence[Example]) -> tuple[dict[str, Any], list[Failure]]:
    """Return recall and median rank both ways over the photos that open, and what was wrong with the others."""
    regions, sentences, owner, failures = list[np.ndarray](), list[str](), list[int](), list[Failure]()
    looked = matcher.look_many([row.path for row in rows if row.path])
    for row, (path, seen) in zip((row for row in rows if row.path), followed(looked, len(rows)), strict=True):
        if isinstance(seen, PictureError):
            failures.append(Failure(str(path), str(seen), "ranked"))
            continue
        sentences += row.sentences
        owner += [len(regions)] * len(row.sentences)
        regions.append(seen.vectors)
    if not sentences:
        raise DataError("no photo that opens has a sentence: there is nothing to rank")
    words = [read.vectors for read in matcher.read(sentences)]
    figures = both_ways(similarities(np.stack(regions), words), np.array(owner))
    return {**figures, "photos": len(regions), "sentences": len(sentences), "not_ranked": len(failures)}, failures


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
