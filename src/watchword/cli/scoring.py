"""What commands report about sentences whose photos have references."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from watchword.cli.failures import Failure
from watchword.cli.options import named_as_options
from watchword.cli.progress import followed
from watchword.cli.score_sources import prepare_for
from watchword.core.errors import PictureError
from watchword.core.types import Example, Sentence
from watchword.metrics.calibration import content_words_right, expected_calibration_error, reliability
from watchword.metrics.diversity import diversity
from watchword.metrics.figures import METRICS
from watchword.metrics.reference import reference_scores
from watchword.metrics.scorer import score
from watchword.metrics.treebank.batch import tokenize_batch
from watchword.runtime.captioner import Captioner


def described(
    opened: Captioner, rows: Sequence[Example], beam: int | None
) -> tuple[list[Example], list[Sentence], list[Failure]]:
    """Return the rows whose photos could be opened, the sentence of each, and what was wrong with the others."""
    kept, sentences, failures = list[Example](), list[Sentence](), list[Failure]()
    with named_as_options():
        said = opened.describe_many([row.path for row in rows if row.path], beam=beam)
        for row, (path, sentence) in zip(rows, followed(said, len(rows)), strict=True):
            if isinstance(sentence, PictureError):
                failures.append(Failure(str(path), str(sentence)))
            else:
                kept.append(row)
                sentences.append(sentence)
    return kept, sentences, failures


def figures(
    rows: Sequence[Example], sentences: Sequence[Sentence], learnt: Iterable[Example], *, reference: bool
) -> dict[str, float]:
    """Return the scores by name, from our own scorers or the published ones, and how varied the sentences are.

    learnt: what the sentences may have been remembered from: the "train" rows among these.
    """
    candidates = {row.id: sentence.text for row, sentence in zip(rows, sentences, strict=True)}
    references = {row.id: row.sentences for row in rows}
    if not reference:
        prepare_for(METRICS)
    scores = reference_scores(candidates, references) if reference else score(candidates, references)
    known = tokenize_batch([text for row in learnt if row.split == "train" for text in row.sentences])
    varied = diversity(tokenize_batch([sentence.text for sentence in sentences]), known)
    return {**scores} | {
        "distinct_sentences": varied.different,
        "in_training_set": varied.seen,
        "vocabulary_used": varied.vocabulary,
        "mean_words": varied.words,
    }


def right_or_wrong(rows: Sequence[Example], sentences: Sequence[Sentence]) -> list[bool]:
    """Return of each sentence whether every content word is in some reference sentence, stem equal.

    One without words says nothing wrong, but is not right: else a model that is silent would be always so.
    """
    words = iter(tokenize_batch([text for row in rows for text in row.sentences]))
    return [
        bool(sentence.words) and content_words_right(sentence.words, [next(words).split() for _ in row.sentences])
        for sentence, row in zip(sentences, rows, strict=True)
    ]


def confidence_figures(rows: Sequence[Example], sentences: Sequence[Sentence]) -> dict[str, Any]:
    """Return the share of sentences that are right, and how far the confidence is from it where there is one.

    "reliability" is a list of ranges of confidence, each with its sentences, mean confidence and share right.
    """
    right = right_or_wrong(rows, sentences)
    said: dict[str, Any] = {"sentences_right": sum(right) / len(right)}
    confidences = [sentence.confidence for sentence in sentences if sentence.confidence is not None]
    if len(confidences) < len(right):
        return said
    table = reliability(confidences, right)
    return said | {
        "mean_confidence": sum(confidences) / len(right),
        "expected_calibration_error": expected_calibration_error(table),
        "reliability": [asdict(row) for row in table],
    }
