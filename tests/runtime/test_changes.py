"""Where the time of a clip is cut, on sentences that were made up."""

from itertools import pairwise

import numpy as np
import pytest

from watchword.core.types import Sentence
from watchword.runtime.agreement import Shares, content, likeness
from watchword.runtime.changes import Changes, Told

PICTURE = np.zeros((2, 2, 3), np.uint8)


def said(text, confidence=None):
    return Sentence(text, tuple(text.split()), (), confidence)


def stretches(sentences, step=0.5, cuts=(), **settings):
    """The stretches of sentences that are `step` seconds apart, as (start, end, sentences)."""
    changes, found, start = Changes(**settings), [], 0.0
    for number, text in enumerate(sentences):
        over = changes.add(Told(PICTURE, number * step, said(text), number in cuts))
        if over:
            found.append((start, changes.begun, [told.sentence.text for told in over]))
            start = changes.begun
    if over := changes.end():
        found.append((start, len(sentences) * step, [told.sentence.text for told in over]))
    return found


def spans(*arguments, **settings):
    return [(start, end) for start, end, _ in stretches(*arguments, **settings)]


def test_what_stays_the_same_is_one_stretch():
    assert spans(["a man is sitting"] * 20) == [(0.0, 10.0)]


def test_nothing_is_nothing():
    assert spans([]) == []
    assert Changes().end() == []


def test_a_shot_is_cut_at_once_even_if_the_same_is_said():
    assert spans(["a man"] * 8, cuts=(3,)) == [(0.0, 1.5), (1.5, 4.0)]


def test_a_cut_at_the_first_frame_is_none():
    assert spans(["a man"] * 4, cuts=(0,)) == [(0.0, 2.0)]


def test_a_change_for_good_is_cut_where_it_began():
    assert spans(["a man is sitting"] * 8 + ["two dogs run"] * 8) == [(0.0, 4.0), (4.0, 8.0)]


def test_a_flicker_changes_nothing():
    flicker = (["a man is sitting"] * 5 + ["a dog runs"] * 3) * 4
    assert spans(flicker) == [(0.0, 16.0)]


def test_what_departs_but_does_not_agree_with_itself_changes_nothing():
    odd = ["red cars", "blue birds", "green trees", "old boats", "tall towers", "small fish", "wet streets", "hot food"]
    assert spans(["a man is sitting"] * 8 + odd) == [(0.0, 8.0)]


def test_half_a_change_is_none():
    assert spans(["a man is sitting"] * 8 + ["a man is standing"] * 8) == [(0.0, 8.0)]


def test_nothing_shorter_than_settles_is_cut_off():
    assert spans(["a man"] * 2 + ["two dogs"] * 12, settle=2.0)[0][1] >= 2.0


@pytest.mark.parametrize("settings", [{"longest": 3.0}, {"most": 6}])
def test_long_ones_are_cut_anyway(settings):
    assert spans(["a man"] * 16, **settings) == [(0.0, 3.0), (3.0, 6.0), (6.0, 8.0)]


def test_stretches_leave_no_frame_out():
    texts = ["a man"] * 5 + ["two dogs"] * 7 + ["a man"] + ["two dogs"] * 3 + ["red cars"] * 9
    found = stretches(texts, cuts=(14,), longest=4.0)
    assert [text for _, _, frames in found for text in frames] == texts
    assert all(before[1] == after[0] for before, after in pairwise(found))


def test_words_that_hold_sentences_together_are_no_content():
    assert content(said("a man is in the house")) == {"man", "house"}
    assert likeness(frozenset(), frozenset()) == 1.0
    assert likeness(frozenset("ab"), frozenset("bc")) == 0.5


def test_shares_of_words():
    shares = Shares([said("a dog runs"), said("a dog sits")])
    assert shares.of(said("the dog runs")) == 0.75
    assert shares.of(said("is the")) == 1.0
    assert Shares().of(said("a dog")) == 1.0


def test_shots_that_are_over_at_once_are_one_stretch():
    assert spans(["a man"] * 8, cuts=(2, 3, 4, 7)) == [(0.0, 1.0), (1.0, 2.0), (2.0, 3.5), (3.5, 4.0)]
