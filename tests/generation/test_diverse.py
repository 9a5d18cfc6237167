import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.generation import naive
from tests.generation.tables import LONGEST, START, ScriptedStepper, TableStepper, photos, rules
from tests.generation.trials import assert_same, few, seeds
from watchword.generation.beam import beam_search
from watchword.generation.diverse import diverse_search

MANY = photos(*range(60))


@few
@given(seeds, some.integers(1, 6), some.sampled_from([0.0, 0.7]), some.sampled_from([0.0, 0.5, 5.0]))
def test_one_group_is_plain_beam_search(seed, width, exponent, diversity):
    batch, allowed = photos(*range(seed, seed + 6)), rules(max_words=9)
    plain = beam_search(TableStepper(14), batch, allowed, width, width, exponent)
    assert diverse_search(TableStepper(14), batch, allowed, width, width, exponent, 1, diversity) == plain


@few
@given(
    seeds,
    some.sampled_from([(2, 2), (4, 2), (6, 2), (6, 3), (3, 3)]),
    some.sampled_from([0.0, 0.7, 1.5]),
    some.sampled_from([0.0, 0.3, 1.0, 8.0]),
    some.sampled_from(["all", "asked", 2, 4]),
    some.sampled_from([0.0, 2.0]),
)
def test_it_is_the_naive_search_that_never_stops_early(seed, shares, exponent, diversity, handing, ending):
    (width, groups), allowed = shares, rules(max_words=7, no_repeat_ngram=2, min_words=1)
    batch = photos(*range(seed, seed + 4))
    how = (allowed, width, width, exponent, groups, diversity)
    expected = naive.diverse(TableStepper(14, ending=ending), batch, *how)
    assert_same(diverse_search(TableStepper(14, handing, ending=ending), batch, *how), expected, exponent)
    best = diverse_search(TableStepper(14, handing, ending=ending), batch, allowed, width, 1, *how[3:])
    assert_same(best, [photo[:1] for photo in expected], exponent)


def test_without_diversity_every_group_finds_what_a_beam_of_its_share_finds():
    found = diverse_search(TableStepper(14), MANY, rules(), 6, 6, 0.0, 3, 0.0)
    assert found == beam_search(TableStepper(14), MANY, rules(), 2, 6)


def test_fewer_sentences_are_the_first_of_more():
    how = (0.7, 3, 0.5)
    several = diverse_search(TableStepper(14), MANY, rules(), 6, 6, *how)
    assert [photo[:2] for photo in several] == diverse_search(TableStepper(14), MANY, rules(), 6, 2, *how)


def test_groups_say_more_different_words_than_one_beam():
    def first_words(groups):
        found = diverse_search(TableStepper(30, sharpness=2.0), MANY, rules(max_words=6), 6, 6, 0.0, groups, 1.5)
        return np.mean([len({told.words[:1] for told in photo}) for photo in found])

    assert first_words(6) > first_words(3) > first_words(1)


def test_the_first_group_says_what_it_says_alone():
    found = diverse_search(TableStepper(14), MANY, rules(), 6, 6, 0.0, 3, 0.7)
    alone = beam_search(TableStepper(14), MANY, rules(), 2, 1)
    ended = [(best, photo) for [best], photo in zip(alone, found, strict=True) if best.ended]
    assert len(ended) >= 30
    assert all(best in photo for best, photo in ended)


def test_the_penalty_decides_what_is_said_and_not_what_it_is_worth():
    rows = [0, 0, 0, 0, 0.6, 0.4], [0, 0, 1, 0, 0, 0]
    [found] = diverse_search(ScriptedStepper(*rows), photos(0), rules(), 2, 2, 0.0, 2, 0.5)
    assert [told.words for told in found] == [(4,), (5,)]  # ln .6 - .5 is below ln .4
    assert [told.score for told in found] == pytest.approx(np.log([0.6, 0.4]))
    [found] = diverse_search(ScriptedStepper(*rows), photos(0), rules(), 2, 2, 0.0, 2, 0.4)
    assert [told.words for told in found] == [(4,)]  # ln .6 - .4 is above: both groups say it, and it counts once


def test_the_penalty_grows_with_every_hypothesis_that_took_the_word():
    rows = [0, 0, 0, 0, 0.6, 0.4], [0, 0, 1, 0, 0, 0]
    [found] = diverse_search(ScriptedStepper(*rows), photos(0), rules(), 3, 3, 0.0, 3, 0.25)
    assert [told.words for told in found] == [(4,), (5,)]  # the second group says 4 as well, the third does not


def test_what_was_looked_at_follows_the_words_of_every_group():
    for photo in diverse_search(TableStepper(12), photos(*range(20)), rules(max_words=7), 6, 6):
        for told in photo:
            for place, looked in enumerate(told.looked_at):
                before = [START, *told.words[:place]]
                assert looked.tolist() == [0.0] * (LONGEST - len(before)) + [word + 1.0 for word in before]
