import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.diversity import distinct, diversity


def test_figures_by_hand():
    figures = diversity(["a dog runs", "a dog runs", "a cat sleeps here"], ["a dog runs", "a cat sleeps"])
    assert (figures.sentences, figures.different, figures.vocabulary) == (3, 2, 6)
    assert figures.distinct_1 == pytest.approx(6 / 10)
    assert figures.distinct_2 == pytest.approx(5 / 7)
    assert figures.seen == pytest.approx(2 / 3)
    assert figures.words == pytest.approx(10 / 3)


def test_spaces_make_no_sentence_different():
    figures = diversity(["a  dog", "a dog "], [" a dog"])
    assert (figures.different, figures.seen) == (1, 1.0)


def test_empty_sentences_have_no_words():
    figures = diversity(["", ""])
    assert (figures.distinct_1, figures.distinct_2, figures.vocabulary, figures.words, figures.seen) == (0, 0, 0, 0, 0)


def test_ngrams_do_not_cross_sentences():
    assert distinct([["a", "b"], ["b", "a"]], 2) == 1.0
    assert distinct([["a", "b", "a", "b"]], 2) == pytest.approx(2 / 3)
    assert distinct([["a"]], 2) == 0.0


def test_nothing_said_is_refused():
    with pytest.raises(ScoreError, match="no sentences: diversity needs at least one"):
        diversity([])
