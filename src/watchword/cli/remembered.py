"""What a model says with beams of several widths, and how much of it stands in the training split."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from watchword.cli.progress import followed
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Example
from watchword.data.played import watched
from watchword.generation.search import search
from watchword.metrics.diversity import diversity
from watchword.metrics.scorer import Scorer
from watchword.metrics.treebank.batch import tokenize_batch
from watchword.runtime.asking import rules_and_options
from watchword.runtime.captioner import BATCH, Captioner
from watchword.runtime.sentences import to_sentence

METRIC = "CIDEr-D"


def training_sentences(examples: Sequence[Example], chosen: Sequence[Example], split: str) -> list[str]:
    """Return the tokenised sentences of the training split, those of `chosen` left out that were held out of it.

    Raises `DataError` where there is none.
    """
    held_out = set() if split == "train" else {row.id for row in chosen}
    rows = [row for row in examples if row.split == "train" and row.id not in held_out]
    known = tokenize_batch([text for row in rows for text in row.sentences])
    if not known:
        raise DataError(
            "the data has no sentence in split 'train', so nothing that could be remembered: "
            "give the --data that the model learnt from"
        )
    return known


def sentences(
    opened: Captioner, rows: Sequence[Example], widths: Sequence[int]
) -> Iterator[tuple[Example, list[str] | PictureError]]:
    """Yield each row with what is said of its photo, a sentence for each width, or with what is wrong with the photo.

    Each photo is decoded and looked at once.
    """
    asked = [rules_and_options({"beam": width}, 1, opened.manifest.search, opened.vocabulary) for width in widths]
    photos = [watched(row) for row in rows if row.path]
    batches = opened.decoded(photos, BATCH)
    return zip(rows, followed(_said(opened, batches, asked), len(photos)), strict=True)


def _said(opened: Captioner, batches: Iterator[list[Any]], asked: Sequence[Any]) -> Iterator[list[str] | PictureError]:
    """Yield of each photo its sentences, a search for each of the rules and options `asked`."""
    for batch in batches:
        pixels = [picture for _, picture in batch if isinstance(picture, np.ndarray)]
        found: list[list[str]] = [[] for _ in pixels]
        if pixels:
            stepper, features, _ = opened.look(np.stack(pixels))
            for rules, options in asked:
                for texts, (best, *_) in zip(found, search(stepper, features, rules, options), strict=True):
                    texts.append(to_sentence(best, opened.vocabulary, (), None).text)
        fine = iter(found)
        for _, picture in batch:
            yield picture if isinstance(picture, PictureError) else next(fine)


def figures(
    rows: Sequence[Example], said: Sequence[Sequence[str]], widths: Sequence[int], known: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the figures of each width. said: of each row the sentence of each width; known: training sentences."""
    scorer = Scorer([row.sentences for row in rows], only=[METRIC])
    found = []
    for width, texts in zip(widths, zip(*said, strict=True), strict=True):
        varied = diversity(tokenize_batch(texts), known)
        found.append(
            {
                "width": width,
                "in_training_set": varied.seen,
                "distinct_sentences": varied.different,
                "mean_words": varied.words,
                METRIC: scorer.score(texts)[METRIC],
            }
        )
    return found
