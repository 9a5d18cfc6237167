"""Several decoders of one vocabulary, searched as if they were one."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np

from watchword.core.errors import SearchError, suggestion
from watchword.core.types import Arrays, Features, Scores, Stepper

Mean = Literal["probabilities", "log_probabilities"]


class Ensemble:
    """Implements `core.types.Stepper` over several: the next word's probabilities are the mean of theirs.

    mean: "probabilities", or "log_probabilities" (their geometric mean, made to sum to one again), in which
        any member can all but forbid a word. Whether vocabularies are the same is for the caller to see to.
    weights: how much each member counts, none below 0; alike if None. Of probabilities this is how S2VT scores the
        words of an RGB and a flow model again (paper 3, section 2.3.2.2: alpha and 1 - alpha).
    "looked" is the mean over the members that attend to as many cells as the search's features have.
    """

    def __init__(
        self, members: Sequence[Stepper], mean: Mean = "probabilities", weights: Sequence[float] | None = None
    ) -> None:
        """Join `members`; `SearchError` if there is none, or no such mean, or the weights do not fit."""
        if not members:
            raise SearchError("an ensemble of no models: give one or more")
        if mean not in get_args(Mean):
            raise SearchError(f"mean={mean!r}{suggestion(mean, get_args(Mean))}: one of {', '.join(get_args(Mean))}")
        self._members, self._mean, self._weights = list(members), mean, shares(weights, len(members))

    def weighed(self, weights: Sequence[float]) -> "Ensemble":
        """Return the same members with other weights; `SearchError` where these do not fit."""
        return Ensemble(self._members, self._mean, weights)

    def start(self, features: Features[np.ndarray]) -> tuple[Any, Arrays]:
        """Start every member with the same features; one that needs its own is `Bound` to them."""
        cells = features.cells.shape[1]
        memories, states = zip(*(member.start(features) for member in self._members), strict=True)
        return (cells, memories), _together(states, cells)

    def step(self, words: np.ndarray, memory: Any, state: Arrays, best: int | None = None) -> tuple[Scores, Arrays]:
        """Have every member read words (B, K); the mean needs all words' scores, so `best` is not followed."""
        cells, memories = memory
        scored, states = [], []
        for place, (member, own) in enumerate(zip(self._members, memories, strict=True)):
            scores, after = member.step(words, own, _part(state, place))
            scored.append(scores.log_probs)
            states.append(after)
        average = _arithmetic if self._mean == "probabilities" else _geometric
        return Scores(average(scored, self._weights)), _together(states, cells)


class Bound:
    """A stepper that starts from features of its own, whatever the search was given."""

    def __init__(self, stepper: Stepper, features: Features[np.ndarray]) -> None:
        """Bind `stepper` to `features`, of the photos that the search is about."""
        self._features = features
        self._stepper, self.step = stepper, stepper.step

    def start(self, features: Features[np.ndarray]) -> tuple[Any, Arrays]:
        """Return the memory and the state of its own features."""
        return self._stepper.start(self._features)


def shares(weights: Sequence[float] | None, members: int) -> np.ndarray:
    """Return weights (members,) float32 that sum to one, alike if None; `SearchError` where they do not fit."""
    given = np.ones(members) if weights is None else np.array(weights, np.float64)
    if len(given) != members or not np.isfinite(given.sum()) or given.min() < 0 or not given.any():
        said = ":".join(f"{weight:g}" for weight in given)
        raise SearchError(
            f"weights {said} for {members} models: give a number of 0 or more for each, one of them above 0, as in 1:2"
        )
    return (given / given.sum()).astype(np.float32)


def _arithmetic(log_probs: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Return the logarithm of the mean of probabilities (..., V), each given as its logarithm."""
    total = np.exp(log_probs[0]) * weights[0]
    for more, weight in zip(log_probs[1:], weights[1:], strict=True):
        total += np.exp(more) * weight
    with np.errstate(divide="ignore"):  # a word that no member thinks possible
        return np.log(total)


def _geometric(log_probs: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Return the mean of log-probabilities (..., V), less what makes their probabilities sum to one."""
    counted = [more * weight for more, weight in zip(log_probs, weights, strict=True) if weight]  # 0 times -inf is none
    total = counted[0]
    for more in counted[1:]:
        total = total + more
    top = total.max(axis=-1, keepdims=True)
    return total - (top + np.log(np.exp(total - top).sum(axis=-1, keepdims=True)))


def _together(states: Sequence[Arrays], cells: int) -> Arrays:
    """Return the members' states under one roof, and where they looked on the whole."""
    joined = {f"{place}.{name}": values for place, state in enumerate(states) for name, values in state.items()}
    looks = [state["looked"] for state in states if "looked" in state and state["looked"].shape[-1] == cells]
    return joined | ({"looked": np.mean(looks, axis=0)} if looks else {})


def _part(state: Arrays, place: int) -> Arrays:
    """Return the state of the member at `place` under its own names."""
    prefix = f"{place}."
    return {name.removeprefix(prefix): values for name, values in state.items() if name.startswith(prefix)}
