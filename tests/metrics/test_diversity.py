import random

import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.diversity import distinct, diversity, generic, worn_phrases


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


def naive_worn(photos, most):
    """Every run of five words, looked for in every photo."""
    phrases = {
        tuple(words[i : i + 5]) for photo in photos for words in map(str.split, photo) for i in range(len(words))
    }
    told = {
        phrase: sum(any(f" {' '.join(phrase)} " in f" {sentence} " for sentence in photo) for photo in photos)
        for phrase in phrases
        if len(phrase) == 5
    }
    common = sorted(
        (phrase for phrase, times in told.items() if times >= 2), key=lambda phrase: (-told[phrase], phrase)
    )
    return set(common[:most])


@pytest.mark.parametrize("most", [1, 3, 10, 1000])
def test_worn_phrases_equal_the_naive_way(most):
    draw = random.Random(0)
    photos = [[" ".join(draw.choices("ab", k=draw.randint(0, 9))) for _ in range(3)] for _ in range(40)]
    worn, said = worn_phrases(photos, most), [" ".join(draw.choices("ab", k=6)) for _ in range(50)]
    assert worn == naive_worn(photos, most)
    assert len(worn) == min(most, 32)  # of two letters there are 32 phrases, all of them common here
    held = [any(" ".join(phrase) in sentence for phrase in worn) for sentence in said]
    assert generic(said, worn) == pytest.approx(sum(held) / 50)


def test_what_is_said_often_of_one_photo_is_not_worn():
    assert worn_phrases([["a b c d e"] * 9, ["a b c d"], ["x a b c d"]]) == set()
    assert worn_phrases([["a b c d e"], ["f a b c d e"]]) == {("a", "b", "c", "d", "e")}


def test_generic_by_hand():
    worn = worn_phrases([["two dogs run on grass"], ["then two dogs run on grass"]])
    assert generic(["two dogs run on grass today", "two dogs run", "dogs run on grass"], worn) == pytest.approx(1 / 3)
    assert generic(["a dog"], frozenset()) == 0
    with pytest.raises(ScoreError, match="no sentences: a share needs"):
        generic([], worn)
