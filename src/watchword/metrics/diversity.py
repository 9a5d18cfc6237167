"""How varied a set of sentences is, how many of them were only remembered, and how many are made of worn phrases."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watchword.core.errors import ScoreError

PHRASE = 5  # words; "in front of a" alone would be found in much that is not generic


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
    ngrams = [ngram for words in sentences for ngram in _runs(words, order)]
    return len(set(ngrams)) / len(ngrams) if ngrams else 0.0


def worn_phrases(photos: Iterable[Iterable[str]], most: int = 100) -> frozenset[tuple[str, ...]]:
    """Return the phrases of PHRASE words that people say of the most photos, `most` of them or fewer.

    photos: the tokenised sentences of each photo of a training set. A phrase counts once for a photo, however
    many of its sentences hold it, and is worn if it stands in those of two photos or more; of phrases that are
    equally common, the first by the alphabet are taken.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for sentences in photos:
        found.update({phrase for sentence in sentences for phrase in _runs(sentence.split(), PHRASE)})
    worn = sorted((-times, phrase) for phrase, times in found.items() if times > 1)
    return frozenset(phrase for _, phrase in worn[:most])


def generic(sentences: Sequence[str], worn: frozenset[tuple[str, ...]]) -> float:
    """Return the share, 0 to 1, of tokenised sentences that hold one of the `worn` phrases or more."""
    if not sentences:
        raise ScoreError("no sentences: a share needs at least one")
    return sum(not worn.isdisjoint(_runs(sentence.split(), PHRASE)) for sentence in sentences) / len(sentences)


def _runs(words: Sequence[str], order: int) -> Iterator[tuple[str, ...]]:
    """Yield every run of `order` words."""
    return (tuple(words[start : start + order]) for start in range(len(words) - order + 1))
