"""Sentences with worn phrases rank lower by what those cost, in every search that does not draw; against naive ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.generation import naive
from tests.generation.tables import ScriptedStepper, TableStepper, photos, rules
from tests.generation.trials import WIDE, assert_same, few, seeds
from watchword.core.errors import SearchError
from watchword.generation.beam import beam_search
from watchword.generation.constrained import constrained_search
from watchword.generation.diverse import diverse_search
from watchword.generation.greedy import greedy_search
from watchword.generation.sampling import sample

words = some.integers(4, 7)
phrases = some.integers(2, 3).flatmap(lambda length: some.lists(some.tuples(*[words] * length), min_size=1, max_size=6))
costs = some.sampled_from([0.3, 1.0, 5.0])
VOCABULARY = 8


def worn(said, cost, **more):
    return rules(worn=tuple(said), worn_cost=cost, max_words=5, **more)


@few
@given(seeds, phrases, costs)
def test_a_wide_beam_finds_the_best_sentences_of_all(seed, said, cost):
    allowed = rules(worn=tuple(said), worn_cost=cost, max_words=3)
    expected = naive.sentences(TableStepper(VOCABULARY), photos(seed), allowed, 0.7)
    for handing in ("all", "asked", 2):
        found = beam_search(TableStepper(VOCABULARY, handing), photos(seed), allowed, WIDE, 20, 0.7)
        assert_same(found, [expected[0][:20]], 0.7)


@few
@given(seeds, phrases, costs, some.sampled_from([1, 2, 3]), some.sampled_from(["all", "asked", 3]))
def test_a_narrow_beam_is_the_naive_one(seed, said, cost, width, handing):
    """A word that costs nothing takes the place of a likelier one that does, however few were asked for."""
    batch = photos(*range(seed, seed + 6))
    expected = naive.beam(TableStepper(VOCABULARY), batch, worn(said, cost), width, 2, 0.7)
    assert_same(beam_search(TableStepper(VOCABULARY, handing), batch, worn(said, cost), width, 2, 0.7), expected, 0.7)


@few
@given(seeds, phrases, costs)
def test_other_searches_are_the_naive_ones(seed, said, cost):
    batch, asked = photos(*range(seed, seed + 4)), worn(said, cost)
    expected = naive.diverse(TableStepper(VOCABULARY), batch, asked, 6, 3, 0.0, 3, 0.5)
    assert_same(diverse_search(TableStepper(VOCABULARY), batch, asked, 6, 3, 0.0, 3, 0.5), expected)
    demanding = worn(said, cost, must_include=((4, 5), 6))
    expected = naive.grid(TableStepper(VOCABULARY), batch, demanding, 3, 2)
    assert_same(constrained_search(TableStepper(VOCABULARY), batch, demanding, 3, 2), expected)
    expected = [told.words for told in naive.greedy(TableStepper(VOCABULARY), batch, asked)]
    assert [photo[0].words for photo in greedy_search(TableStepper(VOCABULARY), batch, asked)] == expected


def test_what_was_worn_already_costs_no_more():
    """4 5 is worn, and so is 5 6: a sentence with both pays once; its probabilities are the model's own."""
    stepper = ScriptedStepper(*np.eye(VOCABULARY)[[4, 5, 6, 2]])
    ((told,),) = beam_search(stepper, photos(0), worn([(4, 5), (5, 6)], 2.5))
    assert told.words == (4, 5, 6)
    assert told.log_prob == pytest.approx(0)
    assert told.score == pytest.approx(-2.5)


def test_draws_do_not_mind():
    batch, random = photos(3), np.random.default_rng
    free, costly = (
        sample(TableStepper(VOCABULARY), batch, asked, random(0), 20)
        for asked in (rules(max_words=5), worn([(a, b) for a in range(4, 8) for b in range(4, 8)], 9.0))
    )
    assert [told.words for told in costly[0]] == [told.words for told in free[0]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"worn_cost": -1.0}, "worn_cost=-1.0: nats that a worn phrase costs"),
        ({"worn_cost": float("nan")}, "worn_cost=nan"),
        ({"worn": ((4, 5), (4, 5, 6))}, "worn phrases have one length"),
        ({"worn": ((4,),)}, "of two words or more"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, message):
    with pytest.raises(SearchError, match=message):
        rules(**changes)
