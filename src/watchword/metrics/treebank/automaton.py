"""Many patterns matched at once, in one pass over the text.

Of all the sets of places in the graph that texts could reach, only those are made that texts do reach, when
first reached. A scan that runs far beyond its longest match leaves notes, so that no text takes longer
than its length (Reps 1998, '"Maximal-munch" tokenization in linear time').
"""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from watchword.metrics.treebank.graph import Graph
from watchword.metrics.treebank.notation import Tree

NONE = -1
Notes = set[tuple[int, int]]  # (place in the text, number of a state) from where no match is reached
_FAR = 16  # units past the last match, from which on notes are taken
_ROOM = 400_000  # steps remembered, over all states, before all are forgotten


class Match(NamedTuple):
    """The longest match at a place.

    pattern: its number, `NONE` without a match. end: one past its last unit.
    open: whether more text, after the end of what was given, could change it.
    """

    pattern: int
    end: int
    open: bool


class State(dict[str, "State | None"]):
    """The places that a text has led to, and, by unit, the states that follow; None where nothing can."""

    __slots__ = ("automaton", "kinds", "number", "open", "pattern", "places")

    def __init__(self, automaton: "Automaton", number: int, places: frozenset[int]) -> None:
        graph = automaton.graph
        self.automaton, self.number, self.places = automaton, number, places
        self.kinds: dict[int, State | None] = {}
        self.pattern = min((graph.ends[place] for place in places if place in graph.ends), default=NONE)
        self.open = any(graph.steps[place] for place in places)

    def __missing__(self, unit: str) -> "State | None":
        """Find the state that follows `unit`, and remember it."""
        self[unit] = found = self.automaton.follow(self, unit)
        return found


class Automaton:
    """Finds the longest match of any of some patterns; of equally long ones that of the first."""

    def __init__(self, trees: Sequence[Tree]) -> None:
        """Take the patterns, as trees."""
        self.graph = Graph(trees)
        self._kinds: dict[str, int] = {}
        self._states: dict[frozenset[int], State] = {}
        self._numbers, self._remembered = count(), 0
        self._start = self._state(self.graph.closure([self.graph.root]))

    def longest(self, text: str, start: int, notes: Notes) -> Match:
        """Return the longest match from `start`. notes: of this text, taken and read here."""
        state: State | None = self._start
        pattern, end = NONE, start
        taken: list[tuple[int, int]] = []
        for at in range(start, len(text)):
            state = state[text[at]]  # type: ignore[index]  # never None here
            if state is None:
                break
            if state.pattern >= 0:
                pattern, end = state.pattern, at + 1
                taken.clear()
            elif at - end > _FAR:
                note = at, state.number
                if note in notes:
                    break
                taken.append(note)
        else:
            return Match(pattern, end, state is not None and state.open)
        notes.update(taken)
        return Match(pattern, end, open=False)

    def ends(self, text: str, start: int, stop: int) -> list[int]:
        """Return where matches from `start` can end, up to `stop`, shortest first."""
        state: State | None = self._start
        found = [start] if self._start.pattern >= 0 else []
        for at in range(start, stop):
            state = state[text[at]]  # type: ignore[index]  # never None here
            if state is None:
                break
            if state.pattern >= 0:
                found.append(at + 1)
        return found

    def follow(self, state: State, unit: str) -> State | None:
        """Return the state that a unit leads to; None where no pattern goes on."""
        self._remembered += 1
        if self._remembered > _ROOM:
            self._forget()
        if unit not in self._kinds:
            self._kinds[unit] = self.graph.kind(unit)
        kind = self._kinds[unit]
        if kind not in state.kinds:
            places = self.graph.follow(state.places, kind)
            state.kinds[kind] = self._state(places) if places else None
        return state.kinds[kind]

    def _state(self, places: frozenset[int]) -> State:
        if places not in self._states:
            self._states[places] = State(self, next(self._numbers), places)
        return self._states[places]

    def _forget(self) -> None:
        """Forget the steps, not the states: those are no more than the patterns allow."""
        self._remembered = 0
        for state in self._states.values():
            state.clear()
