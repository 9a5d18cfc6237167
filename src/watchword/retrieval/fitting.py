"""Which of the photos that a search found fit: none unless the best does, then each that is likely enough itself."""

from collections.abc import Sequence

from watchword.retrieval.calibration import Calibration
from watchword.retrieval.hits import Hit
from watchword.retrieval.searching import By

_SEVERAL = 60


def looked_at(limit: int, by: By) -> int:
    """Return how many hits to look at for `limit` that fit: by sentences the likeliest do not come first."""
    return limit if by == "regions" else max(limit, _SEVERAL)


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
    return [hit for hit in hits if hit is best or likely(hit, least)]


def likely(hit: Hit, least: float) -> bool:
    """Tell whether a hit is likely enough to fit; without a calibration it is."""
    return hit.probability is None or hit.probability >= least


def best_of(hits: Sequence[Hit]) -> Hit | None:
    """Return the hit that is the likeliest to answer the search; the first where there are no probabilities."""
    return max(hits, key=lambda hit: hit.answers or 0.0, default=None)


def hidden(hits: Sequence[Hit], fits: Sequence[Hit]) -> int:
    """Count those of some hits that are not among the ones that fit."""
    shown = {hit.path for hit in fits}
    return sum(hit.path not in shown for hit in hits)
