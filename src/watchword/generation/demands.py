"""Which of the demanded words a hypothesis has said, as bits, and how many more it needs."""

import numpy as np

from watchword.core.errors import SearchError
from watchword.generation.constraints import Rules

MOST = 10  # groups; the tables below have an entry for each subset of them


class Demands:
    """The groups of `Rules.must_include` as bits of an integer, a set bit where the group is served.

    words: (R,) int64, every demanded word once. serves: (R,) int64, the groups that each word serves.
    counts: (2 ** groups,), how many groups a set holds.
    missing: (2 ** groups,), the fewest words that serve the rest, once this set is served.
    """

    def __init__(self, rules: Rules) -> None:
        """Lay out the tables; raises `SearchError` where the words do not fit into a sentence."""
        groups = rules.groups
        if len(groups) > MOST:
            raise SearchError(f"must_include has {len(groups)} groups of words; {MOST} are the most a search can place")
        self.words = np.array(sorted({word for group in groups for word in group}), dtype=np.int64)
        self.serves = np.array([_bits(word, groups) for word in self.words.tolist()], dtype=np.int64)
        self.counts = np.array([served.bit_count() for served in range(1 << len(groups))])
        self.missing = _missing(self.serves, len(groups))
        if self.missing[0] > rules.max_words:
            raise SearchError(
                f"must_include={rules.must_include} takes {self.missing[0]} words or more, but max_words is "
                f"{rules.max_words}; raise max_words or demand fewer words"
            )

    def served_by(self, words: np.ndarray) -> np.ndarray:
        """Return the groups that each word serves, as bits, in the shape of `words`."""
        return ((words[..., None] == self.words) * self.serves).sum(axis=-1)


def _bits(word: int, groups: tuple[tuple[int, ...], ...]) -> int:
    return sum(1 << place for place, group in enumerate(groups) if word in group)


def _missing(serves: np.ndarray, groups: int) -> np.ndarray:
    """Return for each set of served groups the fewest words that serve the rest."""
    missing = np.zeros(1 << groups, dtype=np.int64)
    for served in reversed(range(len(missing) - 1)):
        after = served | serves
        missing[served] = 1 + missing[after[after > served]].min()
    return missing
