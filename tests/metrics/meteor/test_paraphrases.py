import gzip

import numpy as np
import pytest

from tests.metrics.meteor.conftest import PARAPHRASES, make_package
from watchword.metrics.meteor.hashes import word_keys
from watchword.metrics.meteor.paraphrases import extend, read_paraphrases


def key(phrase):
    keys = np.zeros(1, np.uint64)
    for word in word_keys(phrase.split()):
        keys = extend(keys, np.array([word]))
    return int(keys[0])


def rows(table):
    """Return the table as a dictionary of keys."""
    keys, ends = table.keys.tolist(), table.ends.tolist()
    return {
        keys[n]: [keys[other] for other in table.others[ends[n] : ends[n + 1]]]
        for n in range(len(keys))
        if ends[n] < ends[n + 1]
    }


@pytest.fixture
def path(tmp_path):
    return make_package(tmp_path / "package").paraphrases


def expected():
    found = {}
    for phrase, other in PARAPHRASES:
        found.setdefault(key(phrase), []).append(key(other))
    return found


def test_each_phrase_has_its_paraphrases_in_the_order_of_the_file_and_repeats_stay(path):
    words = {"kept"}
    assert rows(read_paraphrases(path, words)) == expected()
    assert words == {"kept", *" ".join(" ".join(pair) for pair in PARAPHRASES).split()}


@pytest.mark.parametrize("size", [1, 7, 50, 64, 1000])
def test_the_size_of_a_read_does_not_matter(path, size, monkeypatch):
    whole = read_paraphrases(path, set())
    monkeypatch.setattr("watchword.metrics.meteor.paraphrases._CHUNK", size)
    for ours, theirs in zip(read_paraphrases(path, set()), whole, strict=True):
        assert np.array_equal(ours, theirs)


def test_beginnings_of_phrases_are_known(path):
    keys = read_paraphrases(path, set()).keys
    assert (np.diff(keys.astype(object)) > 0).all()
    assert {key("in"), key("in front"), key("one two")} <= set(keys.tolist())
    assert key("front") not in keys


def test_an_unfinished_triple_is_left_out_and_an_empty_file_is_an_empty_table(tmp_path):
    path = tmp_path / "some.gz"
    path.write_bytes(gzip.compress(b"0.1\na\nb\n0.2\nc\n"))
    assert list(rows(read_paraphrases(path, set()))) == [key("a")]
    path.write_bytes(gzip.compress(b""))
    table = read_paraphrases(path, set())
    assert [len(column) for column in table] == [0, 1, 0]
