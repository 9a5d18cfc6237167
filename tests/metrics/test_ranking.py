import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.ranking import ranking, ranks


def test_the_rank_is_that_of_the_best_right_item():
    similarity = np.array([[0.9, 0.5, 0.7], [0.1, 0.2, 0.3]])
    right = np.array([[False, True, True], [True, False, False]])
    assert ranks(similarity, right).tolist() == [2, 3]


def test_it_equals_sorting_the_list():
    rng = np.random.default_rng(0)
    similarity, right = rng.normal(size=(40, 25)), rng.random((40, 25)) < 0.2
    right[:, 3] = True
    order = np.argsort(-similarity, axis=1)
    wanted = [
        1 + next(place for place, item in enumerate(row) if right[query, item]) for query, row in enumerate(order)
    ]
    assert ranks(similarity, right).tolist() == wanted


def test_giving_everything_the_same_score_earns_nothing():
    assert ranks(np.zeros((1, 100)), np.eye(1, 100, dtype=bool)).tolist() == [100]


def test_recall_median_and_their_mean():
    found = ranking(np.array([1, 1, 4, 20]))
    assert found.recall == {1: 0.5, 5: 0.75, 10: 0.75}
    assert found.median == 2.5
    assert found.mean_recall == pytest.approx(2 / 3)
    assert ranking(np.array([3]), cuts=[2, 3]).recall == {2: 0.0, 3: 1.0}


@pytest.mark.parametrize(
    ("similarity", "right", "message"),
    [
        ([[1.0, 2.0]], [[True]], "both have a row a query"),
        ([[1.0, np.nan]], [[True, False]], "is nan"),
        ([[1.0, 2.0], [1.0, 2.0]], [[True, False], [False, False]], "query 1 has no right item"),
    ],
)
def test_what_cannot_be_ranked_is_refused(similarity, right, message):
    with pytest.raises(ScoreError, match=message):
        ranks(np.array(similarity), np.array(right))


def test_no_ranks_have_no_recall():
    with pytest.raises(ScoreError, match="give one rank or more"):
        ranking(np.array([]))
