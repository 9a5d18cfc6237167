"""Beam search for sentences that include given words."""

import numpy as np

from watchword.core.errors import SearchError
from watchword.core.types import Features, Stepper
from watchword.generation.beam import expand
from watchword.generation.candidates import Candidates
from watchword.generation.constraints import Rules
from watchword.generation.demands import Demands
from watchword.generation.hypotheses import Hypothesis
from watchword.generation.likeliest import likeliest
from watchword.generation.slots import Offers, best, continued


def constrained_search(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    width: int = 3,
    n: int = 1,
    length_normalization: float = 0.0,
) -> list[list[Hypothesis]]:
    """Return the n best sentences of each photo that include a word of each group of `rules.must_include`.

    Grid beam search (Hokamp and Liu 2017, arXiv:1704.07138): hypotheses compete only with those that
    have served as many groups, so a likely sentence without the words cannot crowd out one with them.
    There are groups + 1 banks of `width` slots; every demanded word is tried after every hypothesis;
    only the last bank may end. A hypothesis too long to take in the missing words is dropped. Score,
    ending and early stop are those of `beam_search`.

    Raises `SearchError` where the words do not fit into `max_words`, or the rules leave no sentence.
    """
    return expand(stepper, features, rules, Grid(width, rules), n, length_normalization)


class Grid:
    """A bank of slots for each number of groups served; it needs the score of every word."""

    def __init__(self, width: int, rules: Rules) -> None:
        """Have `width` slots in each bank."""
        self.enough: int | None = None
        self._width = width
        self._end = rules.end
        self._max_words = rules.max_words
        self._demands = Demands(rules)

    def share(self, front: Offers, candidates: Candidates, spoken: int) -> tuple[Offers, Offers]:
        """Return the `width` best of each bank that go on, and those of the last bank that end."""
        choices = self._choices(candidates)
        served = front.served[:, :, None] | self._demands.served_by(choices.words)
        room = max(self._max_words - spoken - 1, 0)  # for words after this one; an end leaves none missing
        fitting = np.where(self._demands.missing[served] > room, -np.inf, choices.log_probs)
        offers = continued(front, choices._replace(log_probs=fitting), served)
        banks = [self._best_of(bank, offers) for bank in range(self._demands.counts[-1] + 1)]
        going = Offers(*(np.concatenate(parts, axis=1) for parts in zip(*(bank[0] for bank in banks), strict=True)))
        return going, banks[-1][1]

    def _choices(self, candidates: Candidates) -> Candidates:
        """Return each hypothesis' best words, as many as a bank may need, and all demanded ones."""
        demanded, log_probs = self._demands.words, candidates.log_probs
        if len(demanded) and demanded[-1] >= log_probs.shape[-1]:
            raise SearchError(f"must_include has word {demanded[-1]}, but the model has {log_probs.shape[-1]} words")
        others = candidates.ranks.copy()
        others[..., demanded] = -np.inf
        places, _ = likeliest(others, self._width + 1)
        words = np.concatenate([places, np.broadcast_to(demanded, (*places.shape[:2], len(demanded)))], axis=-1)
        costs = np.broadcast_to(np.asarray(candidates.costs), log_probs.shape)
        # Of fewer words than asked for, demanded ones fill up the others' places: those count once.
        known = np.where(np.isneginf(np.take_along_axis(others, words, -1)), -np.inf, 0.0)
        known[..., places.shape[-1] :] = 0.0
        return Candidates(words, np.take_along_axis(log_probs, words, -1) + known, np.take_along_axis(costs, words, -1))

    def _best_of(self, bank: int, offers: Offers) -> tuple[Offers, Offers]:
        inside = self._demands.counts[offers.served] == bank
        return best(offers, np.where(inside, offers.totals, -np.inf), self._end, self._width)
