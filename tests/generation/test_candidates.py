import numpy as np
import pytest

from tests.generation.tables import ScriptedStepper, TableStepper, photos
from watchword.core.errors import SearchError
from watchword.core.types import Scores
from watchword.generation.candidates import ask

BLOCKED = np.array([[[0, 1, 3]], [[0, 1, 3]]])


def first_words(stepper, enough, blocked=BLOCKED):
    memory, state = stepper.start(photos(7, 8))
    candidates, _ = ask(stepper, np.array([[1], [1]]), memory, state, blocked, enough)
    return candidates


def allowed_words(candidates, photo):
    """Return the words that may follow and their log-probabilities, likeliest first."""
    words, log_probs = candidates.words[photo, 0], candidates.log_probs[photo, 0]
    order = [place for place in np.argsort(-log_probs) if np.isfinite(log_probs[place])]
    return [(int(words[place]), float(log_probs[place])) for place in order]


@pytest.mark.parametrize("handing", ["asked", 1, 3, 5, 20])
@pytest.mark.parametrize("enough", [1, 4, 17])
def test_enough_allowed_words_are_known_whatever_is_handed_back(handing, enough):
    everything = first_words(TableStepper(20), None)
    some = first_words(TableStepper(20, handing), enough)
    for photo in range(2):
        assert allowed_words(some, photo)[:enough] == allowed_words(everything, photo)[:enough]


def test_so_many_words_are_asked_for_that_blocked_ones_do_no_harm():
    stepper = TableStepper(20, "asked")
    first_words(stepper, enough=4)
    assert stepper.asked == [7]


def test_all_words_are_asked_for_if_too_many_of_those_given_are_blocked():
    stepper = ScriptedStepper([0.3, 0.2, 0.05, 0.3, 0.1, 0.05], handing=3)
    found = first_words(stepper, enough=2)
    assert stepper.asked == [5, None]
    assert [word for word, _ in allowed_words(found, 0)] == [4, 2]


def test_blocked_words_are_minus_infinity_and_others_untouched():
    stepper = TableStepper(6)
    candidates = first_words(stepper, None)
    row = stepper.table(8)[stepper.move(0, 1)]
    assert candidates.words[1, 0].tolist() == [0, 1, 2, 3, 4, 5]
    assert np.isneginf(candidates.log_probs[1, 0, [0, 1, 3]]).all()
    assert candidates.log_probs[1, 0, [2, 4, 5]].tolist() == row[[2, 4, 5]].tolist()


class Lasting(TableStepper):
    """Hands back an array of its own that must not be written to."""

    def step(self, words, memory, state, best=None):
        scores, after = super().step(words, memory, state, best)
        scores.log_probs.flags.writeable = False
        return scores, after


@pytest.mark.parametrize("handing", ["all", "asked"])
def test_the_decoders_arrays_are_left_as_they_are(handing):
    first_words(Lasting(20, handing), enough=2)


class Broken(TableStepper):
    """Gives NaN for one photo."""

    def step(self, words, memory, state, best=None):
        scores, after = super().step(words, memory, state, best)
        scores.log_probs[1, 0, 0] = np.nan
        return Scores(scores.log_probs, scores.words), after


@pytest.mark.parametrize("handing", ["all", "asked"])
def test_nan_is_an_error(handing):
    with pytest.raises(SearchError, match=r"the decoder gave NaN .*training did not diverge"):
        first_words(Broken(20, handing), enough=2)
