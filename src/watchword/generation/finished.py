"""The best sentences of each photo that have come to their end."""

import numpy as np


class Finished:
    """The n best of each of B photos so far, best first.

    scores: (B, n) float64, -inf where there is none yet. counts, slots: (B, n), how many words the
    sentence has and where in the trellis the last one stands. ends: (B, n) float32, the
    log-probability of the end; NaN for a sentence that was kept without one.
    """

    def __init__(self, photos: int, n: int) -> None:
        """Start with none."""
        self.scores = np.full((photos, n), -np.inf)
        self.counts = np.zeros((photos, n), dtype=np.int64)
        self.slots = np.zeros((photos, n), dtype=np.int64)
        self.ends = np.full((photos, n), np.nan, dtype=np.float32)

    def add(self, scores: np.ndarray, count: int, slots: np.ndarray, ends: np.ndarray) -> None:
        """Offer sentences of `count` words: scores, slots, ends (B, E); -inf scores are not kept.

        Of equal scores the one that came first stays in front.
        """
        if not np.isfinite(scores).any():
            return
        n = self.scores.shape[1]
        together = np.concatenate([self.scores, scores], axis=1)
        order = np.argsort(-together, axis=1, kind="stable")[:, :n]
        self.scores = np.take_along_axis(together, order, axis=1)
        self.counts = _merge(self.counts, np.full(scores.shape, count), order)
        self.slots = _merge(self.slots, slots, order)
        self.ends = _merge(self.ends, ends, order)

    def cannot_change(self, reach: np.ndarray) -> np.ndarray:
        """Return (B,) bool: whether sentences that score at most `reach` (B,) leave the n best as they are."""
        return self.scores[:, -1] >= reach


def _merge(kept: np.ndarray, new: np.ndarray, order: np.ndarray) -> np.ndarray:
    return np.take_along_axis(np.concatenate([kept, new], axis=1), order, axis=1)
