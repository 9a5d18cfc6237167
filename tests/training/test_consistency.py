"""Sentences that are to lie near their clips."""

import numpy as np
import pytest
import torch

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.decoders.consistent_attending import ConsistentAttending
from watchword.training.consistency import Consistent
from watchword.training.objectives import CrossEntropy

V, CELLS = 12, 5


@pytest.fixture
def decoder():
    torch.manual_seed(1)
    return ConsistentAttending(
        vocabulary=V, cells=CELLS, width=16, attention="additive", heads=1, dropout=0.0, tied=True
    )


@pytest.fixture
def features():
    torch.manual_seed(2)
    return Features(torch.zeros(4, 1), torch.randn(4, 6, CELLS), torch.ones(4, 6, dtype=torch.bool))


def batch(sentences, weights=(1.0, 1.0, 1.0, 1.0)):
    """Two sentences of each of four clips, of which only `sentences` are real."""
    random = np.random.default_rng(3)
    targets = random.integers(4, V, (4, 2, 3))
    mask = np.zeros((4, 2, 3), bool)
    mask[:, :sentences] = True
    words = np.concatenate((np.ones((4, 2, 1), np.int64), targets[..., :-1]), -1)
    return Batch(
        ids=list("abcd"),
        rows=np.arange(4),
        words=words,
        targets=targets,
        mask=mask,
        weights=np.array(weights, np.float32),
        sentences=np.tile(np.arange(2), (4, 1)),
        views=np.zeros(4, np.int64),
    )


def test_it_is_the_loss_of_the_words_and_so_much_of_the_distance(decoder, features):
    given = batch(2)
    words, count = CrossEntropy(0.1)(decoder, features, given)
    both, counted = Consistent(0.1, weight=3.0)(decoder, features, given)
    apart = decoder.apart(features, torch.from_numpy(given.targets), torch.from_numpy(given.mask))
    assert count == counted == 8
    assert both.item() == pytest.approx((words + 3.0 * apart.mean()).item(), rel=1e-5)


def test_padding_up_to_the_most_sentences_does_not_count(decoder, features):
    given = batch(1)
    apart = decoder.apart(features, torch.from_numpy(given.targets), torch.from_numpy(given.mask))[:, 0].mean()
    both, count = Consistent(0.0, weight=1.0)(decoder, features, given)
    words, _ = CrossEntropy(0.0)(decoder, features, given)
    assert count == 4
    assert (both - words).item() == pytest.approx(apart.item(), rel=1e-4)


def test_clips_count_by_their_weights(decoder, features):
    given = batch(1, (0.0, 0.0, 1.0, 0.0))
    apart = decoder.apart(features, torch.from_numpy(given.targets), torch.from_numpy(given.mask))[2, 0]
    difference = (
        Consistent(0.0, weight=1.0)(decoder, features, given)[0] - CrossEntropy(0.0)(decoder, features, given)[0]
    )
    assert difference.item() == pytest.approx(apart.item(), rel=1e-4)


def test_sentences_come_to_lie_nearest_to_their_own_clips(decoder, features):
    """The distance alone tells them apart once it was made small."""
    given, mask = batch(1), torch.ones(4, 4, 3, dtype=torch.bool)
    everyone = torch.from_numpy(given.targets[:, 0])[None].expand(4, -1, -1)
    optimizer = torch.optim.Adam(decoder.parameters(), lr=1e-2)
    for _ in range(60):
        loss, _ = Consistent(0.0, weight=1.0)(decoder, features, given)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    apart = decoder.apart(features, everyone, mask)
    assert apart.argmin(1).tolist() == [0, 1, 2, 3]
