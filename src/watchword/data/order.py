"""In which order an epoch goes through its rows: weighted, shuffled, like lengths together."""

import numpy as np


def appearances(weights: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the rows of one epoch (R,) int64, in order, each as often as its weight says.

    weights: (N,) float, not negative. A row appears floor(weight) times, and once more with the probability
    of what is left: its expected number of appearances is its weight, and no single epoch is off by one or more.
    """
    whole = np.floor(weights)
    times = whole.astype(np.int64) + (random.random(len(weights)) < weights - whole)
    return np.repeat(np.arange(len(weights)), times)


def grouped(lengths: np.ndarray, batch: int, pool: int, random: np.random.Generator) -> list[np.ndarray]:
    """Part the places 0 to R - 1 into shuffled batches of like lengths.

    lengths: (R,) int64. batch: places in a batch; one batch may be smaller. pool: so many batches are drawn
    at random, sorted by length and parted again, so that a batch needs little padding but its rows are not
    the same in every epoch.
    """
    shuffled = random.permutation(len(lengths))
    parts = []
    for first in range(0, len(shuffled), batch * pool):
        places = shuffled[first : first + batch * pool]
        places = places[np.argsort(lengths[places], kind="stable")]
        parts += [places[i : i + batch] for i in range(0, len(places), batch)]
    return [parts[i] for i in random.permutation(len(parts))]
