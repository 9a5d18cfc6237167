"""What a sentence may be, whichever search looks for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from watchword.core.errors import SearchError


@dataclass(frozen=True)
class Rules:
    """What a sentence may be. Words are ids of the decoder's vocabulary.

    start, end: the words that open and close a sentence; they are never part of it.
    forbidden: words that are never spoken (padding, the unknown word if the vocabulary has one);
        `start` is always among them.
    max_words, min_words: how many words a sentence has, not counting start and end.
    no_repeat_ngram: no run of this many words is spoken twice in a sentence; 0 allows it.
    once: words that are spoken once in a sentence at most.
    worn: phrases of one length, two words or more, of which a sentence that holds one ranks lower by `worn_cost`
        nats, however many it holds; a search that draws by chance does not mind them.
    must_include: groups of words; of each group at least one word is spoken. A group is a word or
        its alternatives (dog, dogs). One word may serve several groups. Alternatives that are
        forbidden are dropped; a group of which none is left is an error.

    Rules that contradict each other raise `SearchError`.
    """

    start: int
    end: int
    forbidden: tuple[int, ...] = ()
    max_words: int = 20
    min_words: int = 0
    no_repeat_ngram: int = 0
    once: tuple[int, ...] = ()
    must_include: tuple[int | tuple[int, ...], ...] = ()
    worn: tuple[tuple[int, ...], ...] = ()
    worn_cost: float = 0.0

    def __post_init__(self) -> None:
        """Check the rules and bring `forbidden` and `must_include` into one form."""
        self._check_words()
        self._check_counts()
        object.__setattr__(self, "forbidden", tuple(sorted({*self.forbidden, self.start})))
        object.__setattr__(self, "must_include", tuple(map(self._spoken, self.must_include)))

    @property
    def remembering(self) -> bool:
        """Whether what may be said depends on what was said."""
        return bool(self.no_repeat_ngram or self.once or self.avoids)

    @property
    def avoids(self) -> bool:
        """Whether worn phrases cost anything."""
        return bool(self.worn and self.worn_cost)

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """`must_include`, each group as a tuple of the words that can be spoken."""
        # Since the check every group is a tuple; the test tells the type checker so.
        return tuple(group for group in self.must_include if isinstance(group, tuple))

    def _check_words(self) -> None:
        if min(self.start, self.end, *self.forbidden) < 0:
            raise SearchError(
                f"start {self.start}, end {self.end} and forbidden {self.forbidden} must be ids of words, 0 or more"
            )
        if self.end == self.start or self.end in self.forbidden:
            raise SearchError(f"word {self.end} ends a sentence, so it can be neither the start nor forbidden")

    def _check_counts(self) -> None:
        if self.max_words < 1:
            raise SearchError(f"max_words={self.max_words}: a sentence needs room for 1 word or more")
        if not 0 <= self.min_words <= self.max_words:
            raise SearchError(f"min_words={self.min_words}: from 0 to max_words, which is {self.max_words}")
        if not 0 <= self.worn_cost < math.inf:
            raise SearchError(f"worn_cost={self.worn_cost}: nats that a worn phrase costs, 0 (nothing) or more")
        if len({len(phrase) for phrase in self.worn}) > 1 or any(len(phrase) < 2 for phrase in self.worn):
            raise SearchError("worn phrases have one length, of two words or more")
        if self.no_repeat_ngram < 0:
            raise SearchError(f"no_repeat_ngram={self.no_repeat_ngram}: 0 (off), or the length of the run, as in 3")

    def _spoken(self, group: int | tuple[int, ...]) -> tuple[int, ...]:
        words = tuple(group) if isinstance(group, Sequence) else (group,)
        spoken = tuple(word for word in words if word >= 0 and word != self.end and word not in self.forbidden)
        if not spoken:
            raise SearchError(
                f"must_include has the group {words}, of which no word is ever spoken; "
                "give a word that is in the model's vocabulary"
            )
        return spoken
