"""Sets of characters, as sorted ranges of UTF-16 units."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from watchword.metrics.treebank import tables

_LAST = 0xFFFF


@dataclass(frozen=True)
class Characters:
    """A set of UTF-16 units: half-open ranges, sorted and apart. starts, ends: one number each a range."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    @classmethod
    def ranges(cls, ranges: Iterable[tuple[int, int]]) -> "Characters":
        """Make a set of ranges (first, one after the last), in any order."""
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted(ranges):
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        return cls(tuple(starts), tuple(ends))

    @classmethod
    def listed(cls, text: str) -> "Characters":
        """Make a set of hexadecimal ranges with spaces between them: "41-5A AA 100-12E/2"."""
        return cls.ranges(pair for entry in text.split() for pair in _pairs(entry))

    def pairs(self) -> list[tuple[int, int]]:
        """Return the ranges, (first, one after the last)."""
        return list(zip(self.starts, self.ends, strict=True))

    def __invert__(self) -> "Characters":
        """Return all other units."""
        return self.ranges(
            (start, end) for start, end in zip((0, *self.ends), (*self.starts, _LAST + 1), strict=True) if start < end
        )

    def __contains__(self, character: str) -> bool:
        """Tell whether one character is in the set."""
        place = bisect_right(self.starts, ord(character))
        return place > 0 and ord(character) < self.ends[place - 1]


def _pairs(entry: str) -> list[tuple[int, int]]:
    """Return the half-open ranges of one entry of a list."""
    ends, _, step = entry.partition("/")
    first, _, second = ends.partition("-")
    start, last = int(first, 16), int(second or first, 16)
    return [(one, one + 1) for one in range(start, last + 1, int(step))] if step else [(start, last + 1)]


# By the letter that stands for each in a pattern.
CLASSES = {
    "L": Characters.listed(tables.LETTERS),
    "C": Characters.listed(tables.CAPITALS),
    "D": Characters.listed(tables.DIGITS),
    "M": Characters.listed(tables.MARKS),
    "Y": Characters.listed(tables.SYMBOLS),
    "S": Characters.listed("9 20 A0 2000-200A 3000"),
    "N": Characters.listed("A-D 85 2028-2029"),
}
