"""An exported decoder as search sees it: `start.onnx` and `step.onnx` behind `core.types.Stepper`."""

from typing import Any

import numpy as np

from watchword.core.errors import BundleError
from watchword.core.types import Arrays, Features, Scores
from watchword.runtime.sessions import Session

_MEMORY, _STATE, _NEXT = "memory_", "state_", "next_"


class OnnxStepper:
    """Implements `core.types.Stepper`: memory and state are the graphs' own, without their prefixes.

    The step graph picks its likeliest words itself; if those are enough, the scores of the whole
    vocabulary are never copied out.
    """

    def __init__(self, start: Session, step: Session, vocabulary: int) -> None:
        """Join two graphs; `BundleError` if they do not fit each other or a vocabulary of that many words."""
        self._start, self._step = start, step
        self._memory = [name for name in start.outputs if name.startswith(_MEMORY) and name in step.inputs]
        self._state = [name.removeprefix(_STATE) for name in start.outputs if name.startswith(_STATE)]
        self._next = [_NEXT + name for name in self._state]
        step.demand(["words"], ["log_probs", "best_words", "best_log_probs", *self._next])
        if strange := step.inputs.keys() - {"words", *self._memory, *(_STATE + name for name in self._state)}:
            raise BundleError(f"{step.name!r} takes {', '.join(sorted(strange))}, which {start.name!r} does not give")
        if (words := step.outputs["log_probs"][-1]) != vocabulary:
            raise BundleError(f"{step.name!r} scores {words} words; the vocabulary has {vocabulary}")
        best = step.outputs["best_words"][-1]
        self._most = best if isinstance(best, int) else 0

    def start(self, features: Features[np.ndarray]) -> tuple[Any, Arrays]:
        """Return the memory of B photos and the state before the first word, K = 1."""
        feeds = {name: array for name, array in features._asdict().items() if name in self._start.inputs}
        states = [_STATE + name for name in self._state]
        given = self._start.run([*self._memory, *states], feeds)
        return {name: given[name] for name in self._memory}, self._named(given, states)

    def step(self, words: np.ndarray, memory: Any, state: Arrays, best: int | None = None) -> tuple[Scores, Arrays]:
        """Read words (B, K); hand back the `best` likeliest next ones if the graph picks so many, else all."""
        feeds = {_STATE + name: state[name] for name in self._state if _STATE + name in self._step.inputs}
        feeds |= {"words": words, **memory}
        if best is None or best > self._most:
            given = self._step.run(["log_probs", *self._next], feeds)
            return Scores(given["log_probs"]), self._named(given, self._next)
        given = self._step.run(["best_words", "best_log_probs", *self._next], feeds)
        scores = Scores(given["best_log_probs"][..., :best], given["best_words"][..., :best])
        return scores, self._named(given, self._next)

    def _named(self, given: Arrays, prefixed: list[str]) -> Arrays:
        """Return the states among `given` under their own names."""
        return {name: given[long] for name, long in zip(self._state, prefixed, strict=True)}
