import numpy as np
import pytest

from watchword.generation.hypotheses import Spoken, hypotheses, normalised

NAN, NOTHING = np.nan, -np.inf


def spoken(ends, scores, counts, looked=None):
    """Return arrays of one photo: hypothesis p says p0, p1, p2 with log-probabilities -p0, -p1, -p2."""
    words = np.array([[[10 * place + step for step in range(3)] for place in range(len(ends))]])
    return Spoken(words, -words.astype(np.float32), np.array([counts]), np.array([ends]), np.array([scores]), looked)


def test_finished_ones_come_first_then_the_best():
    [found] = hypotheses(spoken([NAN, -1.0, -1.0, NAN], [-1.0, -5.0, -4.0, -0.5], [3, 1, 2, 3]))
    assert [told.words for told in found] == [(20, 21), (10,), (30, 31, 32), (0, 1, 2)]
    assert [told.ended for told in found] == [True, True, False, False]
    assert [told.score for told in found] == [-4.0, -5.0, -0.5, -1.0]


def test_the_end_has_a_log_prob_if_there_is_one():
    [[finished, unfinished]] = hypotheses(spoken([-0.5, NAN], [-1.0, -2.0], [2, 2]))
    assert finished.log_probs == (0.0, -1.0, -0.5)
    assert unfinished.log_probs == (-10.0, -11.0)
    assert finished.log_prob == -1.5


def test_empty_places_are_left_out():
    assert [len(photo) for photo in hypotheses(spoken([-1.0, NAN], [-1.0, NOTHING], [1, 0]))] == [1]


def test_looked_at_ends_with_the_words():
    looked = np.arange(2 * 3 * 4, dtype=np.float64).reshape(1, 2, 3, 4)
    [[first, second]] = hypotheses(spoken([-1.0, -1.0], [-1.0, -2.0], [2, 0], looked))
    assert first.looked_at.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert first.looked_at.dtype == np.float32
    assert second.looked_at.shape == (0, 4)


def test_values_are_those_of_python():
    [[told]] = hypotheses(spoken([-1.0], [-1.0], [2]))
    assert {type(word) for word in told.words} == {int}
    assert {type(value) for value in (*told.log_probs, told.score)} == {float}
    assert type(told.ended) is bool


@pytest.mark.parametrize(("exponent", "score"), [(0.0, -6.0), (1.0, -2.0), (2.0, -6 / 9)])
def test_normalised_divides_by_a_power_of_the_length(exponent, score):
    assert normalised(np.array([-6.0]), np.array([3]), exponent) == pytest.approx([score])
    assert normalised(np.array([-np.inf]), 3, exponent) == [-np.inf]
