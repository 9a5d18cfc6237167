"""Which of the photos that a search found fit: none unless the best does, then each that is likely enough itself."""

from collections.abc import Sequence

from watchword.retrieval.calibration import Calibration
from watchword.retrieval.hits import Hit


def fitting(hits: Sequence[Hit], calibration: Calibration | None) -> list[Hit]:
    """Return which hits of one search fit, in their order; all of them without a calibration.

    None, where the best is not likely enough to answer the search; else those that are likely enough to fit
    themselves, and the best. A calibration that knows nothing of single photos judges each as it judges the best.
    """
    best = best_of(hits)
    if calibration is None or best is None or best.answers is None:
        return list(hits)
    if best.answers < calibration.least:
        return []
    least = calibration.photo.least if calibration.photo else calibration.least
    return [hit for hit in hits if hit is best or (hit.probability or 0.0) >= least]


def best_of(hits: Sequence[Hit]) -> Hit | None:
    """Return the hit that is the likeliest to answer the search; the first where there are no probabilities."""
    return max(hits, key=lambda hit: hit.answers or 0.0, default=None)
