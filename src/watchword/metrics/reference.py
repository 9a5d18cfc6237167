"""Figures by the published scorers, as papers report them. Needs Java and the package pycocoevalcap."""

from collections.abc import Mapping, Sequence

from watchword.core.errors import ScoreError
from watchword.metrics.ids import check_pairs
from watchword.metrics.java import meteor, tokenize_ptb

NAMES = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "CIDEr-D")  # the order of papers' tables


def reference_scores(candidates: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return BLEU-1 to BLEU-4, METEOR, ROUGE-L and CIDEr-D of `candidates`, by name.

    candidates: for each photo's id the sentence to be scored. references: for each of the same ids the
    sentences that people wrote. Raises `ScoreError` where the ids differ, a photo has no references, or
    Java or the package is missing.
    """
    check_pairs(candidates, references)
    photos = list(references)
    words = iter(tokenize_ptb([sentence for photo in photos for sentence in references[photo]]))
    theirs = [[next(words) for _ in references[photo]] for photo in photos]
    if not any(sentence for sentences in theirs for sentence in sentences):
        raise ScoreError("the references hold no words: give at least one sentence that does")
    said = tokenize_ptb([candidates[photo] for photo in photos])
    figures = _python_scorers(said, theirs) | {"METEOR": meteor(said, theirs)}
    return {name: figures[name] for name in NAMES}


def _python_scorers(candidates: Sequence[str], references: Sequence[list[str]]) -> dict[str, float]:
    """Return what the package computes in Python, from tokenised sentences."""
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.rouge.rouge import Rouge

    theirs, ours = dict(enumerate(references)), {photo: [words] for photo, words in enumerate(candidates)}
    figures = {f"BLEU-{n}": float(v) for n, v in enumerate(Bleu().compute_score(theirs, ours, verbose=0)[0], 1)}
    figures["ROUGE-L"] = float(Rouge().compute_score(theirs, ours)[0])
    figures["CIDEr-D"] = float(Cider().compute_score(theirs, ours)[0])
    return figures
