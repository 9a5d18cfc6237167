"""One metric of a set of candidates, as a function of its own.

All take candidates and references as `watchword.metrics.score` does: mappings by image, or two lists in the same
order, sentences as people write them. They raise `ScoreError` where the two sides do not fit each other.
"""

from collections.abc import Mapping, Sequence

from watchword.core.errors import ScoreError
from watchword.metrics.figures import BLEUS
from watchword.metrics.ids import Ids
from watchword.metrics.scorer import score

Candidates = Mapping[Ids, str] | Sequence[str]
References = Mapping[Ids, Sequence[str]] | Sequence[Sequence[str]]


def bleu_score(candidates: Candidates[Ids], references: References[Ids]) -> tuple[float, ...]:
    """Return BLEU-1 to BLEU-4, 0 to 1 (Papineni et al. 2002)."""
    return tuple(score(candidates, references, only=BLEUS).values())


def rouge_l_score(candidates: Candidates[Ids], references: References[Ids]) -> float:
    """Return ROUGE-L, 0 to 1 (Lin 2004)."""
    return score(candidates, references, only=["ROUGE-L"])["ROUGE-L"]


def cider_d_score(candidates: Candidates[Ids], references: References[Ids]) -> float:
    """Return CIDEr-D, 0 to 10 (Vedantam et al. 2015), which pycocoevalcap calls CIDEr."""
    return score(candidates, references, only=["CIDEr-D"])["CIDEr-D"]


def cider_score(candidates: Candidates[Ids], references: References[Ids]) -> float:
    """Return CIDEr without clipping and length penalty, 0 to 10 and a little more (Vedantam et al. 2015)."""
    return score(candidates, references, only=["CIDEr"])["CIDEr"]


def meteor_score(candidates: Candidates[Ids], references: References[Ids]) -> float:
    """Return METEOR 1.5, 0 to 1 (Denkowski and Lavie 2014).

    Raises `ScoreError` where the package that holds its synonyms and paraphrases is not installed.
    """
    figures = score(candidates, references, only=["METEOR"])
    if "METEOR" not in figures:
        raise ScoreError(
            "METEOR needs the data of the package pycocoevalcap: pip install pycocoevalcap==1.2; "
            f"without them {next(iter(figures))} can be computed, which is something else"
        )
    return figures["METEOR"]
