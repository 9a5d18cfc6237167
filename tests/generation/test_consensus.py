import numpy as np
import pytest

from watchword.core.errors import SearchError
from watchword.generation.consensus import by_consensus
from watchword.generation.hypotheses import Hypothesis


def told(*words, ended=True):
    return Hypothesis(words, (-1.0,) * (len(words) + ended), -1.0, ended)


def shared(sentences):
    """Say how many words two sentences share; whether a sentence is like itself must not count."""
    return np.array([[float(len(set(one) & set(two))) for two in sentences] for one in sentences])


def test_the_sentence_that_is_most_like_the_others_comes_first():
    candidates = [told(9, 8, 7, 6, 5), told(4, 5), told(4, 3, 2), told(4, 3, 2, 1)]
    found = by_consensus(candidates, shared)
    assert [one.words for one in found] == [(4, 3, 2), (4, 3, 2, 1), (4, 5), (9, 8, 7, 6, 5)]
    assert [one.score for one in found] == pytest.approx([4 / 3, 4 / 3, 3 / 3, 1 / 3])


def test_it_is_the_naive_choice():
    random = np.random.default_rng(0)
    for _ in range(50):
        likeness = random.random((6, 6))
        found = by_consensus([told(word) for word in range(6)], lambda sentences: likeness)  # noqa: B023
        means = [np.mean([likeness[i, j] for j in range(6) if j != i]) for i in range(6)]
        assert [one.words[0] for one in found] == sorted(range(6), key=lambda i: -means[i])
        assert [one.score for one in found] == pytest.approx(sorted(means, reverse=True))


def test_what_was_drawn_often_counts_often():
    often, once = told(4, 5), told(4, 6, 7, 8)
    assert by_consensus([once, often, often], shared)[0] is not once
    assert [one.words for one in by_consensus([once, often, often], shared)] == [(4, 5), (4, 5), (4, 6, 7, 8)]


def test_finished_sentences_come_first():
    found = by_consensus([told(4, 3, ended=False), told(4, 3, ended=False), told(9)], shared)
    assert [one.ended for one in found] == [True, False, False]


def test_of_equals_the_one_in_front_stays_there():
    candidates = [told(4), told(5), told(6)]
    assert [one.words for one in by_consensus(candidates, shared)] == [(4,), (5,), (6,)]


@pytest.mark.parametrize("candidates", [[], [told(4)]])
def test_there_is_no_consensus_of_fewer_than_two(candidates):
    assert by_consensus(candidates, shared) == candidates


def test_a_likeness_of_another_shape_is_refused():
    with pytest.raises(SearchError, match=r"shape \(2,\) for 2 sentences; a square is needed"):
        by_consensus([told(4), told(5)], lambda sentences: np.zeros(2))
