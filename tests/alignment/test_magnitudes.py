import numpy as np
import pytest

from watchword.alignment.magnitudes import Magnitude, Magnitudes
from watchword.core.errors import ScoreError
from watchword.data.vocabulary import Vocabulary

VOCABULARY = Vocabulary(("<pad>", "<start>", "<end>", "<unk>", "a", "dog", "kayaking", "now"))


def test_words_stand_by_the_mean_length_of_their_vectors():
    magnitudes = Magnitudes(VOCABULARY)
    magnitudes.add(np.array([[3.0, 4.0], [0.0, 1.0], [0.3, 0.4]], np.float32), np.array([6, 4, 7]))
    magnitudes.add(np.array([[[0.0, 3.0], [6.0, 8.0]], [[0.0, 2.0], [9.0, 9.0]]]), np.array([[4, 6], [5, 0]]))
    assert magnitudes.ranked() == [
        Magnitude("kayaking", 7.5, 2),
        Magnitude("a", 2.0, 2),
        Magnitude("dog", 2.0, 1),
        Magnitude("now", pytest.approx(0.5), 1),
    ]
    assert [each.word for each in magnitudes.ranked(least=2)] == ["kayaking", "a"]


def test_equals_a_word_at_a_time_however_it_is_shared_out():
    random = np.random.default_rng(0)
    vectors, words = random.normal(size=(300, 5)).astype(np.float32), random.integers(0, 8, 300)
    together, apart = Magnitudes(VOCABULARY), Magnitudes(VOCABULARY)
    together.add(vectors, words)
    for part in np.array_split(np.arange(300), 7):
        apart.add(vectors[part], words[part])
    expected = {}
    for vector, word in zip(vectors, words, strict=True):
        expected.setdefault(VOCABULARY.words[word], []).append(float(np.sqrt((vector.astype(float) ** 2).sum())))
    found = together.ranked()
    assert [each.word for each in found] == [each.word for each in apart.ranked()]
    assert {each.word for each in found} == {"a", "dog", "kayaking", "now"}
    for each in found:
        assert each.length == pytest.approx(np.mean(expected[each.word]))
        assert each.seen == len(expected[each.word])
    assert [each.length for each in found] == sorted((each.length for each in found), reverse=True)


def test_without_a_sentence_there_is_no_word():
    magnitudes = Magnitudes(VOCABULARY)
    magnitudes.add(np.zeros((0, 3, 4)), np.zeros((0, 3), np.int64))
    assert magnitudes.ranked() == []


def test_what_does_not_fit_is_refused():
    magnitudes = Magnitudes(VOCABULARY)
    with pytest.raises(ScoreError, match=r"vectors \(2, 4\), words \(3,\): one vector a word"):
        magnitudes.add(np.zeros((2, 4)), np.zeros(3, np.int64))
    for word in (-1, 8):
        with pytest.raises(ScoreError, match="this vocabulary has 0 to 7"):
            magnitudes.add(np.zeros((1, 4)), np.array([word]))
