"""How the slots of a beam are shared out: in plain beam search, to the likeliest hypotheses."""

from typing import NamedTuple, Protocol

import numpy as np

from watchword.generation.candidates import Candidates
from watchword.generation.likeliest import likeliest


class Offers(NamedTuple):
    """Hypotheses of B photos at one step, M of each photo; those that are taken have a slot each.

    words: (B, M) int64, the last word. parents: (B, M) int64, the slot that it followed.
    log_probs: (B, M) float32, of that word. totals: (B, M) float64, of the whole hypothesis, less what its worn
    phrases cost; -inf marks an empty place. served: (B, M) int64, which demands it meets, as bits, or the group that
    it is in; 0 in plain beam search.
    """

    words: np.ndarray
    parents: np.ndarray
    log_probs: np.ndarray
    totals: np.ndarray
    served: np.ndarray

    def take(self, places: np.ndarray, totals: np.ndarray) -> "Offers":
        """Return those at `places` (B, W), with `totals` (B, W) in place of their own."""
        photos = np.arange(len(places))[:, None]
        return Offers(*(part[photos, places] for part in self))._replace(totals=totals)

    def columns(self, wanted: np.ndarray) -> "Offers":
        """Return only the columns that are True in `wanted` (M,)."""
        return Offers(*(part[:, wanted] for part in self))


class Slots(Protocol):
    """A way to share out the slots.

    enough: how many likely words must be known of each hypothesis; None for all.
    """

    enough: int | None

    def share(self, front: Offers, candidates: Candidates, spoken: int) -> tuple[Offers, Offers]:
        """Continue the hypotheses in the K slots of `front`, each of `spoken` words, by their candidates.

        Returns those that take a slot, and those that end here.
        """
        ...


class Plain:
    """All slots to the likeliest hypotheses."""

    def __init__(self, width: int, end: int) -> None:
        """Have `width` slots. One more word than that is needed of each hypothesis: one may be the end."""
        self.enough: int | None = width + 1
        self._width = width
        self._end = end

    def share(self, front: Offers, candidates: Candidates, spoken: int) -> tuple[Offers, Offers]:
        """Return the `width` best that go on, and those that end among the `width` best of all."""
        offers = continued(front, candidates, np.broadcast_to(front.served[:, :, None], candidates.words.shape))
        return best(offers, offers.totals, self._end, self._width)


def continued(front: Offers, candidates: Candidates, served: np.ndarray) -> Offers:
    """Return each hypothesis with each of its candidates, M = K x N. served: (B, K, N), by then."""
    photos, slots, choices = candidates.words.shape
    flat = (photos, slots * choices)
    return Offers(
        words=candidates.words.reshape(flat),
        parents=np.broadcast_to(np.repeat(np.arange(slots), choices), flat),
        log_probs=candidates.log_probs.reshape(flat),
        totals=(front.totals[:, :, None] + candidates.ranks).reshape(flat),
        served=served.reshape(flat),
    )


def best(offers: Offers, totals: np.ndarray, end: int, width: int) -> tuple[Offers, Offers]:
    """Return the `width` best that go on, and those that end among the `width` best of all.

    totals: (B, M), what to rank by. A hypothesis has one end at most, and at most `width` hypotheses
    compete here, so the best 2 x width hold all that is asked.
    """
    places, ranked = likeliest(totals, 2 * width)
    ends = offers.words[np.arange(len(places))[:, None], places] == end
    first = np.argsort(ends, axis=1, kind="stable")[:, :width]  # those that go on, in order; then the ends
    going = offers.take(
        np.take_along_axis(places, first, axis=1),
        np.take_along_axis(np.where(ends, -np.inf, ranked), first, axis=1),
    )
    return going, offers.take(places[:, :width], np.where(ends, ranked, -np.inf)[:, :width])
