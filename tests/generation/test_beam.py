import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.generation import naive
from tests.generation.tables import LONGEST, PAD, START, ScriptedStepper, TableStepper, photos, rules
from tests.generation.trials import WIDE, assert_same, few, seeds
from watchword.core.errors import SearchError
from watchword.generation.beam import beam_search


@few
@given(seeds, some.sampled_from(["all", "asked", 4]))
def test_a_wide_beam_finds_the_best_sentences_of_all(seed, handing):
    expected = naive.sentences(TableStepper(), photos(seed), rules())
    found = beam_search(TableStepper(handing=handing), photos(seed), rules(), WIDE, n=20)
    assert_same(found, [expected[0][:20]])


@few
@given(seeds, some.sampled_from([0.3, 0.7, 1.0, 2.0]))
def test_length_normalisation_ranks_all_sentences_by_their_score(seed, exponent):
    expected = naive.sentences(TableStepper(), photos(seed), rules(), exponent)
    found = beam_search(TableStepper(), photos(seed), rules(), WIDE, 10, exponent)
    assert_same(found, [expected[0][:10]], exponent)


@few
@given(seeds, some.integers(1, 3), some.integers(0, 2))
def test_a_wide_beam_is_exact_under_rules_on_runs_and_length(seed, run, shortest):
    allowed = rules(no_repeat_ngram=run, min_words=shortest)
    expected = naive.sentences(TableStepper(), photos(seed), allowed)
    for handing in ("all", "asked", 2):
        found = beam_search(TableStepper(handing=handing), photos(seed), allowed, WIDE, n=10)
        assert_same(found, [expected[0][:10]])


@few
@given(seeds, some.sampled_from([(), (5,), (4, 6, 7)]), some.sampled_from([0, 2]))
def test_words_that_are_said_once_are_said_once(seed, once, run):
    allowed = rules(once=once, no_repeat_ngram=run, max_words=4)
    expected = naive.sentences(TableStepper(), photos(seed), allowed)
    for handing in ("all", "asked", 2):
        found = beam_search(TableStepper(handing=handing), photos(seed), allowed, WIDE, n=10)
        assert_same(found, [expected[0][:10]])


@few
@given(
    seeds,
    some.sampled_from([2, 3, 5]),
    some.sampled_from([0.0, 0.7, 1.5]),
    some.integers(0, 3),
    some.sampled_from(["all", "asked", 2, 3, 4]),
    some.sampled_from([0.0, 2.0]),
)
def test_a_narrow_beam_is_the_naive_beam_that_never_stops_early(seed, width, exponent, run, handing, ending):
    allowed = rules(max_words=9, no_repeat_ngram=run, min_words=1)
    batch = photos(*range(seed, seed + 6))
    expected = naive.beam(TableStepper(14, ending=ending), batch, allowed, width, width, exponent)
    found = beam_search(TableStepper(14, handing, ending=ending), batch, allowed, width, width, exponent)
    assert_same(found, expected, exponent)


@pytest.mark.parametrize("seed", range(20))
def test_words_beyond_those_handed_back_are_found_where_the_end_takes_a_place(seed):
    no_padding = rules(forbidden=())
    expected = naive.beam(TableStepper(8, ending=1.0), photos(seed), no_padding, 2, 2)
    assert_same(beam_search(TableStepper(8, 2, ending=1.0), photos(seed), no_padding, 2, 2), expected)


@few
@given(seeds)
def test_impossible_words_are_never_said(seed):
    stepper = TableStepper(zeros=0.5)
    expected = naive.sentences(stepper, photos(seed), rules())
    assert_same(beam_search(stepper, photos(seed), rules(), WIDE, n=10), [expected[0][:10]])


def test_a_batch_says_what_its_photos_say_alone():
    allowed = rules(max_words=8, no_repeat_ngram=2)
    together = beam_search(TableStepper(12), photos(*range(40)), allowed, 3, 3)
    alone = [beam_search(TableStepper(12), photos(seed), allowed, 3, 3)[0] for seed in range(40)]
    assert together == alone


def test_a_wider_beam_is_better_on_average():
    def mean(width):
        found = beam_search(TableStepper(20), photos(*range(200)), rules(max_words=8), width)
        return np.mean([hypotheses[0].score for hypotheses in found])

    scores = [mean(width) for width in (1, 2, 4, 8, 32)]
    assert scores == sorted(scores)
    assert scores[-1] > scores[0] + 0.05


SURE, OVER = [0, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 0]


def test_the_search_stops_when_no_hypothesis_can_win_any_more():
    stepper = ScriptedStepper([0, 0, 0.7, 0, 0.3, 0], SURE)
    beam_search(stepper, photos(0), rules(max_words=50))
    assert len(stepper.asked) == 1  # a sentence of .7 is done, and what goes on is at .3


