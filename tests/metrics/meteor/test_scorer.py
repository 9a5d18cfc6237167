import math

import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.meteor import cache
from watchword.metrics.meteor.lexicon import EMPTY
from watchword.metrics.meteor.power import _JAVA, fragmentation
from watchword.metrics.meteor.scorer import Meteor
from watchword.metrics.meteor.stems import stem

REFERENCES = [["a dog runs", "the big dog"], ["two men", "a bus"]]


def test_statistics_by_hand(small):
    """The words of both, function words; exact, stems, synonyms, paraphrases; chunks, matched words."""
    figures = Meteor([["the dog runs before a bus and x"]], small).statistics(["the dog running in front of a coach"])
    ends, exact, stems = [8, 8, 4, 2], [1, 1, 2, 2], [1, 1, 0, 0]
    synonyms, paraphrases = [1, 1, 0, 0], [1, 1, 2, 0]
    assert figures.tolist() == [[*ends, *exact, *stems, *synonyms, *paraphrases, 1, 8, 6]]


def test_the_score_of_one_exact_word_by_hand(small):
    (figure,) = Meteor([["dog cat"]], small).scores(["dog bus"])
    assert figure == pytest.approx(0.5 * (1 - 0.6 * 1.0))  # half of both sides, one chunk for one word


def test_saying_a_reference_scores_one_and_nothing_scores_nothing(small):
    scorer = Meteor(REFERENCES, small)
    assert scorer.scores(["the big dog", "a bus"]).tolist() == [1, 1]
    assert scorer.score(["the big dog", "a bus"]) == 1
    assert scorer.scores(["", "zebra"]).tolist() == [0, 0]
    assert scorer.score(["", "zebra"]) == 0


def test_the_first_of_the_best_references_counts(small):
    figures = Meteor([["a cat x", "a dog y z", "a dog y z w", "a dog y z"]], small).statistics(["a dog"])
    assert figures[0, 1] == 4


def test_candidates_may_be_about_any_photos_and_a_scorer_is_used_again(small):
    scorer = Meteor(REFERENCES, small)
    rows = scorer.statistics(["two men", "a dog", "a bus"], photos=[1, 0, 1])
    assert rows[0].tolist() == scorer.statistics(["", "two men"])[1].tolist()
    assert rows[1].tolist() == scorer.statistics(["a dog", ""])[0].tolist()
    assert scorer.scores(["two men", "a dog", "a bus"], photos=[1, 0, 1])[2] == 1


def test_no_candidates_have_no_figures(small):
    assert Meteor(REFERENCES, small).scores([], photos=[]).shape == (0,)


def test_the_tally_gives_the_set_and_each(small):
    scorer = Meteor(REFERENCES, small)
    tally = scorer.tally(["a dog", "a bus"])
    assert tally.names == ("METEOR",)
    assert tally.whole().tolist() == [scorer.score(["a dog", "a bus"])]
    assert tally.each()[:, 0].tolist() == scorer.scores(["a dog", "a bus"]).tolist()


@pytest.mark.parametrize(
    ("candidate", "references"),
    [("a ||| dog", ["a dog"]), ("a|||dog", ["adog"]), ("dog", ["cat ||| dog"]), ("a dog", ["", "a dog"])],
)
def test_the_border_of_the_java_program_is_taken_out_or_splits(candidate, references, small):
    assert Meteor([references], small).scores([candidate]).tolist() == [1]


@pytest.mark.parametrize("odd", ["", " ", "\u0007", "\U0001f600", "a\u0000b", "\ud83d", "x" * 5000, "' . , -- ..."])
def test_odd_sentences_have_a_figure(odd, small):
    figures = Meteor([[odd], ["a dog"], [odd]], small).scores([odd, odd, "a dog"])
    assert np.isfinite(figures).all()
    assert ((figures >= 0) & (figures <= 1)).all()


def test_without_the_package_the_figure_has_another_name(monkeypatch):
    monkeypatch.setattr(cache, "find_packaged", lambda: None)
    scorer = Meteor([["the dogs run fast"]])
    assert scorer.name == "METEOR-exact-stem"
    figures = scorer.statistics(["the quick dogs running"])[0]
    assert figures[2:4].tolist() == [0, 0]  # no word is a function word
    assert figures[4:6].tolist() == [2, 2]  # the, dogs
    assert figures[8:10].tolist() == [1, 1]  # running
    assert 0 < scorer.score(["the quick dogs running"]) < 1


def test_stems_count_without_the_package(monkeypatch):
    figures = Meteor([["a dogs run"]], EMPTY).statistics(["a dog runs"])[0]
    assert figures[8:10].tolist() == [2, 2]
    assert Meteor([["a dog ."]], EMPTY).scores(["a dog ."]).tolist() == [1]


@pytest.mark.parametrize(
    ("references", "message"), [([], "no photos: scores need"), ([["a"], []], "photo 1 has no reference sentence")]
)
def test_references_that_are_missing_are_refused(references, message, small):
    with pytest.raises(ScoreError, match=message):
        Meteor(references, small)


@pytest.mark.parametrize(
    ("candidates", "photos", "message"),
    [
        (["a"], None, "1 candidate sentences for 2 photos: give one for each"),
        (["a"], [0, 1], "1 candidate sentences for 2 photos: give one for each"),
        (["a"], [2], r"photo 2: there are 2, numbered from 0"),
        (["a"], [-1], r"photo -1: there are 2, numbered from 0"),
    ],
)
def test_candidates_without_a_photo_are_refused(candidates, photos, message, small):
    with pytest.raises(ScoreError, match=message):
        Meteor(REFERENCES, small).statistics(candidates, photos)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("added", "ad"),
        ("apologist", "apologist"),
        ("runs", "run"),
        ("realization", "realiz"),
        ("news", "news"),
        ("", ""),
    ],
)
def test_stems_are_those_of_2010(word, expected):
    """The newer rules that PyStemmer has make "add" of "added"."""
    assert stem(word) == expected


def test_powers_are_javas():
    assert fragmentation(6, 47) == fragmentation(12, 94) == 0.7610561111586592
    assert fragmentation(1, 2) == 1
    assert fragmentation(3, 10) == (3 / 5) ** 0.2
    for (chunks, words), power in _JAVA.items():
        assert math.isclose(power, (chunks / (words / 2)) ** 0.2, rel_tol=1e-15)
