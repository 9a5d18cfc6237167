import threading
import time

import numpy as np
import pytest

from tests.runtime import tiny
from watchword.core.errors import PictureError
from watchword.runtime import pipeline
from watchword.runtime.pipeline import decoded_batches


def batches(sources, batch=2, threads=2):
    return decoded_batches(sources, tiny.SIZE, batch, threads)


def test_order_and_sizes_are_kept():
    pictures = [np.full((9, 9, 3), shade, np.uint8) for shade in range(7)]
    got = list(batches(pictures, batch=3))
    assert [len(rows) for rows in got] == [3, 3, 1]
    assert [int(pixels[0, 0, 0]) for rows in got for _, pixels in rows] == list(range(7))
    assert got[0][0][1].shape == (tiny.SIZE, tiny.SIZE, 3)


def test_nothing_in_nothing_out():
    assert list(batches([])) == []


def test_a_bad_picture_is_a_value_and_the_rest_go_on():
    good = tiny.picture("red")
    ((_, first), (source, second)), ((_, third),) = batches([good, b"no picture", good])
    assert isinstance(second, PictureError)
    assert source == b"no picture"
    assert first.shape == third.shape == (tiny.SIZE, tiny.SIZE, 3)


def test_sources_are_asked_for_one_batch_ahead_and_no_further():
    asked = []

    def endless():
        while True:
            asked.append(1)
            yield tiny.picture("blue")

    rows = batches(endless(), batch=4)
    for turn in range(1, 4):
        next(rows)
        assert len(asked) == 4 * (turn + 1)
    rows.close()


def test_the_next_batch_is_decoded_while_this_one_is_used(monkeypatch):
    done = threading.Semaphore(0)
    monkeypatch.setattr(pipeline, "open_picture", lambda source, size: done.release() or np.zeros((size, size, 3)))
    rows = batches([b"1", b"2", b"3", b"4"], batch=2)
    next(rows)
    assert all(done.acquire(timeout=5) for _ in range(4))  # two of this batch, two of the next
    rows.close()


def test_leaving_early_ends_the_threads(monkeypatch):
    monkeypatch.setattr(pipeline, "open_picture", lambda source, size: time.sleep(0.01) or np.zeros((size, size, 3)))
    rows = batches([b""] * 100, batch=10)
    next(rows)
    rows.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("watchword-decode")]


def test_an_error_that_is_no_pictures_fault_is_not_hidden(monkeypatch):
    def fail(source, size):
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "open_picture", fail)
    with pytest.raises(ZeroDivisionError):
        list(batches([b"x"]))
