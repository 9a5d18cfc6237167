"""The chain against every labelling there is, and against the other chain of the package."""

from itertools import pairwise as neighbours
from itertools import product

import numpy as np
import pytest
import torch

from watchword.core.smoothing import aligned
from watchword.decoders import chain


def made(widths, clips=4, seed=0, spread=2.0):
    random = np.random.default_rng(seed)
    unaries = [torch.from_numpy(spread * random.standard_normal((clips, width))) for width in widths]
    return unaries, [torch.from_numpy(spread * random.standard_normal(size)) for size in neighbours(widths)]


def enumerated(unaries, pairwise):
    """Every labelling (M, R), and the score of each for each clip (B, M)."""
    labellings = list(product(*(range(unary.shape[1]) for unary in unaries)))
    scores = [
        sum(unary[:, label] for unary, label in zip(unaries, labels, strict=True))
        + sum(pairs[a, b] for pairs, a, b in zip(pairwise, labels, labels[1:], strict=False))
        for labels in labellings
    ]
    return torch.tensor(labellings), torch.stack(scores, 1)


@pytest.mark.parametrize("widths", [(3,), (1, 4), (4, 3), (3, 5, 2), (2, 3, 4, 2), (1, 1, 1)])
def test_sums_marginals_and_maxima_are_those_of_every_labelling(widths):
    for seed in range(5):
        unaries, pairwise = made(widths, seed=seed)
        labellings, scores = enumerated(unaries, pairwise)
        assert torch.allclose(chain.log_sum(unaries, pairwise), scores.logsumexp(1))
        assert torch.equal(chain.likeliest(unaries, pairwise), labellings[scores.argmax(1)])
        chances = scores.softmax(1)
        for r, found in enumerate(chain.log_marginals(unaries, pairwise)):
            wanted = torch.stack([chances[:, labellings[:, r] == n].sum(1) for n in range(widths[r])], 1)
            assert torch.allclose(found.exp(), wanted)
        for labels, score in zip(labellings, scores.T, strict=True):
            assert torch.allclose(chain.total(unaries, pairwise, labels.expand(4, -1)), score)


def test_scores_of_a_thousand_nats_do_not_overflow():
    unaries, pairwise = made((3, 4, 3), spread=1000.0)
    assert chain.log_sum(unaries, pairwise).isfinite().all()
    assert all(
        torch.allclose(each.exp().sum(1), torch.ones(4).double()) for each in chain.log_marginals(unaries, pairwise)
    )


def test_it_finds_what_the_chain_of_regions_finds():
    """`core.smoothing` is the chain whose neighbours are worth `beta` where they agree."""
    random = np.random.default_rng(3)
    for _ in range(20):
        similarities, beta = random.standard_normal((5, 4)), float(random.uniform(0, 2))
        unaries = [torch.from_numpy(row)[None] for row in similarities]
        found = chain.likeliest(unaries, [beta * torch.eye(4, dtype=torch.float64)] * 4)
        assert np.array_equal(found[0].numpy(), aligned(similarities, beta))


def test_a_row_a_place():
    rows = chain.as_rows(torch.tensor([[1, 0], [2, 1]]), (3, 2))
    assert rows.tolist() == [
        [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0]],
        [[0, 0, 1, 0, 0], [0, 0, 0, 0, 1]],
    ]
