import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.bleu import Bleu, bleu

REFERENCES = [["the cat is on the mat", "there is a cat on the mat"], ["a dog runs"]]


def test_precision_of_the_papers_example_is_two_sevenths():
    statistics = Bleu(REFERENCES).statistics(["the the the the the the the", "a dog"])
    assert statistics[0, 2] == 7
    assert statistics[0, 6] == 2  # "the" counts no more often than one reference has it


def test_statistics_by_hand():
    statistics = Bleu(REFERENCES).statistics(["the cat sat on the mat", "a dog runs"])
    assert statistics.tolist() == [[6, 6, 6, 5, 4, 3, 5, 3, 1, 0], [3, 3, 3, 2, 1, 0, 3, 2, 1, 0]]


def test_the_shorter_of_two_equally_near_references_counts():
    statistics = Bleu([["a", "a b c"], ["a b c d e", "a b c"]]).statistics(["x y", "v w x y"])
    assert statistics[:, 1].tolist() == [1, 3]


def test_a_perfect_set_scores_one_and_a_short_one_is_punished():
    scorer = Bleu([["a b c d e f"]])
    assert scorer.score(["a b c d e f"]) == pytest.approx([1, 1, 1, 1])
    assert scorer.score(["a b c d"]) == pytest.approx(np.full(4, np.exp(1 - 6 / 4)))


def test_the_figure_of_a_set_comes_from_summed_statistics():
    scorer = Bleu(REFERENCES)
    statistics = scorer.statistics(["the cat sat", "a dog runs"])
    assert scorer.score(["the cat sat", "a dog runs"]).tolist() == bleu(statistics.sum(0)).tolist()
    assert scorer.score(["the cat sat", "a dog runs"])[1] != pytest.approx(bleu(statistics).mean(0)[1])


def test_candidates_may_be_about_any_photos():
    scorer = Bleu(REFERENCES)
    rows = scorer.statistics(["a dog runs", "the cat", "a dog"], photos=[1, 0, 1])
    assert rows[0].tolist() == scorer.statistics(["", "a dog runs"])[1].tolist()
    assert rows[:, 1].tolist() == [3, 6, 3]


def test_candidates_without_a_photo_are_refused():
    with pytest.raises(ScoreError, match="3 candidate sentences for 2 photos"):
        Bleu(REFERENCES).score(["a", "b", "c"])
