"""How a clip moves, as 380 numbers: statistics of the whole frame, and of the square in which most moves."""

import numpy as np

from watchword.data.motion.cells import DOWN, FASTEST, JERK, RIGHT, SPEED
from watchword.data.motion.rows import over_time, rows

WIDTH = 380
_SPEEDS = np.linspace(-4, 4, 13)  # edges of the histograms: powers of two, in pixels a frame
_BOTH = np.linspace(-2, 4, 7), np.linspace(-3, 4, 8)
_MOVES, _TURNS = 0.15, 0.3  # pixels a frame: slower places do not count, slower motion has no angle
_LAGS = (1, 2, 4, 8)  # frames
_BANDS = ((1, 3), (3, 5), (5, 8), (8, 11), (11, 15))  # half cycles a second, in a window of two seconds


def statistics(whole: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Return (380,) float32 of the cells (T, H, L, 32) of the whole frame, and of the square in which most moves."""
    both = (whole, square)
    parts = [summary(part) for summary in (_rows, speeds, places) for part in both]
    return np.concatenate(parts).astype(np.float32)


def _rows(found: np.ndarray) -> np.ndarray:
    return over_time(rows(found))


def speeds(found: np.ndarray) -> np.ndarray:
    """Return (66,): square roots of the histograms of speed, of jerk, and of both together, over places and frames."""
    speed, jerk = (np.log2(found[..., which].ravel() + 0.05) for which in (FASTEST, JERK))
    single = [np.histogram(values, _SPEEDS)[0] for values in (speed, jerk)]
    both = np.histogram2d(speed, jerk, _BOTH)[0].ravel()
    shares = [counts / max(counts.sum(), 1) for counts in single]  # a clip that stands still has none
    return np.sqrt(np.concatenate([*shares, both / (both.sum() + 1)]))


def places(found: np.ndarray) -> np.ndarray:
    """Return (16,): what each place does over time, averaged over places by how much they move.

    How its speed swings; how like itself it is 1, 2, 4, 8 frames later; its mean turn; how far it gets for its way;
    five bands of frequency; logarithms of acceleration, its 90th percentile, speed and largest speed.
    """
    speed, flow = found[..., SPEED], found[..., RIGHT] + 1j * found[..., DOWN]
    mean = speed.mean(0)
    weights = mean * (mean > _MOVES) + 1e-4
    weights = weights / weights.sum()
    apart, variance = speed - mean, speed.var(0) + 1e-3
    before, after = flow[:-1], flow[1:]
    turning = (np.abs(after) > _TURNS) & (np.abs(before) > _TURNS)
    turn = np.where(turning, np.abs(np.angle(after * before.conj())), 0)
    power = np.abs(np.fft.rfft(apart, axis=0)) ** 2
    power = power / (power.sum(0) + 1e-6)
    jerk = np.abs(after - before)
    numbers = [
        speed.std(0) / (mean + 0.05),
        *((apart[lag:] * apart[:-lag]).mean(0) / variance for lag in _LAGS),
        turn.mean(0),
        np.abs(flow.mean(0)) / (mean + 0.05),
        *(power[low:high].sum(0) for low, high in _BANDS),
    ]
    sizes = [jerk.mean(0), np.percentile(jerk, 90, axis=0), mean, speed.max(0)]
    averages = [(weights * number).sum() for number in numbers]
    return np.array([*averages, *(np.log((weights * size).sum() + 0.02) for size in sizes)])
