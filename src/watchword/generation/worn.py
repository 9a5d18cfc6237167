"""Worn phrases, such as "in front of a crowd": a sentence may hold them, at a cost."""

from collections import Counter

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from watchword.generation.candidates import Candidates
from watchword.generation.constraints import Rules


def weighed(candidates: Candidates, rules: Rules, told: np.ndarray | None) -> Candidates:
    """Return candidates of which those that complete a worn phrase rank lower.

    told: (B, K, T) int64, the words of each hypothesis so far; not needed where the rules do not avoid anything.
    """
    if told is None or not rules.avoids:
        return candidates
    phrases = np.array(rules.worn, np.int64)
    begun = phrases.shape[1] - 1
    if told.shape[-1] < begun:
        return candidates
    near = (told[:, :, None, told.shape[-1] - begun :] == phrases[:, :-1]).all(axis=-1)  # (B, K, P)
    near &= ~_holds_one(told, phrases)[:, :, None]
    costs = np.zeros(candidates.words.shape)
    for photo, slot, phrase in np.argwhere(near):
        costs[photo, slot][candidates.words[photo, slot] == phrases[phrase, -1]] = rules.worn_cost
    return candidates._replace(costs=costs)


def _holds_one(told: np.ndarray, phrases: np.ndarray) -> np.ndarray:
    """Return (B, K) bool: whether what was told (B, K, T) holds one of the phrases (P, L) already."""
    length = phrases.shape[1]
    if told.shape[-1] < length:
        return np.zeros(told.shape[:2], bool)
    runs = sliding_window_view(told, length, axis=-1)
    return (runs[:, :, :, None] == phrases).all(axis=-1).any(axis=(2, 3))


def spare(rules: Rules) -> int:
    """Return how many more words must be known of a hypothesis: the most that can complete a phrase at once."""
    return max(Counter(phrase[:-1] for phrase in rules.worn).values(), default=0) if rules.avoids else 0
