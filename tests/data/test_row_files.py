"""Rows on disk: what counts, what a killed writer leaves, and what another store is."""

import numpy as np
import pytest

from watchword.core.errors import DataError
from watchword.data.row_files import KEY_BYTES, RowFiles

SHAPE, FLOAT16 = (2, 3), np.dtype("<f2")


def key(number):
    return bytes([number]) * KEY_BYTES


def rows(*numbers):
    return np.stack([np.full(SHAPE, number, FLOAT16) for number in numbers])


@pytest.fixture
def store(tmp_path):
    return RowFiles(tmp_path / "store", SHAPE, FLOAT16)


def test_rows_come_back_by_their_keys(store, tmp_path):
    store.append([key(1), key(2)], rows(1, 2))
    store.append([key(3)], rows(3))
    again = RowFiles(tmp_path / "store", SHAPE, FLOAT16)
    for each in (store, again):
        assert each.places == {key(1): 0, key(2): 1, key(3): 2}
        assert np.array_equal(each.gather([2, 0]), rows(3, 1))


def test_what_another_process_added_is_seen_after_a_look(store, tmp_path):
    other = RowFiles(tmp_path / "store", SHAPE, FLOAT16)
    store.append([key(1)], rows(1))
    assert other.places == {}
    other.refresh()
    assert np.array_equal(other.gather([other.places[key(1)]]), rows(1))


@pytest.mark.parametrize(
    "torn", [("rows.bin", 5), ("rows.bin", 12), ("keys.bin", 7)], ids=["half a row", "no key", "half a key"]
)
def test_what_a_killed_writer_left_is_written_over(store, tmp_path, torn):
    store.append([key(1)], rows(1))
    name, count = torn
    with (tmp_path / "store" / name).open("ab") as file:
        file.write(b"\xaa" * count)
    again = RowFiles(tmp_path / "store", SHAPE, FLOAT16)
    assert again.places == {key(1): 0}
    again.append([key(2)], rows(2))
    assert np.array_equal(again.gather([0, 1]), rows(1, 2))
    assert (tmp_path / "store" / "keys.bin").stat().st_size == 2 * KEY_BYTES


def test_rows_of_another_shape_or_type_are_refused(store, tmp_path):
    for shape, dtype in (((3, 3), FLOAT16), (SHAPE, np.dtype("<f4"))):
        with pytest.raises(DataError, match=r"asked for was .*; use another folder, or delete this one"):
            RowFiles(tmp_path / "store", shape, dtype)
    (tmp_path / "store" / "header.json").write_text("{")
    with pytest.raises(DataError, match="says something unreadable"):
        RowFiles(tmp_path / "store", SHAPE, FLOAT16)


def test_a_folder_that_cannot_be_one_or_is_gone_is_named(store, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"file cannot be used as a feature store: .*; give a folder to write in"):
        RowFiles(tmp_path / "file", SHAPE, FLOAT16)
    (tmp_path / "store" / "keys.bin").unlink()
    with pytest.raises(DataError, match=r"store cannot be read: .*; was it deleted\? Run again"):
        store.refresh()
