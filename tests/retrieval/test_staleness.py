"""Whether a photo is still what the index kept of it."""

import os

from watchword.retrieval.looking import UNSETTLED, read
from watchword.retrieval.staleness import state_of


def test_what_a_file_is_now(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"a photo")
    os.utime(path, (1e9, 1e9))
    kept = read(str(path))[0]
    assert kept.changed != UNSETTLED

    def state(changed=kept.changed):
        return state_of(str(path), kept.content, kept.size, changed)

    assert state() == state(UNSETTLED) == "same"
    os.utime(path, (2e9, 2e9))
    assert state() == "same"  # another date, the same bytes
    path.write_bytes(b"A PHOTO")
    assert state() == "changed"
    path.write_bytes(b"a longer photo")
    assert state() == "changed"
    path.unlink()
    assert state() == "gone"
    path.mkdir()
    assert state() in ("changed", "gone")


def test_a_name_that_cannot_be_is_gone():
    assert state_of("\0", "", 0, 0) == "gone"
