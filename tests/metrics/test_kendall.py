import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.errors import ScoreError
from watchword.metrics.kendall import inversions, kendall


def naive(xs, ys):
    """Both coefficients, from the definition: every pair is looked at."""
    signs = [
        ((x > other) - (x < other), (y > another) - (y < another))
        for place, (x, y) in enumerate(zip(xs, ys, strict=True))
        for other, another in zip(xs[:place], ys[:place], strict=True)
    ]
    agreeing = sum(a * b for a, b in signs)
    loose_x, loose_y = sum(a != 0 for a, _ in signs), sum(b != 0 for _, b in signs)
    least = min(len(set(xs)), len(set(ys)))
    return agreeing / math.sqrt(loose_x * loose_y), 2 * agreeing * least / (len(xs) ** 2 * (least - 1))


numbers = st.lists(st.integers(0, 5), min_size=2, max_size=40)


@given(numbers, st.randoms(use_true_random=False))
def test_it_equals_the_definition(xs, rng):
    ys = [rng.choice([x, rng.randint(0, 5)]) for x in xs]
    found = kendall(np.array(xs), np.array(ys))
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        assert math.isnan(found.tau_b)
        assert math.isnan(found.tau_c)
    else:
        assert (found.tau_b, found.tau_c) == pytest.approx(naive(xs, ys))


def test_the_same_order_is_one_and_the_opposite_minus_one():
    up = np.arange(100) / 7
    assert kendall(up, up**3).tau_b == kendall(up, up**3).tau_c == 1
    assert kendall(up, -up).tau_b == kendall(up, -up).tau_c == -1


@given(st.lists(st.integers(0, 300), max_size=60))
def test_inversions_are_counted(numbers):
    pairs = sum(a > b for place, b in enumerate(numbers) for a in numbers[:place])
    assert inversions(np.array(numbers, np.int64)) == pairs


@pytest.mark.parametrize(
    ("xs", "ys", "message"),
    [([1], [1], "2 or more"), ([1, 2], [1, 2, 3], "as many of both"), ([1, math.nan], [1, 2], "no place in an order")],
)
def test_what_has_no_order_is_refused(xs, ys, message):
    with pytest.raises(ScoreError, match=message):
        kendall(np.array(xs), np.array(ys))
