"""Two orders made one, whatever their scores mean."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

_DAMPING = 60  # Cormack, Clarke and Buettcher 2009

Item = TypeVar("Item", bound=Hashable)


def fuse(*orders: Sequence[Item]) -> list[Item]:
    """Return what is in any order, best first, by reciprocal rank fusion: the sum of 1 / (60 + rank from 1).

    What an order does not hold gets nothing from it. Of equals, what comes first in the first order comes first.
    """
    totals = dict[Item, float]()
    for order in orders:
        for rank, item in enumerate(order, 1):
            totals[item] = totals.get(item, 0.0) + 1 / (_DAMPING + rank)
    return sorted(totals, key=lambda item: -totals[item])
