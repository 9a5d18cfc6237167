"""Ask a decoder for the next words and leave out those that the rules forbid."""

from typing import Any, NamedTuple

import numpy as np

from watchword.core.errors import SearchError
from watchword.core.types import Arrays, Scores, Stepper
from watchword.generation.likeliest import likeliest


class Candidates(NamedTuple):
    """Words that may come next.

    words: (B, K, N) int64. log_probs: (B, K, N) float32, the model's own; -inf where a word is blocked.
    costs: (B, K, N) float64, what a word is ranked lower by, in nats, or 0 for all.
    """

    words: np.ndarray
    log_probs: np.ndarray
    costs: np.ndarray | float = 0.0

    @property
    def ranks(self) -> np.ndarray:
        """What words are chosen by: (B, K, N)."""
        return np.asarray(self.log_probs - self.costs)


def ask(
    stepper: Stepper, words: np.ndarray, memory: Any, state: Arrays, blocked: np.ndarray, enough: int | None
) -> tuple[Candidates, Arrays]:
    """Read words (B, K), and return what may follow and the state after.

    blocked: (B, K, J) int64, the words that may not follow, some of them more than once.
    enough: how many allowed words must be known of each row, the likeliest; None for all, in order of id.
    A decoder that hands back too few allowed words is asked a second time, for all.
    """
    if enough is not None:
        scores, after = stepper.step(words, memory, state, best=enough + blocked.shape[-1])
        if scores.words is None:
            return _of_all(scores, blocked, enough), after
        barred = (scores.words[..., None] == blocked[:, :, None, :]).any(axis=-1)
        if ((~barred).sum(axis=-1) >= enough).all():
            return Candidates(scores.words, np.where(barred, -np.inf, _numbers(scores))), after
    scores, after = stepper.step(words, memory, state)
    return _of_all(scores, blocked, enough), after


def _of_all(scores: Scores, blocked: np.ndarray, enough: int | None) -> Candidates:
    """Return the `enough` likeliest words of a whole vocabulary, or all of it."""
    log_probs = _numbers(scores).copy()  # the decoder may own the array
    np.put_along_axis(log_probs, blocked, -np.inf, axis=-1)
    if enough is not None:
        return Candidates(*likeliest(log_probs, enough))
    return Candidates(np.broadcast_to(np.arange(log_probs.shape[-1]), log_probs.shape), log_probs)


def _numbers(scores: Scores) -> np.ndarray:
    if np.isnan(scores.log_probs.max()):  # the maximum is NaN if any is
        raise SearchError(
            "the decoder gave NaN instead of probabilities; its weights or the features are damaged: "
            "check that the model's training did not diverge, or use another model"
        )
    return scores.log_probs
