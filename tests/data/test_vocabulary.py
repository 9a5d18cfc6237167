import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.core.errors import DataError
from watchword.data.vocabulary import Vocabulary

SENTENCES = [["a", "dog", "runs"], ["a", "dog", "sits"], ["a", "cat", "runs"]]
LISTS = st.lists(st.lists(st.sampled_from(["a", "dog", "cat", "runs", "<unk>", "café"]), max_size=6), max_size=8)


def test_words_fall_by_frequency_and_ties_are_alphabetical():
    vocabulary = Vocabulary.build(SENTENCES, minimum=1)
    assert vocabulary.words == ("<pad>", "<start>", "<end>", "<unk>", "a", "dog", "runs", "cat", "sits")
    assert (vocabulary.pad, vocabulary.start, vocabulary.end, vocabulary.unknown) == (0, 1, 2, 3)
    assert len(vocabulary) == 9
    assert "dog" in vocabulary
    assert "<end>" not in vocabulary


def test_rare_words_become_unknown_or_are_dropped():
    with_unknown = Vocabulary.build(SENTENCES, minimum=2)
    assert with_unknown.encode(["a", "cat", "runs"]) == [4, 3, 6]
    without = Vocabulary.build(SENTENCES, minimum=2, unknown=False)
    assert without.unknown is None
    assert without.words == ("<pad>", "<start>", "<end>", "a", "dog", "runs")
    assert without.encode(["a", "cat", "runs"]) == [3, 5]


def test_special_words_in_a_sentence_are_not_obeyed():
    vocabulary = Vocabulary.build([["<end>", "<unk>", "a"]], minimum=1)
    assert vocabulary.words == ("<pad>", "<start>", "<end>", "<unk>", "a")
    assert vocabulary.encode(["<end>", "<pad>", "a"]) == [3, 3, 4]


def test_decode_stops_at_the_end_and_says_no_special_word():
    vocabulary = Vocabulary.build(SENTENCES, minimum=1)
    assert vocabulary.decode([1, 4, 3, 5, 0, 2, 6]) == ["a", "dog"]
    assert vocabulary.decode(np.array([4, 5])) == ["a", "dog"]


@pytest.mark.parametrize("bad", [-1, 9])
def test_an_id_without_word_is_an_error(bad):
    with pytest.raises(IndexError, match=f"word id {bad} is outside this vocabulary of 9 words"):
        Vocabulary.build(SENTENCES, minimum=1).decode([bad])


def test_frequencies_count_what_comes_next():
    vocabulary = Vocabulary.build(SENTENCES, minimum=2)
    assert vocabulary.frequencies(SENTENCES).tolist() == [0, 0, 3, 2, 3, 2, 2]


@given(LISTS, st.booleans())
def test_what_is_saved_is_loaded(tmp_path_factory, sentences, unknown):
    path = tmp_path_factory.mktemp("v") / "vocabulary.txt"
    vocabulary = Vocabulary.build(sentences, minimum=2, unknown=unknown)
    vocabulary.save(path)
    assert Vocabulary.load(path) == vocabulary
    assert path.read_text(encoding="utf-8").splitlines() == list(vocabulary.words)
    assert vocabulary.frequencies(sentences).sum() == sum(len(vocabulary.encode(s)) + 1 for s in sentences)


@given(LISTS)
def test_known_words_survive_the_round_trip(sentences):
    vocabulary = Vocabulary.build(sentences, minimum=1)
    for sentence in sentences:
        assert vocabulary.decode(vocabulary.encode(sentence)) == [word for word in sentence if word != "<unk>"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "begins with <pad>, <start>, <end>"),
        ("<pad>\n<start>\n<end>\na b\n", r"word 3 of the vocabulary, 'a b', is empty or holds a space"),
        ("<pad>\n<start>\n<end>\n\n", "word 3 of the vocabulary, '', is empty"),
        ("<pad>\n<start>\n<end>\na\n<unk>\n", "<unk> is word 3 of a vocabulary or absent; here it is word 4"),
        ("<pad>\n<start>\n<end>\na\na\n", "'a' is in the vocabulary twice"),
        ("<pad>\r\n<start>\r\n<end>\r\n", "begins with"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, text, message):
    path = tmp_path / "vocabulary.txt"
    path.write_bytes(text.encode())
    with pytest.raises(DataError, match=message) as caught:
        Vocabulary.load(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_missing_or_not_text_is_named(tmp_path):
    with pytest.raises(DataError, match=r"missing\.txt: cannot be read as a vocabulary"):
        Vocabulary.load(tmp_path / "missing.txt")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"binary\.txt: cannot be read .*it is UTF-8, one word a line"):
        Vocabulary.load(tmp_path / "binary.txt")
