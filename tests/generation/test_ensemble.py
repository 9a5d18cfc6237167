import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.generation import naive
from tests.generation.tables import LONGEST, ScriptedStepper, TableStepper, photos, rules
from tests.generation.trials import assert_same, few, seeds
from watchword.core.errors import SearchError
from watchword.core.types import Scores
from watchword.generation.beam import beam_search
from watchword.generation.ensemble import Bound, Ensemble

MEANS = some.sampled_from(["probabilities", "log_probabilities"])


class Mixed(TableStepper):
    """A decoder whose table is the mean of several tables, computed from the definition."""

    def __init__(self, shifts, mean, vocabulary=10):
        super().__init__(vocabulary)
        self.shifts, self.mean = shifts, mean

    def table(self, seed):
        tables = np.array([super(Mixed, self).table(seed + shift) for shift in self.shifts], np.float64)
        mixed = np.exp(tables).mean(axis=0) if self.mean == "probabilities" else np.exp(tables.mean(axis=0))
        return np.log(mixed / mixed.sum(axis=-1, keepdims=True)).astype(np.float32)


class Shifted(TableStepper):
    """A decoder with another table for each photo than its neighbours in the ensemble."""

    def __init__(self, shift, handing="all"):
        super().__init__(10, handing)
        self.shift = shift

    def table(self, seed):
        return super().table(seed + self.shift)


@few
@given(seeds, MEANS, some.sampled_from(["all", "asked", 4]))
def test_the_mean_decoder_says_what_the_members_say_together(seed, mean, handing):
    batch, shifts = photos(*range(seed, seed + 3)), (0, 1000, 2000)
    ensemble = Ensemble([Shifted(shift, handing) for shift in shifts], mean)
    expected = naive.beam(Mixed(shifts, mean), batch, rules(max_words=6), 3, 3)
    assert_same(beam_search(ensemble, batch, rules(max_words=6), 3, 3), expected, tolerance=1e-5)


@pytest.mark.parametrize("mean", ["probabilities", "log_probabilities"])
@pytest.mark.parametrize("count", [1, 3])
def test_one_model_however_often_says_what_it_says_alone(mean, count):
    batch = photos(*range(30))
    expected = naive.beam(TableStepper(12), batch, rules(), 3, 3)
    found = beam_search(Ensemble([TableStepper(12) for _ in range(count)], mean), batch, rules(), 3, 3)
    assert_same(found, expected, tolerance=1e-5)


@pytest.mark.parametrize("mean", ["probabilities", "log_probabilities"])
def test_what_it_scores_are_probabilities(mean):
    ensemble = Ensemble([Shifted(0), Shifted(7)], mean)
    memory, state = ensemble.start(photos(1, 2))
    scores, _ = ensemble.step(np.array([[1], [1]]), memory, state)
    assert isinstance(scores, Scores)
    np.testing.assert_allclose(np.exp(scores.log_probs).sum(axis=-1), 1, rtol=1e-5)
    assert scores.log_probs.dtype == np.float32


def test_the_two_means_differ_where_one_member_forbids_a_word():
    sure, torn = [0, 0, 0, 0, 0, 1.0], [0, 0, 0, 0, 0.9, 0.1]

    def first(mean):
        members = [ScriptedStepper(sure, [0, 0, 1, 0, 0, 0]), ScriptedStepper(torn, [0, 0, 1, 0, 0, 0])]
        [found] = beam_search(Ensemble(members, mean), photos(0), rules(), 3, 3)
        return [(told.words, round(float(np.exp(told.log_prob)), 4)) for told in found]

    assert first("probabilities") == [((5,), 0.55), ((4,), 0.45)]
    assert first("log_probabilities") == [((5,), 1.0)]


def test_members_may_have_features_of_their_own():
    ensemble = Ensemble([TableStepper(10), Bound(TableStepper(10), photos(1005, 1006))])
    expected = Ensemble([TableStepper(10), Shifted(1000)])
    batch = photos(5, 6)
    assert beam_search(ensemble, batch, rules()) == beam_search(expected, batch, rules())


def test_where_it_looked_is_the_mean_of_where_they_looked():
    class Elsewhere(TableStepper):
        def start(self, features):
            memory, state = super().start(features)
            return memory, {**state, "looked": state["looked"] + 2}

    class Blind(TableStepper):
        def start(self, features):
            memory, state = super().start(features)
            return memory, {"node": state["node"], "looked": np.zeros((len(features.whole), 1, 3), np.float32)}

    wide = photos(4)._replace(cells=np.zeros((1, LONGEST, 1), np.float32))
    ensemble = Ensemble([TableStepper(12), Elsewhere(12), Blind(12)])
    _, state = ensemble.start(wide)
    assert state["looked"].tolist() == [[[1.0] * LONGEST]]
    _, state = Ensemble([TableStepper(12)]).start(photos(4))  # one cell, of which the table knows nothing
    assert "looked" not in state


def test_an_ensemble_of_nothing_is_refused():
    with pytest.raises(SearchError, match="an ensemble of no models: give one or more"):
        Ensemble([])


def test_a_mean_that_is_not_known_is_refused():
    with pytest.raises(SearchError, match=r"mean='probability' \(did you mean 'probabilities'\?\): one of prob"):
        Ensemble([TableStepper()], "probability")


def mixed(weights, mean="probabilities"):
    """Return the words' probabilities of two scripted members, weighed."""
    sure, torn = [0, 0, 0, 0, 0, 1.0], [0, 0, 0, 0, 0.9, 0.1]
    members = [ScriptedStepper(sure, [0, 0, 1, 0, 0, 0]), ScriptedStepper(torn, [0, 0, 1, 0, 0, 0])]
    memory, state = (ensemble := Ensemble(members, mean, weights)).start(photos(0))
    scores, _ = ensemble.step(np.array([[1]]), memory, state)
    return np.exp(scores.log_probs[0, 0])


@pytest.mark.parametrize("weights", [[0.25, 0.75], [1, 3]])
def test_a_member_counts_as_much_as_its_weight(weights):
    np.testing.assert_allclose(mixed(weights)[4:], [0.675, 0.325], rtol=1e-6)
    assert mixed(weights).dtype == np.float32


@pytest.mark.parametrize("mean", ["probabilities", "log_probabilities"])
def test_a_member_of_weight_nothing_is_not_heard(mean):
    np.testing.assert_allclose(mixed([0, 1], mean)[4:], [0.9, 0.1], rtol=1e-6)
    np.testing.assert_allclose(mixed([2, 0], mean)[4:], [0, 1], rtol=1e-6)


def test_weights_of_logarithms_are_exponents():
    first, second = np.array([0.2, 0.8]), np.array([0.6, 0.4])
    members = [ScriptedStepper([0, 0, 0, 0, *part], [0, 0, 1, 0, 0, 0]) for part in (first, second)]
    ensemble = Ensemble(members, "log_probabilities").weighed([1, 3])
    memory, state = ensemble.start(photos(0))
    scores, _ = ensemble.step(np.array([[1]]), memory, state)
    expected = first**0.25 * second**0.75
    np.testing.assert_allclose(np.exp(scores.log_probs[0, 0, 4:]), expected / expected.sum(), rtol=1e-5)


@pytest.mark.parametrize("weights", [[1], [1, 2, 3], [-1, 2], [0, 0], [float("nan"), 1], [float("inf"), 1], []])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(SearchError, match=r"weights .*for 2 models: give a number of 0 or more for each.*as in 1:2"):
        Ensemble([TableStepper(), TableStepper()], weights=weights)
