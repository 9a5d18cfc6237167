"""Trees of patterns as one graph of places and steps (Thompson 1968)."""

from collections.abc import Iterable, Sequence

from watchword.metrics.treebank.characters import Characters
from watchword.metrics.treebank.notation import Either, One, Repeat, Row, Tree


class Graph:
    """Places, numbered, and how to go on from each.

    steps: of each place, (number of a set of units, place it leads to). skips: of each place, those that it
    leads to without a unit. ends: where a pattern is complete, with the pattern's number. root: where all begin.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        """Join the trees of patterns, numbered in their order."""
        self.steps: list[list[tuple[int, int]]] = []
        self.skips: list[list[int]] = []
        self._sets: dict[Characters, int] = {}
        self._reach: dict[int, frozenset[int]] = {}
        self.root = self._place()
        self.ends = {self._add(tree, self._after(self.root)): number for number, tree in enumerate(trees)}

    def kind(self, unit: str) -> int:
        """Return which of the sets hold a unit, as bits."""
        return sum(1 << number for members, number in self._sets.items() if unit in members)

    def closure(self, places: Iterable[int]) -> frozenset[int]:
        """Return the places themselves and those that they lead to without a unit."""
        return frozenset().union(*map(self._reached, places))

    def follow(self, places: Iterable[int], kind: int) -> frozenset[int]:
        """Return the places that a unit of this kind leads to."""
        return self.closure({to for place in places for members, to in self.steps[place] if kind >> members & 1})

    def _reached(self, place: int) -> frozenset[int]:
        if place not in self._reach:
            found, waiting = {place}, [place]
            while waiting:
                new = set(self.skips[waiting.pop()]) - found
                found |= new
                waiting += new
            self._reach[place] = frozenset(one for one in found if self.steps[one] or one in self.ends)
        return self._reach[place]

    def _place(self) -> int:
        self.steps.append([])
        self.skips.append([])
        return len(self.steps) - 1

    def _after(self, place: int) -> int:
        """Return a new place that `place` leads to without a unit."""
        self.skips[place].append(new := self._place())
        return new

    def _add(self, tree: Tree, start: int) -> int:
        """Put a tree into the graph from `start` on; return the place where it is complete."""
        match tree:
            case One(members):
                end = self._place()
                self.steps[start].append((self._sets.setdefault(members, len(self._sets)), end))
                return end
            case Row(parts):
                for part in parts:
                    start = self._add(part, start)
                return start
            case Either(options):
                ends = [self._add(option, self._after(start)) for option in options]
                end = self._place()
                for each in ends:
                    self.skips[each].append(end)
                return end
            case Repeat(part, least, most):
                return self._repeat(part, least, most, start)

    def _repeat(self, part: Tree, least: int, most: int | None, start: int) -> int:
        for _ in range(least):
            start = self._add(part, start)
        end = self._after(start)
        if most is None:
            loop = self._after(start)
            last = self._add(part, loop)
            self.skips[last] += [loop, end]
            return end
        for _ in range(most - least):
            start = self._add(part, self._after(start))
            self.skips[start].append(end)
        return end
