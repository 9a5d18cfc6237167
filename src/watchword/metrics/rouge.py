"""ROUGE-L: the longest common subsequence of a sentence and its references.

Lin, "ROUGE: a package for automatic evaluation of summaries", 2004. Figures equal those of the scorer of
the COCO captions evaluation: the best precision and the best recall may come from different references.
"""

from collections.abc import Iterable, Sequence

import numpy as np

_BETA = 1.2  # recall weighs beta squared times as much as precision


def rouge_l_scores(candidates: Iterable[str], references: Iterable[Sequence[str]]) -> np.ndarray:
    """Return (N,) float64, ROUGE-L of each tokenised candidate; the figure of the set is their mean.

    references: for each candidate the tokenised sentences of its photo. As many as there are candidates,
    or `ValueError`.
    """
    return np.array([rouge_l(*pair) for pair in zip(candidates, references, strict=True)])


def rouge_l(candidate: str, references: Sequence[str]) -> float:
    """Return ROUGE-L, 0 to 1, of one tokenised sentence and the tokenised references (one or more).

    Words are what stands between single spaces, so an empty sentence is one empty word.
    """
    words, others = candidate.split(" "), [reference.split(" ") for reference in references]
    common = common_subsequences(words, others)
    precision = max(common) / len(words)
    recall = max(length / len(other) for length, other in zip(common, others, strict=True))
    return (1 + _BETA**2) * precision * recall / (recall + _BETA**2 * precision) if precision else 0.0


def common_subsequences(words: Sequence[str], others: Sequence[Sequence[str]]) -> list[int]:
    """Return the length of the longest common subsequence of `words` and each of `others`.

    Bit-parallel (Crochemore, Iliopoulos, Pinzon and Reid 2001): bit i of `rows` is 0 where the table of
    the textbook method steps up from row i to row i + 1, so one addition fills a column.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(words)) - 1
    lengths = []
    for other in others:
        rows = full
        for word in other:
            if hits := rows & places.get(word, 0):
                rows = (rows + hits) | (rows - hits)
        lengths.append(len(words) - (rows & full).bit_count())
    return lengths
