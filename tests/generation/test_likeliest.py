import numpy as np
import pytest

from watchword.generation.likeliest import FEW, likeliest


@pytest.mark.parametrize("n", [1, 5, FEW, FEW + 1, 200])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_is_a_stable_sort_cut_short(n, dtype):
    scores = np.random.default_rng(0).integers(0, 30, (3, 4, 150)).astype(dtype)  # many ties
    places, values = likeliest(scores, n)
    order = np.argsort(-scores, axis=-1, kind="stable")[..., :n]
    assert (places == order).all()
    assert (values == np.take_along_axis(scores, order, axis=-1)).all()
    assert values.dtype == dtype


@pytest.mark.parametrize("n", [4, FEW + 4])
def test_where_too_few_may_be_picked_the_rest_is_minus_infinity(n):
    scores = np.full((1, FEW + 9), -np.inf)
    scores[0, [5, 2]] = [-1.0, -3.0]
    places, values = likeliest(scores, n)
    assert places[0, :2].tolist() == [5, 2]
    assert values[0].tolist() == [-1.0, -3.0] + [-np.inf] * (n - 2)


def test_the_scores_are_left_as_they_are():
    scores = np.array([[3.0, 1.0, 2.0]])
    likeliest(scores, 2)
    assert scores.tolist() == [[3.0, 1.0, 2.0]]
