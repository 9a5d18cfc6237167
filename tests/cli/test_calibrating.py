"""The cut-off of a matcher, learnt from scores that are made."""

import numpy as np
import pytest

from watchword.cli.calibrating import calibrate, sizes_of, told
from watchword.cli.questions import NOBODY, Questions, fitting, questions, related
from watchword.core.errors import BundleError, RetrievalError
from watchword.core.types import Read
from watchword.runtime.match_calibration import Calibration

THINGS = [f"thing{chr(97 + i)}{chr(97 + j)}" for i in range(8) for j in range(8)]


def made(noise, photos=60, width=64, averaged=False):
    """Regions of photos of one thing each, which a sentence of one to four words names, and these as questions."""
    random = np.random.default_rng(0)
    things = np.linalg.qr(random.standard_normal((width, width)))[0].astype(np.float32)
    regions = things[:photos, None] + noise * random.standard_normal((photos, 3, width)).astype(np.float32)
    sentences = [f"{'the ' * (i % 4)}{THINGS[i]}" for i in range(photos)]
    read = []
    for i, text in enumerate(sentences):
        words = text.split()
        vectors = np.repeat(things[i : i + 1], len(words), 0) / (len(words) if averaged else 1)
        read.append(Read(tuple(words), vectors))
    return regions, Questions(sentences, read, np.arange(photos), np.zeros(photos, bool))


@pytest.mark.parametrize("averaged", [False, True])
def test_a_matcher_that_knows_refuses_what_it_does_not_find(averaged):
    numbers, figures = calibrate(*made(0.05, averaged=averaged), averaged=averaged)
    assert figures["refused"] == 1.0
    assert figures["answered"] == 1.0
    found = Calibration(**numbers, averaged=averaged)
    one = 1.0 if averaged else 3.0
    assert found.probability(one, 3, 60) > found.least > found.probability(0.2 * one, 3, 60)
    assert "said of 100% of sentences that no photo fits" in told(figures)


def test_a_matcher_that_knows_nothing_refuses_little():
    _, figures = calibrate(*made(30.0), averaged=False)
    assert figures["refused"] < 0.5
    assert figures["answered"] > 0.6


def foreign_too(asked, rarity):
    """The same questions, and as many of nobody's whose vectors are as like the photos, but whose words are rare."""
    count = len(asked.texts)
    texts = [*asked.texts, *(f"strange{name}" for name in THINGS[:count])]
    read = [*asked.read, *(one._replace(rarity=rarity) for one in asked.read)]
    owner = np.append(asked.owner, np.full(count, NOBODY))
    return Questions(texts, read, owner, np.zeros(2 * count, bool))


def test_foreign_sentences_of_rare_words_are_refused_though_photos_score_as_high():
    regions, asked = made(0.05)
    numbers, figures = calibrate(regions, foreign_too(asked, 1.0), averaged=False)
    assert figures["refused_foreign"] == 1.0
    assert figures["answered"] >= 0.85
    found = Calibration(**numbers, averaged=False)
    assert found.rarity < 0
    assert found.probability(3.0, 3, 60) > found.least > found.probability(3.0, 3, 60, 1.0)
    assert "100% written of other photos" in told(figures)


def test_foreign_sentences_that_differ_in_nothing_are_not_refused():
    regions, asked = made(0.05)
    _, figures = calibrate(regions, foreign_too(asked, 0.0), averaged=False)
    assert figures["answered"] > 0.8
    assert figures["refused_foreign"] < 0.7  # in half of the photos every other one meets the photo that it is like


def test_questions_are_sentences_and_runs_of_their_words():
    sentences = [f"a {name} lies on the {THINGS[i + 1]}" for i, name in enumerate(THINGS[:40])]
    foreign = [f"nobody knows {name}" for name in THINGS]
    owner = np.arange(40)
    asked = questions(
        sentences, owner, foreign, lambda texts: [Read(tuple(text.split()), np.ones((1, 2))) for text in texts]
    )
    whole = ~asked.run
    assert asked.texts[:40] == sentences
    assert (asked.owner[whole] == NOBODY).sum() == 40  # as many of others, evenly taken
    assert asked.texts[40] == foreign[0]
    assert asked.texts[79] == foreign[-1]
    runs = [(text, mine) for text, mine, short in zip(asked.texts, asked.owner, asked.run, strict=True) if short]
    assert len(runs) > 50
    for text, mine in runs:
        assert 1 <= len(text.split()) <= 5
        assert any(text in sentence for sentence in (foreign if mine == NOBODY else [sentences[mine]]))


def test_too_few_photos_teach_nothing():
    with pytest.raises(BundleError, match=r"1 photos with sentences are too few, .*leave out --calibrate"):
        calibrate(*made(0.1, photos=1), averaged=False)


def test_photos_that_share_half_of_the_words_may_fit():
    sentences = ["a black dog runs", "a dog is running", "two cats", "nobody knows"]
    fits = related([*sentences, "two dogs", "a horse"], np.array([0, 1, 1, 2, NOBODY, NOBODY]), 3)
    assert fits.tolist() == [
        [True, True, False, False, True, False],
        [True, True, True, False, True, False],
        [False, False, False, True, False, False],
    ]


def test_photos_one_of_whose_sentences_has_all_content_words_fit():
    sentences = ["a black dog runs", "a dog on a rope", "a dog is running with a cat", "nobody knows"]
    asked = [*sentences, "dogs", "a running dog", "a black cat", "the of", "rope"]
    owner = np.array([0, 0, 1, 2, 1, NOBODY, NOBODY, 2, NOBODY])
    fits = fitting(asked, owner, np.arange(len(asked)) >= 4, 3)
    assert fits.tolist() == [
        [True, True, False, False, True, True, False, False, True],
        [False, False, True, False, True, True, False, False, False],
        [False, False, False, True, False, False, False, True, False],
    ]


def test_single_photos_are_told_apart_where_the_matcher_knows_them():
    """Of 60 photos, of ten things six times each, a search for one shows the six, and what it shows is right."""
    random = np.random.default_rng(0)
    things = np.linalg.qr(random.standard_normal((64, 64)))[0].astype(np.float32)[np.arange(60) % 10]
    regions = things[:, None] + 0.05 * random.standard_normal((60, 3, 64)).astype(np.float32)
    sentences = [THINGS[i % 10] for i in range(60)]
    read = [Read((text,), things[i : i + 1]) for i, text in enumerate(sentences)]
    asked = Questions(sentences, read, np.arange(60), np.zeros(60, bool))
    numbers, figures = calibrate(regions, asked, averaged=False)
    assert (figures["shown"], figures["shown_fit"], figures["shown_may_fit"]) == (1.0, 1.0, 1.0)
    assert "; 100% of the photos that fit sentences are shown, 100% of those shown fit and 100% may" in told(figures)
    assert numbers["photo"]["per_word"] > 0


def test_without_photos_that_fit_and_that_do_not_the_best_alone_is_judged(monkeypatch):
    def nothing(*_, **__):
        raise RetrievalError("60 of 60 photos fit")

    monkeypatch.setattr("watchword.cli.calibrating.with_photos", nothing)
    numbers, figures = calibrate(*made(0.05), averaged=False)
    assert numbers["photo"] is None
    assert "answered" in figures
    assert "shown" not in figures
    assert Calibration(**numbers).of_photo(1.0, 1) is None


def test_collections_are_of_several_sizes():
    assert [sizes_of(np.arange(count)) for count in (1000, 90, 12, 10, 3)] == [
        [10, 30, 90, 270, 810, 1000],
        [10, 30, 90],
        [10, 12],
        [10],
        [3],
    ]
