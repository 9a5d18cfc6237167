"""The exported decoder against the same decoder in NumPy."""

import numpy as np
import onnx
import pytest
from onnx import helper

from tests.runtime import tiny
from watchword.core.errors import BundleError
from watchword.runtime.sessions import Session
from watchword.runtime.stepper import OnnxStepper


@pytest.fixture
def features(captioner):
    pixels = np.stack([tiny.picture(colour, tiny.SIZE) for colour in tiny.COLOURS])
    return captioner.encode(pixels)[0]


def session(name, model):
    return Session(name, model.SerializeToString(), threads=1)


def ids(*words):
    return np.array([[tiny.WORDS.index(word) for word in words]] * 3, np.int64)


def test_start_gives_one_state_a_photo(captioner, features):
    memory, state = captioner.stepper.start(features)
    assert {name: array.shape for name, array in state.items()} == {"spoken": (3, 1, 1), "looked": (3, 1, 4)}
    assert memory["memory_colour"].shape == (3, 1, 3)


def test_log_probabilities_are_those_of_the_decoder(captioner, features):
    memory, state = captioner.stepper.start(features)
    for word, spoken in (("<start>", 0), ("a", 1), ("red", 2)):
        scores, state = captioner.stepper.step(ids(word), memory, state)
        assert scores.words is None
        for photo in range(3):
            wanted = tiny.expected(features.whole[photo], word, spoken)
            np.testing.assert_allclose(scores.log_probs[photo, 0], wanted, atol=1e-5)
        assert state["looked"].shape == (3, 1, 4)
        np.testing.assert_allclose(state["looked"].sum(-1), 1, rtol=1e-5)


def test_beams_have_states_of_their_own(captioner, features):
    memory, state = captioner.stepper.start(features)
    wide = {name: np.repeat(array, 2, axis=1) for name, array in state.items()}
    wide["spoken"][:, 1] = 7
    scores, after = captioner.stepper.step(ids("a", "a"), memory, wide)
    np.testing.assert_allclose(scores.log_probs[0, 1], tiny.expected(features.whole[0], "a", 7), atol=1e-5)
    np.testing.assert_array_equal(after["spoken"][0, :, 0], [1, 8])


@pytest.mark.parametrize("best", [1, 3, tiny.BEST])
def test_the_best_words_are_the_best_of_all(captioner, features, best):
    memory, state = captioner.stepper.start(features)
    every, _ = captioner.stepper.step(ids("a"), memory, state)
    scores, _ = captioner.stepper.step(ids("a"), memory, state, best=best)
    assert scores.words.shape == scores.log_probs.shape == (3, 1, best)
    order = np.argsort(-every.log_probs, axis=-1)[..., :best]
    np.testing.assert_array_equal(scores.words, order)
    np.testing.assert_allclose(scores.log_probs, np.take_along_axis(every.log_probs, order, -1))


def test_more_than_the_graph_picks_means_all(captioner, features):
    memory, state = captioner.stepper.start(features)
    scores, _ = captioner.stepper.step(ids("a"), memory, state, best=tiny.BEST + 1)
    assert scores.words is None
    assert scores.log_probs.shape == (3, 1, len(tiny.WORDS))


def test_graphs_that_do_not_fit_are_refused():
    step = tiny.step()
    step.graph.input.append(helper.make_tensor_value_info("memory_sound", onnx.TensorProto.FLOAT, ["B", 1]))
    with pytest.raises(BundleError, match=r"takes memory_sound, which 'start\.onnx' does not give"):
        OnnxStepper(session("start.onnx", tiny.start()), session("step.onnx", step), len(tiny.WORDS))


def test_a_step_without_a_state_is_refused():
    step = tiny.step()
    del step.graph.output[-2:]
    with pytest.raises(BundleError, match=r"'step\.onnx' lacks output 'next_looked', output 'next_spoken'"):
        OnnxStepper(session("start.onnx", tiny.start()), session("step.onnx", step), len(tiny.WORDS))
