import os
import sys
from itertools import pairwise

import numpy as np
import pytest

from watchword.metrics.meteor.array_file import DamagedError, open_arrays, seems_whole, write_arrays

ARRAYS = {
    "many": np.arange(1001, dtype=np.int32),
    "none": np.empty(0, np.uint64),
    "keys": np.array([1, 2**63, 2**64 - 1], np.uint64),
    "odd": np.arange(13, dtype=np.uint8),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "folder" / "some.bin"
    write_arrays(path, ARRAYS, {"words": ["é", "b"]})
    return path


def test_arrays_come_back(path):
    arrays, facts = open_arrays(path)
    assert facts == {"words": ["é", "b"]}
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)


def test_what_is_opened_cannot_be_written_to(path):
    arrays, _ = open_arrays(path)
    with pytest.raises(ValueError, match="read-only"):
        arrays["many"][0] = 1


@pytest.mark.parametrize("length", [0, 5, 24, 60, 300, -64, -1])
def test_a_file_cut_short_is_noticed(path, length):
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DamagedError):
        open_arrays(path)


@pytest.mark.parametrize("place", [0, 9, 20, 40, 1000, -64])
def test_an_altered_byte_is_noticed(path, place):
    text = bytearray(path.read_bytes())
    text[place] ^= 1
    path.write_bytes(text)
    with pytest.raises(DamagedError):
        open_arrays(path)


def test_a_file_that_grew_or_is_of_another_kind_is_noticed(path):
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(DamagedError, match="bytes of arrays, not"):
        open_arrays(path)
    path.write_bytes(b"something else, quite long enough to be read")
    with pytest.raises(DamagedError, match="not a file of arrays"):
        open_arrays(path)


@pytest.mark.parametrize("size", [8, 512, 4096, 8192])
def test_parts_that_changed_places_are_noticed(tmp_path, size):
    path = tmp_path / "some.bin"
    words = np.random.default_rng(1).integers(0, 1 << 60, 5000, np.uint64)
    write_arrays(path, {"words": words}, {})
    head = len(path.read_bytes()) - -(-words.nbytes // 64) * 64
    whole = path.read_bytes()
    places = range(head, head + words.nbytes - size, size)
    for first, second in list(pairwise(places))[:40]:
        text = bytearray(whole)
        text[first : first + size], text[second : second + size] = (
            whole[second : second + size],
            whole[first : first + size],
        )
        path.write_bytes(text)
        with pytest.raises(DamagedError, match="have changed"):
            open_arrays(path)


def test_what_seems_whole_has_its_header_and_its_length(path, tmp_path):
    assert seems_whole(path)
    assert not seems_whole(tmp_path / "none")
    whole = path.read_bytes()
    for text in (b"", whole[:10], whole[:-1], whole + b"x", b"other" + whole[5:], whole[:40] + b"~" + whole[41:]):
        path.write_bytes(text)
        assert not seems_whole(path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no umask")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_others_may_read_what_the_umask_lets_them(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        write_arrays(tmp_path / "some.bin", ARRAYS, {})
    finally:
        os.umask(before)
    assert (tmp_path / "some.bin").stat().st_mode & 0o777 == mode


def test_a_write_that_fails_leaves_what_was_there(path, monkeypatch):
    def full(descriptor):
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_arrays(path, {"other": np.zeros(3)}, {})
    assert list(open_arrays(path)[0]) == list(ARRAYS)
    assert list(path.parent.iterdir()) == [path]
