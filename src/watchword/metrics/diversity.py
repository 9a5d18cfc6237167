"""How varied a set of sentences is, and how many of them were only remembered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from watchword.core.errors import ScoreError


@dataclass(frozen=True)
class Diversity:
    """Figures of a set of sentences.

    sentences: how many there are. different: how many different ones.
    distinct_1, distinct_2: different words (pairs of words) as a share of all, 0 to 1 (Li et al., NAACL 2016).
    vocabulary: how many different words are used.
    seen: share, 0 to 1, of the sentences that stand word for word in the training set.
    words: mean words in a sentence.
    """

    sentences: int
    different: int
    distinct_1: float
    distinct_2: float
    vocabulary: int
    seen: float
    words: float


def diversity(sentences: Sequence[str], training: Iterable[str] = ()) -> Diversity:
    """Measure tokenised `sentences` against the tokenised sentences of the `training` set.

    Tokenise both alike. Raises `ScoreError` when there are no sentences.
    """
    if not sentences:
        raise ScoreError("no sentences: diversity needs at least one")
    split = [tuple(sentence.split()) for sentence in sentences]
    remembered = {tuple(sentence.split()) for sentence in training}
    lengths = [len(words) for words in split]
    return Diversity(
        sentences=len(split),
        different=len(set(split)),
        distinct_1=distinct(split, 1),
        distinct_2=distinct(split, 2),
        vocabulary=len({word for words in split for word in words}),
        seen=sum(words in remembered for words in split) / len(split),
        words=sum(lengths) / len(lengths),
    )


def distinct(sentences: Iterable[Sequence[str]], order: int) -> float:
    """Return the different n-grams of `order` words as a share of all, 0 to 1; 0 where there are none."""
    ngrams = [tuple(words[start : start + order]) for words in sentences for start in range(len(words) - order + 1)]
    return len(set(ngrams)) / len(ngrams) if ngrams else 0.0
