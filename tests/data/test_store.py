import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from tests.data.photographs import encoded, scene, write
from watchword.core import file_lock
from watchword.core.errors import DataError, PictureError
from watchword.data import store
from watchword.data.hashes import content_hash
from watchword.data.pictures import Part, open_picture
from watchword.data.store import FeatureStore


def key(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


def row(number, shape=(3, 4)):
    return np.full(shape, number, np.float16)


def means(pixels):
    """A trunk for tests: the mean of each colour."""
    return pixels.mean((1, 2)).astype(np.float16)


def test_rows_come_back_in_the_order_asked_for(tmp_path):
    opened = FeatureStore(tmp_path / "features" / "plain", (3, 4))
    opened.add([key(1), key(2)], np.stack([row(1), row(2)]))
    opened.add([key(3)], row(3)[None])
    assert len(opened) == 3
    assert opened.has([key(3), key(9)]).tolist() == [True, False]
    found = opened.rows([key(3), key(1), key(3)])
    assert found.dtype == np.float16
    assert found[:, 0, 0].tolist() == [3, 1, 3]
    found[:] = 0  # a copy: writing to it is the caller's affair
    again = FeatureStore(tmp_path / "features" / "plain", (3, 4))
    assert again.rows([key(2), key(3)])[:, 2, 3].tolist() == [2, 3]
    assert opened.rows([]).shape == (0, 3, 4)


def test_bytes_are_stored_as_bytes(tmp_path):
    opened = FeatureStore(tmp_path, (2,), "uint8")
    opened.add([key(1)], np.array([[0, 255]], np.uint8))
    assert opened.rows([key(1)]).tolist() == [[0, 255]]
    with pytest.raises(DataError, match="holds uint8, not float32; convert the rows first"):
        opened.add([key(2)], np.zeros((1, 2), np.float32))


def test_a_key_keeps_its_first_row(tmp_path):
    opened = FeatureStore(tmp_path, (3, 4))
    opened.add([key(1), key(1)], np.stack([row(1), row(2)]))
    opened.add([key(1), key(2)], np.stack([row(5), row(6)]))
    assert opened.rows([key(1), key(2)])[:, 0, 0].tolist() == [1, 6]
    assert (tmp_path / "keys.bin").stat().st_size == 64


@pytest.mark.parametrize(
    ("keys", "rows", "message"),
    [
        ([key(1)], np.zeros((2, 3, 4)), r"1 rows of shape \(3, 4\) were expected, not an array of shape \(2, 3, 4\)"),
        ([key(1)], np.zeros((1, 4, 3)), r"not an array of shape \(1, 4, 3\)"),
        ([key(1)], np.full((1, 3, 4), 1e6), r"up to 65,504; these rows reach 1e\+06; scale them first"),
        ([key(1)], np.zeros((1, 3, 4), int), "holds float16, not int64"),
        (["abc"], np.zeros((1, 3, 4)), "'abc' is not a key: 64 hexadecimal digits"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path, keys, rows, message):
    opened = FeatureStore(tmp_path, (3, 4))
    with pytest.raises(DataError, match=message):
        opened.add(keys, rows)
    assert len(opened) == 0


def test_a_missing_row_is_an_error(tmp_path):
    with pytest.raises(DataError, match=f"has no row for 1 of 1 keys, first {key(7)}; fill it"):
        FeatureStore(tmp_path, (3, 4)).rows([key(7)])


@pytest.mark.parametrize(("shape", "dtype"), [((4, 3), "float16"), ((3, 4), "uint8")])
def test_a_store_of_another_kind_is_not_touched(tmp_path, shape, dtype):
    FeatureStore(tmp_path, (3, 4)).add([key(1)], row(1)[None])
    with pytest.raises(
        DataError, match=r"header\.json says .*'shape': \[3, 4\].*; use another folder, or delete this one"
    ):
        FeatureStore(tmp_path, shape, dtype)
    assert len(FeatureStore(tmp_path, (3, 4))) == 1


def test_a_store_that_is_deleted_meanwhile_is_explained(tmp_path):
    opened = FeatureStore(tmp_path / "store", (3, 4))
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(DataError, match=r"store cannot be read: .*; was it deleted\? Run again"):
        opened.has([key(1)])


def test_what_cannot_be_a_store(tmp_path):
    (tmp_path / "header.json").write_text("{")
    with pytest.raises(DataError, match="says something unreadable"):
        FeatureStore(tmp_path, (3, 4))
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"cannot be used as a feature store: .*; give a folder to write in"):
        FeatureStore(tmp_path / "file", (3, 4))
    with pytest.raises(DataError, match="holds float16 or uint8, not 'float32'"):
        FeatureStore(tmp_path, (3, 4), "float32")
    with pytest.raises(DataError, match=r"shape \(3, 0\) holds nothing"):
        FeatureStore(tmp_path, (3, 0))


def test_a_full_disk_is_explained_and_loses_nothing(tmp_path, monkeypatch):
    opened = FeatureStore(tmp_path, (3, 4))
    opened.add([key(1)], row(1)[None])

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=r"1 rows could not be written: .*No space left on device; make room"):
        opened.add([key(2)], row(2)[None])
    monkeypatch.undo()
    opened.add([key(3)], row(3)[None])
    assert FeatureStore(tmp_path, (3, 4)).rows([key(1), key(3)])[:, 0, 0].tolist() == [1, 3]


@pytest.mark.parametrize("lost", range(0, 60, 7))
@pytest.mark.parametrize("file", ["rows.bin", "keys.bin"])
def test_a_torn_end_is_dropped_and_written_over(tmp_path, file, lost):
    opened = FeatureStore(tmp_path, (3, 4))
    opened.add([key(n) for n in range(4)], np.stack([row(n) for n in range(4)]))
    path = tmp_path / file
    os.truncate(path, path.stat().st_size - lost)
    again = FeatureStore(tmp_path, (3, 4))
    whole = 4 - -(-lost // (24 if file == "rows.bin" else 32))
    assert len(again) == whole
    again.add([key(n) for n in range(6)], np.stack([row(n) for n in range(6)]))
    for reader in (again, FeatureStore(tmp_path, (3, 4))):
        assert reader.rows([key(n) for n in range(6)])[:, 1, 1].tolist() == [0, 1, 2, 3, 4, 5]


def test_readers_see_what_another_writes(tmp_path):
    reader, writer = FeatureStore(tmp_path, (3, 4)), FeatureStore(tmp_path, (3, 4))
    for n in range(5):
        writer.add([key(n)], row(n)[None])
        assert reader.rows([key(n)])[0, 0, 0] == n


WRITER = textwrap.dedent("""
    import hashlib, sys
    import numpy as np
    from watchword.data.store import FeatureStore
    opened = FeatureStore(sys.argv[1], (64, 64))
    first, last = int(sys.argv[2]), int(sys.argv[3])
    for n in range(first, last):
        keys = [hashlib.sha256(str(i).encode()).hexdigest() for i in (n, n + 1)]
        opened.add(keys, np.stack([np.full((64, 64), i % 1000, np.float16) for i in (n, n + 1)]))
        print(n, flush=True)
""")


def start(folder, first, last):
    command = [sys.executable, "-c", WRITER, str(folder), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_at_the_same_time(tmp_path):
    children = [start(tmp_path, 0, 60), start(tmp_path, 30, 90)]
    assert [child.communicate()[0].count("\n") for child in children] == [60, 60]
    assert [child.returncode for child in children] == [0, 0]
    opened = FeatureStore(tmp_path, (64, 64))
    rows = opened.rows([key(n) for n in range(91)])
    np.testing.assert_array_equal(rows, np.broadcast_to(np.arange(91)[:, None, None], rows.shape))
    assert len(opened) == 91
    assert (tmp_path / "rows.bin").stat().st_size == 91 * 64 * 64 * 2


def test_a_writer_killed_at_any_moment_loses_only_what_it_had_in_hand(tmp_path):
    for attempt in range(3):
        first = 10_000 * attempt
        with start(tmp_path, first, first + 10_000) as child:
            said = [child.stdout.readline() for _ in range(5 + 10 * attempt)]
            time.sleep(0.003 * attempt)
            child.kill()
            said += child.stdout.read().splitlines()
        finished = range(first, int(said[-1]) + 2)
        opened = FeatureStore(tmp_path, (64, 64))
        rows = opened.rows([key(n) for n in finished])
        assert (rows == (np.array(finished) % 1000)[:, None, None]).all()
        assert opened.rows([key(n) for n in range(0, first, 10_000)])[:, 0, 0].tolist() == [0] * attempt
    opened.add([key(-1)], np.zeros((1, 64, 64), np.float16))
    assert opened.has([key(-1)]).all()


def test_the_lock_waits_for_its_holder(tmp_path):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time, pathlib\n"
            "from watchword.core.file_lock import locked\n"
            "with locked(pathlib.Path(sys.argv[1])):\n"
            "    print('held', flush=True)\n"
            "    time.sleep(30)\n",
            str(tmp_path / "lock"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    taken = threading.Event()

    def take():
        with file_lock.locked(tmp_path / "lock"):
            taken.set()

    thread = threading.Thread(target=take)
    thread.start()
    assert not taken.wait(0.2)
    holder.kill()  # the system lets go of the lock of the dead
    holder.communicate()
    assert taken.wait(10)
    thread.join()


def test_a_lock_that_is_not_waited_for(tmp_path):
    lock = tmp_path / "lock"
    with file_lock.locked(lock), pytest.raises(BlockingIOError), file_lock.locked(lock, wait=False):
        pass
    with file_lock.locked(lock, wait=False):
        pass


def test_without_fcntl_nothing_is_locked_and_all_else_works(tmp_path, monkeypatch):
    monkeypatch.setattr(file_lock, "fcntl", None)
    opened = FeatureStore(tmp_path, (3, 4))
    opened.add([key(1)], row(1)[None])
    assert opened.has([key(1)]).all()


class Counting:
    """A function for `fill` that counts what it is asked."""

    def __init__(self):
        self.batches = []

    def __call__(self, pixels):
        assert pixels.shape[1:] == (16, 16, 3)
        self.batches.append(len(pixels))
        return means(pixels)


@pytest.fixture
def photos(tmp_path):
    shades = [(10 * n, 255 - 10 * n, 50) for n in range(7)]
    folder = tmp_path / "photos"
    return [
        write(folder, f"{n}.png", scene().point(lambda v, n=n: (v + 9 * n) % 256), "PNG") for n, _ in enumerate(shades)
    ]


def age(*paths):
    for path in paths:
        os.utime(path, (1_700_000_000, 1_700_000_000))


def test_fill_computes_what_is_missing_and_nothing_else(tmp_path, photos):
    opened, function, seen = FeatureStore(tmp_path / "store", (3,)), Counting(), []
    keys = opened.fill(photos[:5], 16, function, batch=2, progress=lambda done, total: seen.append((done, total)))
    assert keys == [content_hash(path) for path in photos[:5]]
    assert function.batches == [2, 2, 1]
    assert seen == [(n, 5) for n in range(1, 6)]
    np.testing.assert_array_equal(opened.rows(keys), means(np.stack([open_picture(photo, 16) for photo in photos[:5]])))
    opened.fill(photos, 16, function, batch=32)
    assert function.batches == [2, 2, 1, 2]
    assert FeatureStore(tmp_path / "store", (3,)).fill(photos[::-1], 16, function)[::-1][:5] == keys
    assert function.batches == [2, 2, 1, 2]
    assert opened.fill([], 16, function) == []


def test_the_same_content_is_computed_once(tmp_path, photos):
    copy = tmp_path / "copy with another name.jpg"
    copy.write_bytes(photos[0].read_bytes())
    function = Counting()
    first, second, third = FeatureStore(tmp_path / "store", (3,)).fill([photos[0], copy, photos[0]], 16, function)
    assert first == second == third
    assert function.batches == [1]


def test_files_that_have_not_changed_are_not_read_again(tmp_path, photos, monkeypatch):
    age(*photos)
    keys = FeatureStore(tmp_path / "store", (3,)).fill(photos, 16, means)

    def refuse(path):
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(store, "open_file", refuse)
    assert FeatureStore(tmp_path / "store", (3,)).fill(photos, 16, means) == keys


def test_a_file_that_changed_gets_another_row(tmp_path, photos):
    age(*photos)
    opened = FeatureStore(tmp_path / "store", (3,))
    before = opened.fill(photos, 16, means)
    write(photos[0].parent, "0.png", scene(90, 90), "PNG")
    after = opened.fill(photos, 16, means)
    assert after[0] != before[0]
    assert after[1:] == before[1:]


def test_a_file_changed_a_moment_ago_is_not_trusted_by_its_clock(tmp_path, photos):
    opened = FeatureStore(tmp_path / "store", (3,))
    before = opened.fill(photos[:1], 16, means)
    clock = photos[0].stat()
    changed = bytearray(encoded(scene(), "BMP"))
    photos[0].write_bytes(bytes(changed[: clock.st_size]).ljust(clock.st_size, b"\0"))
    os.utime(photos[0], ns=(clock.st_atime_ns, clock.st_mtime_ns))
    after = opened.fill(photos[:1], 16, means, broken=lambda path, error: None)
    assert after != before


def test_broken_photos_are_reported_and_the_rest_is_stored(tmp_path, photos):
    photos[1].write_bytes(b"")
    photos[4].unlink()
    opened, function, told = FeatureStore(tmp_path / "store", (3,)), Counting(), []
    keys = opened.fill(photos, 16, function, broken=lambda path, error: told.append((path, str(error))))
    assert [path for path, _ in told] == [photos[1], photos[4]]
    assert "is empty (0 bytes)" in told[0][1]
    assert "does not exist" in told[1][1]
    assert [bool(name) for name in keys] == [True, False, True, True, False, True, True]
    assert len(opened) == 5


def test_broken_photos_are_an_error_unless_someone_listens(tmp_path, photos):
    photos[6].write_bytes(b"rubbish")
    opened = FeatureStore(tmp_path / "store", (3,))
    message = r"1 of 7 photos cannot be used; repair them or leave them out:\n  .*6\.png' is not a picture"
    with pytest.raises(PictureError, match=message):
        opened.fill(photos, 16, means)
    assert len(opened) == 6


def test_of_very_many_broken_photos_the_first_ten_are_named(tmp_path):
    gone = [tmp_path / f"gone{n}.jpg" for n in range(14)]
    with pytest.raises(PictureError, match=r"gone9\.jpg.*\n  and 4 more$") as caught:
        FeatureStore(tmp_path / "store", (3,)).fill(gone, 16, means)
    assert str(caught.value).count("\n") == 11


def test_a_fill_killed_half_way_goes_on_where_it_was(tmp_path, photos):
    script = textwrap.dedent("""
        import os, pathlib, signal, sys
        from watchword.data.store import FeatureStore
        calls = []
        def function(pixels):
            calls.append(1)
            if len(calls) == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return pixels.mean((1, 2)).astype("float16")
        FeatureStore(sys.argv[1], (3,)).fill([pathlib.Path(p) for p in sys.argv[2:]], 16, function, batch=2)
    """)
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "store", *photos], check=False)
    assert done.returncode == -9
    function = Counting()
    opened = FeatureStore(tmp_path / "store", (3,))
    assert len(opened) == 4
    opened.fill(photos, 16, function, batch=2)
    assert sum(function.batches) == 3


def test_a_damaged_cache_of_hashes_costs_time_and_nothing_else(tmp_path, photos):
    age(*photos)
    opened = FeatureStore(tmp_path / "store", (3,))
    keys = opened.fill(photos, 16, means)
    cache = tmp_path / "store" / "hashes.jsonl"
    lines = cache.read_text()
    cache.write_text(
        "[1, 2]\nrubbish\n{}\n5\n\xff\n" + json.dumps([str(photos[0]), 1, 1, "x"]) + lines[: len(lines) // 2]
    )
    assert FeatureStore(tmp_path / "store", (3,)).fill(photos, 16, means) == keys
    assert FeatureStore(tmp_path / "store", (3,)).fill(photos, 16, means) == keys


def test_parts_of_a_photo_have_rows_of_their_own(tmp_path):
    path, again = (write(tmp_path, name, scene(40, 40), "PNG") for name in ("a.png", "b.png"))
    opened = FeatureStore(tmp_path / "features", (3,))
    left, right = (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)
    keys = opened.fill([path, Part(path, left), Part(path, right), Part(again, left)], 8, means)
    assert (len(set(keys)), keys[1], keys[0]) == (3, keys[3], content_hash(path))
    for found, box in zip(opened.rows(keys[1:3]), (left, right), strict=True):
        assert np.array_equal(found, means(open_picture(Part(path, box), 8)[None])[0])
    assert opened.fill([Part(path, right)], 8, lambda pixels: pytest.fail("it is there")) == [keys[2]]
    with pytest.raises(PictureError, match=r"none\.png"):
        opened.fill([Part(tmp_path / "none.png", left)], 8, means)
