"""The steps of a beam search, kept as they were made; sentences are read off backwards."""

import numpy as np


class Trellis:
    """For each step and slot: the word chosen, its log-probability, and the slot it followed.

    Nothing is reordered while the search runs; `trace` walks back from any slot to its first word.
    """

    def __init__(self, photos: int) -> None:
        """Start without any word, for B photos with one slot each."""
        self.words: list[np.ndarray] = []
        self.log_probs: list[np.ndarray] = []
        self.parents: list[np.ndarray] = []
        self.looked: list[np.ndarray] = []
        self._photos = np.arange(photos)[:, None]

    def add(self, words: np.ndarray, log_probs: np.ndarray, parents: np.ndarray, looked: np.ndarray | None) -> None:
        """Add a step: (B, K) each, and looked (B, K before, C) by the slots that `parents` names."""
        self.words.append(words)
        self.log_probs.append(log_probs)
        self.parents.append(parents)
        if looked is not None:
            self.looked.append(looked)

    def histories(self) -> np.ndarray:
        """Return the words (B, K, T) behind each of the K slots of the last step."""
        slots = np.arange(self.words[-1].shape[1] if self.words else 1)
        shape = (len(self._photos), len(slots))
        return self.trace(np.full(shape, len(self.words)), np.broadcast_to(slots, shape))[0]

    def trace(self, counts: np.ndarray, slots: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """Return words (B, P, T), log-probabilities (B, P, T) and looked (B, P, T, C) or None of P sentences.

        counts: (B, P), how many words each has. slots: (B, P), where its last word stands. T is the
        number of steps; what lies beyond a sentence's count means nothing.
        """
        shape = (*counts.shape, len(self.words))
        words, log_probs = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.float32)
        looked = np.zeros((*shape, self.looked[0].shape[-1]), dtype=np.float32) if self.looked else None
        for step in reversed(range(len(self.words))):
            inside = counts > step
            here = np.where(inside, slots, 0)
            words[..., step] = self.words[step][self._photos, here]
            log_probs[..., step] = self.log_probs[step][self._photos, here]
            parents = self.parents[step][self._photos, here]
            if looked is not None:
                looked[..., step, :] = self.looked[step][self._photos, parents]
            slots = np.where(inside, parents, slots)
        return words, log_probs, looked