def test_the_search_goes_on_while_length_may_make_up_for_probability():
    rows = [0, 0, 0.7, 0, 0.3, 0], SURE, SURE, SURE, OVER
    [[found]] = beam_search(ScriptedStepper(*rows), photos(0), rules(max_words=4), length_normalization=1.0)
    assert found.words == (4, 4, 4, 4)
    assert found.score == pytest.approx(np.log(0.3) / 5)  # above log(.7), which ended first
    stepper = ScriptedStepper(*rows)
    beam_search(stepper, photos(0), rules(max_words=2), length_normalization=1.0)
    assert len(stepper.asked) == 1  # log(.3) / 3 is below it


def test_as_many_sentences_as_asked_for_are_waited_for():
    stepper = ScriptedStepper([0, 0, 0.7, 0, 0.3, 0], [0, 0, 0.5, 0, 0.3, 0.2], OVER)
    [found] = beam_search(stepper, photos(0), rules(), 3, 3)
    assert [told.words for told in found] == [(), (4,), (4, 4)]


def test_the_empty_sentence_is_a_sentence():
    [[first, second]] = beam_search(ScriptedStepper([0, 0, 0.7, 0, 0.2, 0.1]), photos(0), rules(), 3, 2)
    assert first.words == ()
    assert first.log_probs == pytest.approx([np.log(0.7)])
    assert first.looked_at.shape == (0, LONGEST)
    assert second.words == (4,)
    assert second.log_probs == pytest.approx(np.log([0.2, 0.7]))


def test_a_sentence_may_have_one_word():
    [[first]] = beam_search(ScriptedStepper([0, 0, 0.1, 0, 0.8, 0.1], [0, 0, 1, 0, 0, 0]), photos(0), rules())
    assert first.words == (4,)
    assert first.log_probs == pytest.approx([np.log(0.8), 0])
    assert first.ended


def test_unfinished_sentences_come_only_where_none_is_finished():
    endless, ending = [0, 0, 0, 0, 0.7, 0.3], [0, 0, 0.3, 0, 0.4, 0.3]
    [unfinished] = beam_search(ScriptedStepper(endless), photos(0), rules(max_words=3), 2, 2)
    assert [told.words for told in unfinished] == [(4, 4, 4), (4, 4, 5)]
    assert [told.ended for told in unfinished] == [False, False]
    assert unfinished[0].log_probs == pytest.approx(np.log([0.7] * 3))
    assert unfinished[0].score == pytest.approx(3 * np.log(0.7))
    assert unfinished[0].looked_at.shape == (3, LONGEST)
    once = ScriptedStepper(endless, endless, ending, endless)
    [finished] = beam_search(once, photos(0), rules(max_words=3), 4, 4)
    assert [(told.words, told.ended) for told in finished] == [((4, 4), True)]  # other ends fall out of the beam


def test_each_photo_has_its_own_unfinished_sentences():
    batch = photos(*range(30))
    allowed = rules(max_words=3)
    found = beam_search(TableStepper(20, sharpness=1.0), batch, allowed, 2, 2)
    assert_same(found, naive.beam(TableStepper(20, sharpness=1.0), batch, allowed, 2, 2))
    assert {photo[0].ended for photo in found} == {True, False}


def test_forbidden_words_are_never_said_however_likely():
    likely_unknown = [0.3, 0.2, 0.01, 0.4, 0.05, 0.04]
    for handing in ("all", "asked", 3):
        stepper = ScriptedStepper(likely_unknown, handing=handing)
        [found] = beam_search(stepper, photos(0), rules(), 4, 4)
        assert {word for told in found for word in told.words} <= {4, 5}


def test_a_vocabulary_needs_no_unknown_word():
    [[found]] = beam_search(ScriptedStepper([0, 0, 0.1, 0.9], [0, 0, 1, 0]), photos(0), rules(forbidden=(PAD,)))
    assert found.words == (3,)


def test_what_was_looked_at_follows_the_words_through_the_beam():
    for photo in beam_search(TableStepper(12), photos(*range(20)), rules(max_words=7), 4, 4):
        for told in photo:
            assert told.looked_at.dtype == np.float32
            for place, looked in enumerate(told.looked_at):
                before = [START, *told.words[:place]]
                assert looked.tolist() == [0.0] * (LONGEST - len(before)) + [word + 1.0 for word in before]


def test_rules_that_leave_no_sentence_are_an_error():
    only_one_word = ScriptedStepper([0, 0, 0.5, 0, 0.5, 0])
    with pytest.raises(SearchError, match=r"photo 0 of 2 .* min_words=3, no_repeat_ngram=1.*loosen"):
        beam_search(only_one_word, photos(0, 1), rules(min_words=3, no_repeat_ngram=1))
