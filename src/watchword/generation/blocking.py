"""Which words may not come next."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from watchword.generation.constraints import Rules


def blocked_words(rules: Rules, shape: tuple[int, ...], spoken: int, told: np.ndarray | None) -> np.ndarray:
    """Return the words (B, K, J) int64 that may not follow; where fewer are blocked, `rules.start` fills up.

    shape: (B, K). spoken: how many words each hypothesis has. told: those words, (B, K, spoken); not
    needed where the rules are not `remembering`.
    """
    always = (*rules.forbidden, rules.end) if spoken < rules.min_words else rules.forbidden
    fixed = np.broadcast_to(np.array(always, dtype=np.int64), (*shape, len(always)))
    again = [fixed]
    if told is not None and 0 < rules.no_repeat_ngram <= spoken:
        again.append(repeats(told, rules.no_repeat_ngram, rules.start))
    if told is not None and rules.once:
        again.append(np.where(np.isin(told, rules.once), told, rules.start))
    return np.concatenate(again, axis=-1)


def repeats(told: np.ndarray, run: int, filler: int) -> np.ndarray:
    """Return the words that would complete a run of `run` words for the second time.

    told: (B, K, T) int64 with T >= run. Returns (B, K, R), R the most that a row has; `filler` fills up
    the others. A word stands there once for each run that it would repeat.
    """
    earlier = sliding_window_view(told, run, axis=-1)  # (B, K, T - run + 1, run)
    closing = told[..., told.shape[-1] - run + 1 :]  # (B, K, run - 1)
    again = (earlier[..., :-1] == closing[..., None, :]).all(axis=-1)
    most = again.sum(axis=-1).max()
    places = np.argsort(~again, axis=-1, kind="stable")[..., :most]
    return np.take_along_axis(np.where(again, earlier[..., -1], filler), places, axis=-1)
