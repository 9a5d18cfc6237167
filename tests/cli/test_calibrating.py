"""The cut-off of a matcher, learnt from scores that are made."""

import numpy as np
import pytest

from watchword.cli.calibrating import calibrate, related, sizes_of, told
from watchword.cli.ranked import Ranked
from watchword.core.errors import BundleError
from watchword.core.types import Read
from watchword.runtime.match_calibration import Calibration

THINGS = [f"thing{chr(97 + i)}{chr(97 + j)}" for i in range(8) for j in range(8)]


def made(noise, photos=60, width=64, averaged=False):
    """Photos of one thing each, which a sentence of one to four words names, half of them with the article alone."""
    random = np.random.default_rng(0)
    things = np.linalg.qr(random.standard_normal((width, width)))[0].astype(np.float32)
    regions = things[:photos, None] + noise * random.standard_normal((photos, 3, width)).astype(np.float32)
    sentences = [f"{'the ' * (i % 4)}{THINGS[i]}" for i in range(photos)]
    read = []
    for i, text in enumerate(sentences):
        words = text.split()
        vectors = np.repeat(things[i : i + 1], len(words), 0) / (len(words) if averaged else 1)
        read.append(Read(tuple(words), vectors))
    return Ranked(regions, sentences, read, np.arange(photos))


@pytest.mark.parametrize("averaged", [False, True])
def test_a_matcher_that_knows_refuses_what_it_does_not_find(averaged):
    numbers, figures = calibrate(made(0.05, averaged=averaged), averaged=averaged)
    assert figures["refused"] == 1.0
    assert figures["answered"] == 1.0
    found = Calibration(**numbers, averaged=averaged)
    one = 1.0 if averaged else 3.0
    assert found.probability(one, 3, 60) > found.least > found.probability(0.2 * one, 3, 60)
    assert "said of 100% of sentences that no photo fits" in told(figures)


def test_a_matcher_that_knows_nothing_refuses_little():
    _, figures = calibrate(made(30.0), averaged=False)
    assert figures["refused"] < 0.5
    assert figures["answered"] > 0.6


def test_too_few_photos_teach_nothing():
    with pytest.raises(BundleError, match=r"1 photos with sentences are too few, .*leave out --calibrate"):
        calibrate(made(0.1, photos=1), averaged=False)


def test_photos_that_share_half_of_the_words_may_fit():
    sentences = ["a black dog runs", "a dog is running", "two cats", "nobody knows"]
    fits = related(sentences, np.array([0, 1, 1, 2]), 3)
    assert fits.tolist() == [
        [True, True, False, False],
        [True, True, True, False],
        [False, False, False, True],
    ]


def test_collections_are_of_several_sizes():
    assert [sizes_of(np.arange(count)) for count in (1000, 90, 12, 10, 3)] == [
        [10, 30, 90, 270, 810, 1000],
        [10, 30, 90],
        [10, 12],
        [10],
        [3],
    ]
