"""What commands report about sentences whose photos have references."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain, groupby
from typing import Any

from watchword.cli.failures import Failure
from watchword.cli.options import named_as_options
from watchword.cli.progress import followed
from watchword.cli.score_sources import prepare_for
from watchword.core.boxes import WHOLE
from watchword.core.errors import PictureError
from watchword.core.types import Example, Sentence, Way
from watchword.data.clip_rows import Kept
from watchword.data.pictures import picture_of
from watchword.data.played import watched
from watchword.metrics.calibration import content_words_right, expected_calibration_error, reliability
from watchword.metrics.diversity import diversity, generic, worn_phrases
from watchword.metrics.figures import METRICS
from watchword.metrics.reference import reference_scores
from watchword.metrics.scorer import score
from watchword.metrics.treebank.batch import tokenize_batch
from watchword.runtime.asking import Asked, rules_and_options
from watchword.runtime.captioner import Captioner
from watchword.runtime.together import Together


def described(
    opened: Captioner, rows: Sequence[Example], asked: Asked, way: Way | None = None
) -> tuple[list[Example], list[Sentence], list[Failure]]:
    """Return the rows whose photos could be opened, the sentence of each, and what was wrong with the others.

    way: how parts of photos are looked at, as `Captioner.describe_regions` takes it.
    """
    kept, sentences, failures = list[Example](), list[Sentence](), list[Failure]()
    with named_as_options():
        said: Iterator[tuple[Kept, Sentence | PictureError]]
        if (way or opened.manifest.regions) == "pooled" and any(row.box for row in rows):
            said = _pooled(opened, rows, asked)
        else:
            said = opened.describe_many([watched(row) for row in rows if row.path], **asked)
        for row, (path, sentence) in zip(rows, followed(said, len(rows)), strict=True):
            if isinstance(sentence, PictureError):
                failures.append(Failure(str(path), str(sentence)))
            else:
                kept.append(row)
                sentences.append(sentence)
    return kept, sentences, failures


def _pooled(opened: Captioner, rows: Sequence[Example], asked: Asked) -> Iterator[tuple[Kept, Sentence | PictureError]]:
    """Yield the sentence of each row, those of one photo together where they follow each other: one look is enough."""
    for path, group in groupby(rows, lambda row: row.path):
        assert path is not None
        parts = list(group)
        try:
            found = opened.describe_regions(path, [row.box or WHOLE for row in parts], way="pooled", **asked)
            said: list[Sentence | PictureError] = [region.sentence for region in found]
        except PictureError as error:
            said = [error] * len(parts)
        yield from zip(map(picture_of, parts), said, strict=True)


def figures(
    rows: Sequence[Example], sentences: Sequence[Sentence], learnt: Iterable[Example], *, reference: bool
) -> dict[str, float]:
    """Return the scores by name, from our own scorers or the published ones, and how varied the sentences are.

    learnt: what the sentences may have been remembered from: the "train" rows among these. "generic" is the
    share of sentences that hold one of the phrases that are most worn there (see `diversity.worn_phrases`),
    "generic_of_people" that of the sentences of a photo, mean over the photos; without "train" rows there is
    neither of them, nor "in_training_set".
    """
    candidates = {row.id: sentence.text for row, sentence in zip(rows, sentences, strict=True)}
    references = {row.id: row.sentences for row in rows}
    if not reference:
        prepare_for(METRICS)
    scores = reference_scores(candidates, references) if reference else score(candidates, references)
    said = tokenize_batch([sentence.text for sentence in sentences])
    known = _tokenized([row for row in learnt if row.split == "train"])
    varied = diversity(said, chain.from_iterable(known))
    told = {**scores} | {
        "distinct_sentences": varied.different,
        "vocabulary_used": varied.vocabulary,
        "mean_words": varied.words,
    }
    if known:
        worn = worn_phrases(known)
        of_people = [generic(texts, worn) for texts in _tokenized(rows)]
        told |= {"in_training_set": varied.seen, "generic": generic(said, worn)}
        told |= {"generic_of_people": sum(of_people) / len(of_people)}
    return told


def search_used(opened: Captioner, asked: Asked, mean: str, consensus: str | None) -> dict[str, Any]:
    """Return by name what is read of the search that was `asked` for; of what was left out, what the model says.

    mean: of an ensemble, should `opened` be one. consensus: the data set that weighs words, or None without.
    """
    with named_as_options():
        rules, options = rules_and_options(asked, 1, opened.manifest.search, opened.vocabulary)
    said: dict[str, Any] = {}
    if isinstance(opened, Together):
        said = {"mean": mean, "weights": ":".join(f"{weight:.3g}" for weight in opened.weights)}
    if options.sample:
        said |= {"sample": True, "draws": options.candidates, "temperature": options.temperature}
        said |= {"top_k": options.top_k, "top_p": options.top_p, "seed": options.seed}
    else:
        said |= {"beam": options.beam}
        said |= {"groups": options.groups, "diversity": options.diversity} if options.groups > 1 else {}
    said |= {"length_normalization": options.length_normalization}
    said |= {"max_words": rules.max_words, "no_repeat_ngram": rules.no_repeat_ngram, "once": bool(rules.once)}
    said |= {"worn_cost": rules.worn_cost} if rules.worn and not options.sample else {}
    return said | ({"consensus": consensus} if consensus else {})


def right_or_wrong(rows: Sequence[Example], sentences: Sequence[Sentence]) -> list[bool]:
    """Return of each sentence whether every content word is in some reference sentence, stem equal.

    One without words says nothing wrong, but is not right: else a model that is silent would be always so.
    """
    return [
        bool(sentence.words) and content_words_right(sentence.words, [text.split() for text in texts])
        for sentence, texts in zip(sentences, _tokenized(rows), strict=True)
    ]


def _tokenized(rows: Sequence[Example]) -> list[list[str]]:
    """Return the tokenised sentences of each row."""
    texts = iter(tokenize_batch([text for row in rows for text in row.sentences]))
    return [[next(texts) for _ in row.sentences] for row in rows]


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
