import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.generation import naive
from tests.generation.tables import ScriptedStepper, TableStepper, photos, rules
from tests.generation.trials import WIDE, assert_same, few, seeds
from watchword.core.errors import SearchError
from watchword.generation.beam import beam_search
from watchword.generation.constrained import constrained_search

demands = some.lists(
    some.one_of(some.integers(4, 6), some.lists(some.integers(4, 6), min_size=1, max_size=2).map(tuple)),
    min_size=1,
    max_size=3,
).map(tuple)


@few
@given(seeds, demands, some.sampled_from([0.0, 0.7]))
def test_a_wide_search_finds_the_best_sentences_with_the_words(seed, demanded, exponent):
    allowed = rules(must_include=demanded)
    expected = naive.sentences(TableStepper(7), photos(seed), allowed, exponent)
    found = constrained_search(TableStepper(7), photos(seed), allowed, WIDE, 15, exponent)
    assert_same(found, [expected[0][:15]], exponent)


@few
@given(seeds, demands, some.integers(1, 2))
def test_other_rules_hold_as_well(seed, demanded, run):
    allowed = rules(must_include=demanded, no_repeat_ngram=run, min_words=2)
    expected = naive.sentences(TableStepper(7), photos(seed), allowed)
    for handing in ("all", "asked", 4):
        found = constrained_search(TableStepper(7, handing), photos(seed), allowed, WIDE, 15)
        assert_same(found, [expected[0][:15]])


@few
@given(seeds, demands, some.integers(1, 3), some.sampled_from([0.0, 0.7]), some.sampled_from([0.0, 2.0]))
def test_a_narrow_search_is_the_naive_one(seed, demanded, width, exponent, ending):
    allowed = rules(max_words=5, must_include=demanded)
    batch = photos(*range(seed, seed + 4))
    expected = naive.grid(TableStepper(10, ending=ending), batch, allowed, width, width, exponent)
    found = constrained_search(TableStepper(10, ending=ending), batch, allowed, width, width, exponent)
    assert_same(found, expected, exponent)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seeds, some.sets(some.integers(4, 29), min_size=1, max_size=4), some.integers(1, 4))
def test_a_narrow_search_includes_the_words_all_the_same(seed, words, width):
    allowed = rules(max_words=5, must_include=tuple(words))
    for photo in constrained_search(TableStepper(30), photos(seed, seed + 1), allowed, width, width):
        assert 1 <= len(photo) <= width
        assert all(words <= set(told.words) for told in photo)


def test_a_sentence_can_be_no_longer_than_the_words_demanded():
    [[found]] = constrained_search(TableStepper(), photos(1), rules(max_words=2, must_include=(5, 4)), WIDE)
    assert sorted(found.words) == [4, 5]


def test_words_that_the_best_sentence_has_anyway_change_nothing():
    plain = beam_search(TableStepper(), photos(3), rules(), WIDE, 2)[0]
    best = next(told for told in plain if told.words)
    [[found]] = constrained_search(TableStepper(), photos(3), rules(must_include=best.words), WIDE)
    assert found.words == best.words
    assert found.log_probs == best.log_probs


def test_one_word_may_serve_several_groups():
    allowed = rules(max_words=1, must_include=((4, 5), (5, 6), 5))
    [[found]] = constrained_search(TableStepper(7), photos(0), allowed)
    assert found.words == (5,)


def test_an_alternative_is_enough():
    only_dogs = ScriptedStepper([0, 0, 0, 0, 0.5, 0.0, 0.5], [0, 0, 1, 0, 0, 0, 0])
    [[found]] = constrained_search(only_dogs, photos(0), rules(must_include=((5, 6),)))
    assert found.words == (6,)


def test_unlikely_words_are_put_in_before_it_is_too_late():
    seldom = ScriptedStepper([0, 0, 0, 0, 0.998, 0.002], [0, 0, 0, 0, 0.999, 0.001], [0, 0, 0.9, 0, 0.1, 0])
    [[found]] = constrained_search(seldom, photos(0), rules(must_include=(5,)), 1)
    assert found.words == (5, 4)
    assert found.log_prob == pytest.approx(np.log(0.002 * 0.999 * 0.9), rel=1e-5)


def test_unfinished_sentences_have_the_words_too():
    endless = ScriptedStepper([0, 0, 0, 0, 0.9, 0.1])
    [[found]] = constrained_search(endless, photos(0), rules(max_words=3, must_include=(5,)), 2)
    assert sorted(found.words) == [4, 4, 5]
    assert not found.ended


def test_a_batch_says_what_its_photos_say_alone():
    allowed = rules(max_words=6, must_include=(5, (7, 8)))
    together = constrained_search(TableStepper(12), photos(*range(20)), allowed, 3, 3)
    alone = [constrained_search(TableStepper(12), photos(seed), allowed, 3, 3)[0] for seed in range(20)]
    assert together == alone


def test_without_demands_it_is_plain_beam_search():
    batch = photos(*range(20))
    found = constrained_search(TableStepper(12), batch, rules(), 3, 3)
    assert found == beam_search(TableStepper(12), batch, rules(), 3, 3)


def test_words_that_do_not_fit_are_an_error_before_any_step():
    stepper = TableStepper(9)
    with pytest.raises(SearchError, match=r"takes 3 words or more, but max_words is 2; raise max_words"):
        constrained_search(stepper, photos(0), rules(max_words=2, must_include=(4, 5, (6, 7))))
    assert stepper.asked == []


def test_words_beyond_the_vocabulary_are_an_error():
    with pytest.raises(SearchError, match="must_include has word 99, but the model has 6 words"):
        constrained_search(TableStepper(), photos(0), rules(must_include=(99,)))


def test_impossible_words_are_an_error():
    with pytest.raises(SearchError, match=r"no sentence about photo 0 of 1 .*must_include=\(\(5,\),\)"):
        constrained_search(ScriptedStepper([0, 0, 0.5, 0, 0.5, 0]), photos(0), rules(must_include=(5,)))
