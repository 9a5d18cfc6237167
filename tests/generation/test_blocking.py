import numpy as np
import pytest

from tests.generation.tables import rules
from watchword.generation.blocking import blocked_words, repeats


@pytest.mark.parametrize(
    ("told", "run", "blocked"),
    [
        ([4, 5, 4], 1, {4, 5}),
        ([4, 5, 4], 2, {5}),
        ([4, 5, 6], 2, set()),
        ([4, 5, 6, 4, 5], 3, {6}),
        ([4, 5, 6, 4, 5, 7, 4, 5], 3, {6, 7}),
        ([4, 4, 4], 3, {4}),
        ([4, 5], 2, set()),
    ],
)
def test_words_that_complete_a_run_again(told, run, blocked):
    assert set(repeats(np.array([[told]]), run, filler=1).ravel().tolist()) - {1} == blocked


def test_each_row_has_its_own_words():
    told = np.array([[[4, 5, 4], [5, 5, 5]], [[6, 4, 6], [4, 5, 6]]])
    assert repeats(told, 2, filler=1).tolist() == [[[5, 1], [5, 5]], [[4, 1], [1, 1]]]
    assert repeats(told[1:], 2, filler=1).tolist() == [[[4], [1]]]
    assert repeats(told[1:, 1:], 2, filler=1).shape == (1, 1, 0)


def test_forbidden_words_are_always_blocked():
    assert blocked_words(rules(), (2, 3), 0, None).tolist() == [[[0, 1, 3]] * 3] * 2


def test_the_end_is_blocked_until_there_are_enough_words():
    allowed = rules(min_words=2)
    assert [2 in blocked_words(allowed, (1, 1), spoken, None) for spoken in range(4)] == [True, True, False, False]


def test_words_said_once_are_blocked_from_then_on():
    told = np.array([[[4, 5], [6, 4]]])
    allowed = rules(once=(5, 6))
    assert blocked_words(allowed, (1, 2), 2, told).tolist() == [[[0, 1, 3, 1, 5], [0, 1, 3, 6, 1]]]
    assert allowed.remembering
    assert not rules().remembering


def test_short_sentences_have_no_run_yet():
    told = np.array([[[4, 4]]])
    assert blocked_words(rules(no_repeat_ngram=3), (1, 1), 2, told).tolist() == [[[0, 1, 3]]]
    assert blocked_words(rules(no_repeat_ngram=2), (1, 1), 2, told).tolist() == [[[0, 1, 3, 4]]]
