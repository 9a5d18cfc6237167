import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.data.order import appearances, grouped

SEEDS = st.integers(0, 2**32)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=30), SEEDS)
def test_a_row_appears_as_often_as_its_weight_up_to_one(weights, seed):
    rows = appearances(np.array(weights), np.random.default_rng(seed))
    times = np.bincount(rows, minlength=len(weights))
    assert (times >= np.floor(weights)).all()
    assert (times <= np.ceil(weights)).all()
    assert (np.diff(rows) >= 0).all()


def test_over_many_epochs_the_mean_is_the_weight():
    weights = np.array([0.25, 1.0, 2.5, 0.0])
    epochs = [np.bincount(appearances(weights, np.random.default_rng(seed)), minlength=4) for seed in range(2000)]
    assert np.mean(epochs, 0) == pytest.approx(weights, abs=0.04)


@given(st.lists(st.integers(1, 30), min_size=0, max_size=200), st.integers(1, 9), st.integers(1, 5), SEEDS)
def test_every_place_is_in_one_batch(lengths, batch, pool, seed):
    parts = grouped(np.array(lengths, np.int64), batch, pool, np.random.default_rng(seed))
    assert sorted(int(i) for part in parts for i in part) == list(range(len(lengths)))
    assert len(parts) == -(-len(lengths) // batch)
    assert sorted(len(part) for part in parts)[1:] == [batch] * (len(parts) - 1)


def test_like_lengths_lie_together_and_batches_are_in_no_order_of_length():
    lengths = np.random.default_rng(0).integers(5, 25, 2000)
    parts = grouped(lengths, 32, 20, np.random.default_rng(1))
    padded = sum(lengths[part].max() * len(part) for part in parts)
    assert padded / lengths.sum() < 1.1  # unsorted: about 1.6
    longest = [lengths[part].max() for part in parts]
    assert abs(np.corrcoef(longest, np.arange(len(longest)))[0, 1]) < 0.3


ROWS = [1, 2, 3, 3]
PARTS = [[2, 5], [1, 3], [0], [6, 4]]


def test_the_order_is_the_same_on_every_machine():
    """Pinned: a checkpoint resumed elsewhere has to meet the batches it would have met here."""
    random = np.random.default_rng((7, 3))
    assert appearances(np.array([0.5, 1.5, 0.5, 2.0]), random).tolist() == ROWS
    assert [part.tolist() for part in grouped(np.array([5, 1, 4, 2, 3, 6, 0]), 2, 2, random)] == PARTS
