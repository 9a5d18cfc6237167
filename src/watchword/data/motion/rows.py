"""What moves in each frame, as a row of 23 numbers: how fast, how much of it, how orderly."""

import numpy as np

from watchword.data.motion import cells as at

_PERCENTILES = (50, 75, 90, 97)
_FAST = (0.5, 1, 2, 4)  # pixels a frame
_BEARINGS = np.exp(2j * np.pi * np.arange(8) / 8)


def rows(found: np.ndarray) -> np.ndarray:
    """Return (T, 23) of cells (T, H, L, 32), `data.motion.cells`.

    Logarithms of mean, largest and four percentiles of the speed; shares of cells above four speeds; jerk,
    divergence and curl for their speed; change of grey, and for its speed; disorder of directions in the frame, and in
    its cells; agreement of directions; what the fastest twentieth has of all speed; what cancels out within a cell;
    95th percentiles of jerk, divergence and curl.
    """
    count = len(found)
    flat = found.reshape(count, -1, found.shape[-1])
    speed, fastest, jerk, divergence, curl, change = (flat[..., i] for i in range(at.SPEED, at.CHANGE + 1))
    mean, hof = speed.mean(1), flat[..., at.HOF]
    frame = hof.sum(1)
    ranked = np.sort(speed, 1)[:, ::-1]
    first = ranked[:, : max(1, ranked.shape[1] // 20)]
    drift = np.hypot(flat[..., at.RIGHT], flat[..., at.DOWN]).mean(1)
    numbers = [
        np.log(mean + 0.02),
        np.log(fastest.max(1) + 0.1),
        *(np.log(np.percentile(fastest, share, axis=1) + 0.1) for share in _PERCENTILES),
        *((fastest > limit).mean(1) for limit in _FAST),
        np.log((jerk.mean(1) + 0.02) / (mean + 0.02)),
        np.log((divergence.mean(1) + 0.01) / (mean + 0.02)),
        np.log((curl.mean(1) + 0.01) / (mean + 0.02)),
        np.log(change.mean(1) + 0.5),
        np.log((change.mean(1) + 0.5) / (mean + 0.1)),
        _disorder(frame),
        _mean_disorder(hof),
        np.abs(frame @ _BEARINGS) / (frame.sum(1) + 1e-6),
        (first.sum(1) + 0.01) / (ranked.sum(1) + 0.02),
        1 - (drift + 0.01) / (mean + 0.02),
        np.log(np.percentile(jerk, 95, axis=1) + 0.05),
        np.log(np.percentile(divergence, 95, axis=1) + 0.02),
        np.log(np.percentile(curl, 95, axis=1) + 0.02),
    ]
    return np.stack(numbers, 1)


def over_time(row: np.ndarray) -> np.ndarray:
    """Return (4 x 23 + 16,) of rows (T, 23): mean, deviation, 90th percentile, mean change; of the first eight, how
    like themselves they are one frame later, and four.
    """
    apart = row - row.mean(0)
    alike = [((apart[later:] * apart[:-later]).mean(0) / (row.var(0) + 1e-3))[:8] for later in (1, 4)]
    changes = np.abs(np.diff(row, axis=0)).mean(0)
    return np.concatenate([row.mean(0), row.std(0), np.percentile(row, 90, axis=0), changes, *alike])


def _disorder(counts: np.ndarray) -> np.ndarray:
    """Return the entropy (…) of histograms (…, N)."""
    shares = counts / (counts.sum(-1, keepdims=True) + 1e-6)
    return -(shares * np.log(shares + 1e-6)).sum(-1)


def _mean_disorder(hof: np.ndarray) -> np.ndarray:
    """Return the mean entropy (T,) of the cells' histograms (T, C, 8), each counting as much as it moves."""
    weights = hof.sum(-1) + 1e-4
    return (_disorder(hof) * weights).sum(1) / weights.sum(1)
