import numpy as np
import pytest

from watchword.metrics.meteor.array_file import DamagedError, open_arrays, write_arrays

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


def test_a_write_that_fails_leaves_what_was_there(path, monkeypatch):
    def full(descriptor):
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write_arrays(path, {"other": np.zeros(3)}, {})
    assert list(open_arrays(path)[0]) == list(ARRAYS)
    assert list(path.parent.iterdir()) == [path]
