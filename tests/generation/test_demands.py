import numpy as np
import pytest

from tests.generation.tables import rules
from watchword.core.errors import SearchError
from watchword.generation.demands import Demands


def demands(*groups):
    return Demands(rules(must_include=groups))


def test_each_word_serves_the_groups_it_is_in():
    served = demands((4, 5), (5, 6)).served_by(np.array([[3, 4, 5], [6, 7, 1000]]))
    assert served.tolist() == [[0, 0b01, 0b11], [0b10, 0, 0]]


def test_missing_is_the_fewest_words_that_serve_the_rest():
    assert demands(4, 5, 6).missing.tolist() == [3, 2, 2, 1, 2, 1, 1, 0]
    assert demands((4, 5), (5, 6)).missing.tolist() == [1, 1, 1, 0]


def test_missing_words_are_counted_where_the_greedy_count_would_be_too_high():
    # 10 serves groups 0 to 3, which tempts; yet 11 and 12 serve all six, three each.
    groups = ((10, 11), (10, 11), (10, 12), (10, 12), (11,), (12,))
    assert demands(*groups).missing[0] == 2


def test_counts_are_of_groups_served():
    assert demands(4, 5).counts.tolist() == [0, 1, 1, 2]


def test_no_demands_are_met_from_the_start():
    nothing = demands()
    assert nothing.counts.tolist() == [0]
    assert nothing.missing.tolist() == [0]
    assert nothing.served_by(np.array([4, 5])).tolist() == [0, 0]


def test_more_groups_than_can_be_placed_are_an_error():
    with pytest.raises(SearchError, match="must_include has 11 groups of words; 10 are the most"):
        Demands(rules(max_words=20, must_include=tuple(range(4, 15))))
