import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.types import Sentence
from watchword.runtime.confidence import FIGURES, Calibration, figures

SENTENCE = Sentence(
    "a dog chases a dog",
    ("a", "dog", "chases", "a", "dog"),
    (-0.1, -1.5, -2.0, -0.2, -0.7, -0.4),
    labels=(("Border collie", 0.4), ("Dog sled", 0.2), ("tennis ball", 0.1)),
)
SILENT = Sentence("", (), (-3.0,))
UNFINISHED = Sentence("a dog", ("a", "dog"), (-0.5, -1.0))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean_log_prob", -0.9),
        ("min_log_prob", -2.0),
        ("sum_log_prob", -4.9),
        ("end_log_prob", -0.4),
        ("words", 5),
        ("distinct_words", 3),
        ("doubtful_words", 2),
        ("top_label", 0.4),
        ("named_label", 0.2),
    ],
)
def test_each_figure(name, value):
    assert figures(SENTENCE, [name]) == pytest.approx([value])


def test_every_figure_is_checked_above_and_documented():
    assert len(FIGURES) == 9
    everything = figures(SENTENCE, FIGURES)
    assert everything.shape == (9,)
    assert everything.dtype == np.float64


@pytest.mark.parametrize("sentence", [SILENT, UNFINISHED])
def test_odd_sentences_have_figures_too(sentence):
    assert np.isfinite(figures(sentence, FIGURES)).all()


def test_the_end_of_an_unfinished_sentence_is_not_its_last_word():
    assert figures(UNFINISHED, ["end_log_prob", "mean_log_prob"]) == pytest.approx([0.0, -0.75])


def test_confidence_is_the_logistic_of_the_weighted_figures():
    model = Calibration(("mean_log_prob", "words"), (2.0, -0.1), 1.0)
    assert model.confidence(SENTENCE) == pytest.approx(1 / (1 + math.exp(-(2.0 * -0.9 - 0.5 + 1.0))))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_confidence_is_a_probability_and_grows_with_the_bias(one, other):
    low, high = sorted((one, other))
    values = [Calibration((), (), bias).confidence(SENTENCE) for bias in (low, high)]
    assert 0 <= values[0] <= values[1] <= 1
