"""How far sentences about frames of one clip agree."""

from collections import Counter
from collections.abc import Iterable

from watchword.core.function_words import FUNCTION_WORDS
from watchword.core.types import Sentence


def content(sentence: Sentence) -> frozenset[str]:
    """Return the words of a sentence that say what is there, each once."""
    return frozenset(word for word in sentence.words if word not in FUNCTION_WORDS)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return from 0 to 1 how much two sets of words share (Dice): 1 for equal ones, two empty ones among them."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


class Shares:
    """Which share of some sentences has each content word."""

    def __init__(self, sentences: Iterable[Sentence] = ()) -> None:
        """Begin with `sentences`."""
        self._words, self._count = Counter[str](), 0
        for sentence in sentences:
            self.add(sentence)

    def add(self, sentence: Sentence) -> None:
        """Count one sentence more."""
        self._words.update(content(sentence))
        self._count += 1

    def of(self, sentence: Sentence) -> float:
        """Return from 0 to 1 the mean share over the content words of a sentence; 1 for one without any."""
        words = content(sentence)
        return sum(self._words[word] for word in words) / len(words) / self._count if words and self._count else 1.0
