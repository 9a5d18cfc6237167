"""Flow: what moves is where it is and as far as it goes; strips are made once."""

import os

import numpy as np
import pytest

from tests.data.clips.made import write
from watchword.core.errors import ClipError, PictureError, SettingsError
from watchword.data.clips.flow import SCALE, flow_between, flow_picture
from watchword.data.clips.flow_store import FlowStore

pytest.importorskip("cv2")


def textured(shift=(0, 0), side=96):
    """A picture of smooth noise, moved by `shift` (x, y) pixels."""
    random = np.random.default_rng(0).integers(0, 256, (16, 16, 3)).astype(np.float64)
    y, x = np.mgrid[0:side, 0:side]
    at = lambda values, move: ((values - move) / 8) % 16  # noqa: E731
    (row, column), (down, right) = (at(y, shift[1]), at(x, shift[0])), (np.zeros(1), np.zeros(1))
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = (row - top)[..., None], (column - left)[..., None]
    corner = lambda i, j: random[(top + i) % 16, (left + j) % 16]  # noqa: E731
    mixed = (corner(0, 0) * (1 - down) + corner(1, 0) * down) * (1 - right)
    mixed += (corner(0, 1) * (1 - down) + corner(1, 1) * down) * right
    return mixed.astype(np.uint8)


@pytest.mark.parametrize("method", ["dis", "farneback"])
@pytest.mark.parametrize("shift", [(3, 0), (0, -4), (-5, 2)])
def test_flow_is_how_far_things_move(method, shift):
    flow = flow_between(textured(), textured(shift), method)[20:-20, 20:-20]
    assert flow.dtype == np.float32
    assert np.median(flow, (0, 1)) == pytest.approx(shift, abs=0.4)


def test_a_picture_has_x_and_y_around_128_and_the_length(tmp_path):
    picture = flow_picture(textured(), textured((-5, 2)))[20:-20, 20:-20]
    assert picture.dtype == np.uint8
    wanted = (128 - 5 * SCALE, 128 + 2 * SCALE, np.hypot(5, 2) * SCALE)
    assert np.median(picture, (0, 1)) == pytest.approx(wanted, abs=4)
    still = flow_picture(textured(), textured())
    assert np.abs(still.astype(int) - (128, 128, 0)).max() <= 1
    assert flow_picture(textured(), textured((7, 0)), scale=100)[48, 48].tolist()[0] == 255


def test_pictures_too_small_to_move_stand_still():
    tiny = np.zeros((1, 3, 3), np.uint8)
    assert flow_picture(tiny, tiny).tolist() == [[[128, 128, 0]] * 3]


def test_what_cannot_be_compared_is_told():
    with pytest.raises(PictureError, match=r"of one size, not \(96, 96, 3\) and \(48, 48, 3\)"):
        flow_picture(textured(), textured(side=48))
    with pytest.raises(SettingsError, match="no flow named 'brox'; there are: dis, farneback"):
        flow_picture(textured(), textured(), "brox")


def test_strips_are_made_once_and_whole(tmp_path, monkeypatch):
    pytest.importorskip("av")
    clip = write(tmp_path / "a.mp4", [textured((2 * n, 0)) for n in range(12)])
    store = FlowStore(tmp_path / "flow", size=96)
    first = store.pictures(clip, 4)
    assert first.shape == (4, 96, 96, 3)
    assert np.median(first[:, 20:-20, 20:-20], (0, 1, 2)) == pytest.approx((128 + 2 * SCALE, 128, 2 * SCALE), abs=5)
    (strip,) = (path for path in (tmp_path / "flow").rglob("*") if path.is_file())
    assert strip.suffix == ".jpg"
    assert strip.stat().st_size < 40_000

    copy = tmp_path / "copy.mp4"
    copy.write_bytes(clip.read_bytes())
    monkeypatch.setattr("watchword.data.clips.flow_store.pairs_by_count", lambda *_, **__: pytest.fail("made again"))
    np.testing.assert_array_equal(store.pictures(copy, 4), first)


def test_a_kill_leaves_no_half_strip(tmp_path, monkeypatch):
    pytest.importorskip("av")
    clip = write(tmp_path / "a.mp4", [textured((2 * n, 0)) for n in range(12)])
    store = FlowStore(tmp_path / "flow", size=96)
    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            store.pictures(clip, 3)
    assert [path for path in (tmp_path / "flow").rglob("*.jpg") if path.is_file()] == []
    assert store.pictures(clip, 3).shape == (3, 96, 96, 3)
    assert os.path.exists(clip)


def test_more_than_a_strip_holds_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="at most 290 flow pictures of 224 pixels; not 300"):
        FlowStore(tmp_path).pictures(tmp_path / "a.mp4", 300)
    with pytest.raises(ClipError, match="does not exist"):
        FlowStore(tmp_path).pictures(tmp_path / "a.mp4", 3)
