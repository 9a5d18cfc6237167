"""Figures of candidate sentences, by our own code: BLEU-1 to BLEU-4, ROUGE-L and CIDEr-D.

For early stopping and everyday use. `watchword.metrics.reference` runs the published scorers instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from watchword import __version__
from watchword.core.errors import ScoreError
from watchword.metrics.bleu import Bleu
from watchword.metrics.cider import Cider
from watchword.metrics.ngrams import ORDERS
from watchword.metrics.prepared import References
from watchword.metrics.rouge import rouge_l_scores
from watchword.metrics.tokens import PLAIN, tokenize_plain


@dataclass(frozen=True)
class CaptionScores:
    """The figures of one set of candidates.

    values: by name, BLEU-1 to BLEU-4 and ROUGE-L (0 to 1), CIDEr-D (0 to 10).
    signature: what the figures depend on besides the sentences; compare only those with equal signatures.
    """

    values: Mapping[str, float]
    signature: str


class Scorer:
    """Scores sets of candidates against references that are tokenised and counted once."""

    def __init__(self, references: Mapping[str, Sequence[str]]) -> None:
        """Prepare `references`: for each photo's id its sentences as people wrote them.

        Raises `ScoreError` when there is no photo, or a photo without sentences.
        """
        check_references(references)
        self._references = {photo: list(map(tokenize_plain, sentences)) for photo, sentences in references.items()}
        prepared = References(list(self._references.values()))
        self._bleu, self._cider = Bleu(prepared), Cider(prepared)
        few, many = int(prepared.sizes.min()), int(prepared.sizes.max())
        per_photo = str(few) if few == many else f"{few}-{many}"
        self.signature = f"tokens:{PLAIN}|references:{per_photo}|photos:{len(prepared)}|watchword:{__version__}"

    def score(self, candidates: Mapping[str, str]) -> CaptionScores:
        """Return the figures of `candidates`: for each photo's id the sentence to be scored.

        Raises `ScoreError` unless the ids are those of the references.
        """
        check_pairs(candidates, self._references)
        sentences = [tokenize_plain(candidates[photo]) for photo in self._references]
        values = {f"BLEU-{n}": float(v) for n, v in zip(range(1, ORDERS + 1), self._bleu.score(sentences), strict=True)}
        values["ROUGE-L"] = float(rouge_l_scores(sentences, self._references.values()).mean())
        values["CIDEr-D"] = self._cider.score(sentences)
        return CaptionScores(values, self.signature)


def score(candidates: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return BLEU-1 to BLEU-4, ROUGE-L and CIDEr-D of `candidates`, by name.

    candidates: for each photo's id the sentence to be scored. references: for each of the same ids the
    sentences that people wrote. Raises `ScoreError` where the ids differ or a photo has no references.
    """
    return dict(Scorer(references).score(candidates).values)


def check_references(references: Mapping[str, Sequence[str]]) -> None:
    """Raise `ScoreError` unless there are photos and each has a reference sentence."""
    if not references:
        raise ScoreError("no photos: scores need one or more, each with its reference sentences")
    _refuse(
        [photo for photo, sentences in references.items() if not sentences], "has no reference sentence; leave it out"
    )


def check_pairs(candidates: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> None:
    """Raise `ScoreError` unless both have the same ids and each photo has a reference sentence."""
    check_references(references)
    advice = "score the same photos on both sides"
    _refuse([photo for photo in references if photo not in candidates], f"has references but no candidate; {advice}")
    _refuse([photo for photo in candidates if photo not in references], f"has a candidate but no references; {advice}")


def _refuse(photos: Sequence[str], fault: str) -> None:
    if photos:
        more = f" and {len(photos) - 1} more" if len(photos) > 1 else ""
        raise ScoreError(f"photo {photos[0]!r}{more}: {fault}")
