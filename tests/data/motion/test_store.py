"""Moves of clips, computed once and kept."""

import numpy as np
import pytest

from tests.data.motion.made import frames, write
from watchword.core.errors import ClipError
from watchword.data.motion.store import MotionStore
from watchword.data.played import Clip

pytest.importorskip("cv2")


class Counting:
    """An encoder that counts how often it is asked."""

    calls = 0

    def __call__(self, pixels):
        self.calls += 1
        return pixels.reshape(len(pixels), -1, 3).astype(np.float32)


def test_a_clip_is_looked_at_once(tmp_path):
    clip, cells = write(tmp_path / "a.mp4", frames(40)), Counting()
    store = MotionStore(tmp_path / "kept", cells, "key", 16)
    first, again = store.of(clip), MotionStore(tmp_path / "kept", cells, "key", 16).of(clip)
    assert cells.calls == 1
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert [part.shape[-1] for part in first] == [380, 3, 194]
    store.of(Clip(clip, (0, 1)))
    MotionStore(tmp_path / "kept", cells, "other", 16).of(clip)
    assert cells.calls == 3
    write(tmp_path / "b.mp4", frames(40)).replace(tmp_path / "moved.mp4")
    assert len(list((tmp_path / "kept").rglob("*.npz"))) == 3


def test_a_damaged_file_is_made_anew(tmp_path):
    clip, cells = write(tmp_path / "a.mp4", frames(20)), Counting()
    store = MotionStore(tmp_path / "kept", cells, "key", 16)
    first = store.of(clip)
    (kept,) = (tmp_path / "kept").rglob("*.npz")
    for damaged in (b"", b"PK\x03\x04 no archive", kept.read_bytes()[:500]):
        kept.write_bytes(damaged)
        assert np.array_equal(store.of(clip).statistics, first.statistics)
    assert cells.calls == 4


def test_what_cannot_be_played_leaves_nothing(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no clip")
    with pytest.raises(ClipError, match=r"a\.mp4"):
        MotionStore(tmp_path / "kept", Counting(), "key", 16).of(tmp_path / "a.mp4")
    assert not (tmp_path / "kept").exists()
