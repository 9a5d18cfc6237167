"""Diverse beam search: groups of slots that keep away from the words of the groups before them."""

import numpy as np

from watchword.core.types import Features, Stepper
from watchword.generation.beam import expand
from watchword.generation.candidates import Candidates
from watchword.generation.constraints import Rules
from watchword.generation.hypotheses import Hypothesis, distinct
from watchword.generation.slots import Offers, best, continued


def diverse_search(
    stepper: Stepper,
    features: Features[np.ndarray],
    rules: Rules,
    width: int = 6,
    n: int = 1,
    length_normalization: float = 0.0,
    groups: int = 3,
    diversity: float = 0.5,
) -> list[list[Hypothesis]]:
    """Return the n best different sentences that `groups` beams of width / groups slots find, best first.

    Vijayakumar et al. 2018, "Diverse beam search" (arXiv:1610.02424), with Hamming diversity: at each step
    the groups choose one after another, and a word counts for `diversity` nats less for every hypothesis
    of an earlier group that was continued by it at this step. The penalty steers the choice and no more:
    totals, scores and the order of what is returned are the model's own. The end is never penalised, for
    sentences that are equally long are not alike. One group is `beam_search`; so are ending and early stop.
    """
    slots = Groups(width, groups, diversity, rules.end)
    # Every group may have found the same sentence, so the first n different ones are among so many.
    found = expand(stepper, features, rules, slots, n * groups, length_normalization)
    return [distinct(photo)[:n] for photo in found]


class Groups:
    """Equal shares of the slots, each for the continuations of one group; `Offers.served` holds the group."""

    def __init__(self, width: int, groups: int, diversity: float, end: int) -> None:
        """Share `width` slots among `groups`, of which it has to be a multiple.

        Of each hypothesis one word more than there are slots is needed: so many that one may be the end and
        the other groups' words may be avoided.
        """
        self.enough: int | None = width + 1
        self._each, self._groups = width // groups, groups
        self._diversity = diversity
        self._end = end

    def share(self, front: Offers, candidates: Candidates, spoken: int) -> tuple[Offers, Offers]:
        """Return the best of each group that go on, and those that end among the best of each group."""
        offers = continued(front, candidates, np.broadcast_to(front.served[:, :, None], candidates.words.shape))
        taken = np.zeros((len(offers.words), 0), dtype=np.int64)
        shares = []
        for group in range(self._groups):
            alike = (offers.words[:, :, None] == taken[:, None, :]).sum(axis=-1)
            ranks = offers.totals - self._diversity * alike
            ranks[(offers.served != group) & (spoken > 0)] = -np.inf  # at first all go on from the same nothing
            found = best(offers, ranks, self._end, self._each)
            chosen = [self._own(part, taken, group) for part in found]
            going = chosen[0]
            taken = np.concatenate([taken, np.where(np.isneginf(going.totals), -1, going.words)], axis=1)
            shares.append(chosen)
        going, ending = (Offers(*map(_beside, *parts)) for parts in zip(*shares, strict=True))
        return going, ending

    def _own(self, chosen: Offers, taken: np.ndarray, group: int) -> Offers:
        """Return what was chosen for a group with totals that are free of the penalty."""
        alike = (chosen.words[:, :, None] == taken[:, None, :]).sum(axis=-1)
        return chosen._replace(totals=chosen.totals + self._diversity * alike, served=np.full_like(chosen.words, group))


def _beside(*parts: np.ndarray) -> np.ndarray:
    return np.concatenate(parts, axis=1)
