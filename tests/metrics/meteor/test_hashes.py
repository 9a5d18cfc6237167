import numpy as np
import pytest

from watchword.metrics.meteor.hashes import different, java_hash, keys_in_text, places, word_keys


@pytest.mark.parametrize(
    ("word", "expected"),
    [("", 0), ("a", 97), ("hello", 99162322), ("ao", 3118), ("c1", 3118), ("paraphrases", -212616966), ("😀", 1772899)],
)
def test_hashes_are_javas(word, expected):
    assert java_hash(word) == expected


def test_keys_tell_words_apart_that_share_a_hash():
    assert len(set(word_keys(["ao", "c1", "", "é", "oa"]).tolist())) == 5


def test_keys_do_not_depend_on_where_a_word_stands():
    text = np.frombuffer("dog naïve cat".encode(), np.uint8)
    keys = keys_in_text(text, np.array([11, 0, 4]), np.array([3, 3, 6]))
    assert keys.tolist() == word_keys(["cat", "dog", "naïve"]).tolist()


def test_half_a_surrogate_pair_has_a_key():
    assert len(word_keys(["\ud83d"])) == 1


def test_places_are_found_or_minus_one():
    assert places(np.array([2, 5, 9]), np.array([9, 3, 2, 10])).tolist() == [2, -1, 0, -1]
    assert places(np.array([], np.int64), np.array([9])).tolist() == [-1]


def test_different_is_unique():
    keys = np.array([5, 1, 5, 3, 1], np.uint64)
    assert different(keys).tolist() == [1, 3, 5]
    assert different(keys[:0]).tolist() == []
