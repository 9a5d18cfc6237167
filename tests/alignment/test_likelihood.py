import math

import numpy as np
import pytest

from watchword.alignment.likelihood import relative_likelihood
from watchword.core.errors import ScoreError, UnknownName


@pytest.fixture
def log_probs():
    """4 photos, 6 sentences, as long sentences have it: so small that their probabilities are all 0."""
    return np.random.default_rng(0).normal(-1500, 20, (4, 6))


def exactly(column, mean):
    """The mean of one sentence over photos, with numbers of any size."""
    if mean == "logs":
        return math.fsum(column) / len(column)
    top = max(column)
    return top + math.log(math.fsum(math.exp(x - top) for x in column) / len(column))


@pytest.mark.parametrize("mean", ["probabilities", "logs"])
def test_equals_a_pair_at_a_time(log_probs, mean):
    found, seen = relative_likelihood(log_probs, mean=mean), 0
    for b in range(4):
        for s in range(6):
            assert found[b, s] == pytest.approx(log_probs[b, s] - exactly(log_probs[:, s].tolist(), mean))
            seen += 1
    assert seen == found.size == 24


def test_probabilities_are_the_mean_unless_said(log_probs):
    assert np.array_equal(relative_likelihood(log_probs), relative_likelihood(log_probs, mean="probabilities"))
    small = np.log([[0.2, 0.5], [0.4, 0.1]])
    assert np.allclose(np.exp(relative_likelihood(small)), [[2 / 3, 5 / 3], [4 / 3, 1 / 3]])


@pytest.mark.parametrize("mean", ["probabilities", "logs"])
def test_photos_of_a_sentence_keep_their_order_and_sentences_of_a_photo_need_not(log_probs, mean):
    log_probs[:, 0] += 300  # short and common: the likeliest of every photo
    found = relative_likelihood(log_probs, mean=mean)
    assert np.array_equal(found.argsort(0), log_probs.argsort(0))
    assert set(log_probs.argmax(1)) == {0}
    assert set(found.argmax(1)) != {0}


@pytest.mark.parametrize("mean", ["probabilities", "logs"])
def test_how_likely_a_sentence_is_by_itself_does_not_matter(log_probs, mean):
    shifted = log_probs + np.linspace(-100, 100, 6)
    assert np.allclose(relative_likelihood(shifted, mean=mean), relative_likelihood(log_probs, mean=mean))


def test_one_photo_says_nothing():
    assert np.array_equal(relative_likelihood(np.array([[-5.0, -700.0]])), [[0.0, 0.0]])


def test_what_cannot_be_is_refused(log_probs):
    with pytest.raises(UnknownName, match=r"no mean named 'log'.*there are: logs, probabilities"):
        relative_likelihood(log_probs, mean="log")
    for shape in ((3,), (0, 3)):
        with pytest.raises(ScoreError, match=r"\(photos, sentences\) is what it takes"):
            relative_likelihood(np.zeros(shape))
    log_probs[1, 2] = -np.inf
    with pytest.raises(ScoreError, match="not finite"):
        relative_likelihood(log_probs)
