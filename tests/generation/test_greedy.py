import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.generation import naive
from tests.generation.tables import LONGEST, ScriptedStepper, TableStepper, photos, rules
from tests.generation.trials import assert_same, few, seeds
from watchword.core.errors import SearchError
from watchword.generation.beam import beam_search
from watchword.generation.constraints import Rules
from watchword.generation.greedy import greedy_search


@few
@given(seeds, some.integers(0, 3), some.sampled_from(["all", "asked", 3]))
def test_it_takes_the_likeliest_word_each_time(seed, run, handing):
    allowed = rules(max_words=8, no_repeat_ngram=run, min_words=1)
    batch = photos(seed, seed + 1, seed + 2)
    expected = naive.greedy(TableStepper(10), batch, allowed)
    assert_same(greedy_search(TableStepper(10, handing), batch, allowed), [[told] for told in expected])


@few
@given(seeds, some.integers(0, 3))
def test_a_beam_of_one_is_greedy(seed, run):
    allowed = rules(max_words=8, no_repeat_ngram=run)
    batch = photos(seed, seed + 1, seed + 2)
    assert greedy_search(TableStepper(10), batch, allowed) == beam_search(TableStepper(10), batch, allowed, 1)


def test_looked_at_has_a_row_for_each_word():
    for photo in greedy_search(TableStepper(10), photos(*range(10)), rules(max_words=6)):
        assert photo[0].looked_at.shape == (len(photo[0].words), LONGEST)
        assert (photo[0].looked_at[:, -1] == [word + 1 for word in (1, *photo[0].words)][:-1]).all()


def test_a_sentence_without_an_end_is_unfinished():
    [[found]] = greedy_search(ScriptedStepper([0, 0, 0, 0, 0.9, 0.1]), photos(0), rules(max_words=3))
    assert found.words == (4, 4, 4)
    assert not found.ended
    assert found.log_probs == pytest.approx([np.log(0.9)] * 3)


def test_an_impossible_end_is_no_end():
    end_is_word_0 = Rules(start=1, end=0, max_words=1, no_repeat_ngram=1)
    [[found]] = greedy_search(ScriptedStepper([0, 0, 1]), photos(0), end_is_word_0)
    assert (found.words, found.ended) == ((2,), False)


def test_the_empty_sentence():
    [[found]] = greedy_search(ScriptedStepper([0, 0, 0.9, 0, 0.1]), photos(0), rules())
    assert (found.words, found.ended, found.looked_at.shape) == ((), True, (0, LONGEST))


def test_the_score_is_normalised_as_asked():
    [[found]] = greedy_search(TableStepper(), photos(0), rules(), length_normalization=1.0)
    assert found.score == pytest.approx(np.mean(found.log_probs))


def test_a_dead_end_is_an_error():
    with pytest.raises(SearchError, match=r"no word may follow after 1 words: .*no_repeat_ngram=1 leave none; loosen"):
        greedy_search(ScriptedStepper([0, 0, 0.5, 0, 0.5]), photos(0), rules(min_words=2, no_repeat_ngram=1))
