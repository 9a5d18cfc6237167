"""Rows of clips, kept: computed once, resumed, and named where they cannot be."""

import numpy as np
import pytest

from watchword.core.errors import ClipError, PictureError
from watchword.data.clip_rows import fill_clips
from watchword.data.played import Clip
from watchword.data.store import FeatureStore


@pytest.fixture
def files(tmp_path):
    for number in range(4):
        (tmp_path / f"{number}.mp4").write_bytes(bytes([number]) * 9)
    return [tmp_path / f"{number}.mp4" for number in range(4)]


def opened(source):
    path = source.source if isinstance(source, Clip) else source
    value = path.read_bytes()[0] + (source.span[0] if isinstance(source, Clip) else 0)
    if value == 2:
        raise ClipError(f"{path.name} is broken")
    return np.full((3, 2), value, np.float32)


def test_a_row_each_in_order_and_never_twice(files, tmp_path):
    store, seen = FeatureStore(tmp_path / "s", (3, 2)), []

    def look(frames):
        seen.append(frames[0, 0])
        return frames

    wanted = [files[0], files[1], files[0], files[3]]
    told = []
    keys = fill_clips(store, wanted, opened, look, progress=lambda done, total: told.append((done, total)))
    assert store.rows(keys)[:, 0, 0].tolist() == [0, 1, 0, 3]
    assert seen == [0, 1, 3]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    again = fill_clips(FeatureStore(tmp_path / "s", (3, 2)), wanted, opened, look)
    assert again == keys
    assert seen == [0, 1, 3]


def test_stretches_of_one_clip_have_rows_of_their_own(files, tmp_path):
    store = FeatureStore(tmp_path / "s", (3, 2))
    keys = fill_clips(store, [files[1], Clip(files[1], (2.0, 3.0)), Clip(files[1], (3.0, 4.0))], opened, np.asarray)
    assert len(set(keys)) == 3
    assert store.rows(keys)[:, 0, 0].tolist() == [1, 3, 4]


def test_what_cannot_be_opened_is_named_once_the_rest_is_stored(files, tmp_path):
    store = FeatureStore(tmp_path / "s", (3, 2))
    with pytest.raises(PictureError, match=r"2 of 5 clips cannot be used(.|\n)*2\.mp4 is broken(.|\n)*gone\.mp4"):
        fill_clips(store, [*files, tmp_path / "gone.mp4"], opened, np.asarray)
    assert len(store) == 3
    told = []
    keys = fill_clips(store, files, opened, np.asarray, broken=lambda path, error: told.append((path, str(error))))
    assert keys[2] == ""
    assert told == [(files[2], "2.mp4 is broken")]


def test_a_kill_loses_the_clip_in_hand_alone(files, tmp_path):
    def look(frames):
        if frames[0, 0] == 3:
            raise KeyboardInterrupt
        return frames

    with pytest.raises(KeyboardInterrupt):
        fill_clips(FeatureStore(tmp_path / "s", (3, 2)), [files[0], files[1], files[3]], opened, look)
    assert len(FeatureStore(tmp_path / "s", (3, 2))) == 2
