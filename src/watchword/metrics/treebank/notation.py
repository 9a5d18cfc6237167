r"""How the rules are written: patterns as text, read into trees.

Like the usual regular expressions, with these differences. A full stop is itself, and `[^]` is any unit. A
letter matches in either case; inside `[]` it is exact. `{Name}` stands for another pattern. In `[]`, `\L` is
a letter, `\C` a capital, `\D` a digit, `\M` a mark that words may hold, `\S` a space, `\N` what ends a line, `\Y` a
character that is a token by itself. `\u00ad` is a unit by its number; `\t \f \r \n` are as always.
"""

import re
from dataclasses import dataclass
from functools import cache

from watchword.metrics.treebank.characters import CLASSES, Characters
from watchword.metrics.treebank.names import NAMES


@dataclass(frozen=True)
class One:
    """One unit of a set."""

    of: Characters


@dataclass(frozen=True)
class Row:
    """One part after the other."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True)
class Either:
    """Any of the options."""

    options: tuple["Tree", ...]


@dataclass(frozen=True)
class Repeat:
    """The part `least` to `most` times; without limit where `most` is None."""

    part: "Tree"
    least: int
    most: int | None


Tree = One | Row | Either | Repeat
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_CONTROLS = {"t": "\t", "f": "\f", "r": "\r", "n": "\n"}
_OTHER_FORMS = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}  # Turkish i, the sign of kelvin, long s
_COUNTS: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}


@cache
def parse(pattern: str) -> Tree:
    """Return the tree of a pattern."""
    reader = _Reader(pattern)
    tree = reader.options()
    if reader.at != len(pattern):
        raise ValueError(f"pattern {pattern!r}: nothing opens the bracket at {reader.at}; write \\) for itself")
    return tree


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def options(self) -> Tree:
        options = [self.row()]
        while self.pattern.startswith("|", self.at):
            self.at += 1
            options.append(self.row())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def row(self) -> Tree:
        parts: list[Tree] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            parts.append(self.counted())
        return Row(tuple(parts))

    def counted(self) -> Tree:
        tree, after = self.single(), self.pattern[self.at : self.at + 2]
        if after[:1] in _COUNTS:
            self.at += 1
            return Repeat(tree, *_COUNTS[after[:1]])
        if after[:1] == "{" and after[1:].isdigit():
            least, _, most = self.until("}")[1:].partition(",")
            return Repeat(tree, int(least), int(most or least))
        return tree

    def single(self) -> Tree:
        first = self.pattern[self.at]
        if first == "(":
            self.at += 1
            tree = self.options()
            self.at += 1  # the closing bracket
            return tree
        if first == "[":
            return One(self.members())
        if first == "{":
            return parse(NAMES[self.until("}")[1:]])
        return _literal(self.unit())

    def unit(self) -> str:
        """Read one unit: itself, or what an escape stands for."""
        escape = _ESCAPE.match(self.pattern, self.at)
        if not escape:
            self.at += 1
            return self.pattern[self.at - 1]
        self.at = escape.end()
        return chr(int(escape[1], 16)) if escape[1] else _CONTROLS.get(escape[2], escape[2])

    def until(self, last: str) -> str:
        start, self.at = self.at, self.pattern.index(last, self.at) + 1
        return self.pattern[start : self.at - 1]

    def members(self) -> Characters:
        """Read what is between square brackets."""
        self.at += 1
        negative = self.pattern[self.at] == "^"
        self.at += negative
        found: list[tuple[int, int]] = []
        while self.pattern[self.at] != "]":
            if self.pattern[self.at] == "\\" and self.pattern[self.at + 1] in CLASSES:
                found += CLASSES[self.pattern[self.at + 1]].pairs()
                self.at += 2
                continue
            first = last = self.unit()
            if self.pattern[self.at] == "-" and self.pattern[self.at + 1] != "]":
                self.at += 1
                last = self.unit()
            found.append((ord(first), ord(last) + 1))
        self.at += 1
        return ~Characters.ranges(found) if negative else Characters.ranges(found)


@cache
def _literal(unit: str) -> Tree:
    """Return the tree of a unit that is written for itself, or for both forms of a letter."""
    units = {unit.lower(), unit.upper(), *_OTHER_FORMS.get(unit.lower(), "")} if unit.isascii() else {unit}
    return One(Characters.ranges((ord(one), ord(one) + 1) for one in units))
