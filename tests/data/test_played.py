"""Clips as an encoder is shown them."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from tests.data.clips.made import number_of, numbered, write
from watchword.core.errors import ClipError, PictureError
from watchword.core.types import Example
from watchword.data.clips.flow import flow_picture
from watchword.data.clips.flow_store import FlowStore
from watchword.data.motion.pieces import pieces
from watchword.data.motion.window import window
from watchword.data.pictures import Part
from watchword.data.played import Clip, Playing, parts, place_of, watched

SIZE = 176


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Forty frames, 10 a second, that show their numbers."""
    path = tmp_path_factory.mktemp("clips") / "numbers.mp4"
    return write(path, (numbered(number, 176, 176) for number in range(40)))


def numbers(frames):
    return [number_of(frame) for frame in frames]


def test_so_many_frames_in_time_order(clip):
    frames = Playing(4)(clip, SIZE)
    assert (frames.shape, frames.dtype) == ((4, SIZE, SIZE, 3), np.uint8)
    assert numbers(frames) == [5, 15, 25, 35]


def test_a_part_of_a_clip(clip):
    assert numbers(Playing(4)(Clip(clip, (1.0, 3.0)), SIZE)) == [12, 17, 22, 27]
    upper, lower = (Playing(2)(Clip(clip, box=(0, top, 1, top + 0.5)), SIZE) for top in (0, 0.5))
    assert upper.shape == lower.shape == (2, SIZE, SIZE, 3)
    assert numbers(upper) == [10, 30]
    assert numbers(lower) == [0, 0]


def test_consecutive_frames_about_the_middle(clip):
    """At the clip's own rate, 10 a second, every frame; at half of it every other; of shorter parts, all of them."""
    assert numbers(Playing(16, rate=10)(clip, SIZE)) == list(range(12, 28))
    assert numbers(Playing(4, rate=5)(clip, SIZE)) == [17, 19, 21, 23]
    assert numbers(Playing(8, rate=10)(Clip(clip, (1.0, 3.0)), SIZE)) == list(range(16, 24))
    assert numbers(Playing(4, rate=1)(clip, SIZE)) == numbers(Playing(4)(clip, SIZE))
    assert numbers(Playing(4, rate=1.5)(Clip(clip, (1.0, 3.0)), SIZE)) == [12, 17, 22, 27]
    assert numbers(Playing(4, rate=10)(Clip(clip, (1.0, 90.0)), SIZE)) == [23, 24, 25, 26]


def test_flow_is_found_as_asked_of_the_part_that_is_shown(clip, tmp_path):
    for method in ("dis", "farneback"):
        playing = Playing(4, "flow", rate=5, method=method)
        frames = Playing(8, rate=10)(clip, SIZE)  # each of the four, and the one that follows it
        expected = [flow_picture(frames[place], frames[place + 1], method) for place in (1, 3, 5)]
        found = playing(clip, SIZE)
        assert np.array_equal(found[:3], expected)
        kept = playing(clip, SIZE, flows=FlowStore(tmp_path, size=SIZE, method=method))
        assert np.abs(kept.astype(int) - found).mean() < 3
    assert len(list(tmp_path.rglob("*.jpg"))) == 2


def test_views_take_other_frames_and_are_mirrored(clip):
    views = [Playing(4)(clip, SIZE, number) for number in range(4)]
    assert numbers(views[1][:, :, ::-1]) == numbers(views[0])
    assert [place_of(number) for number in range(8)] == [0.5, 0.5, 0.25, 0.25, 0.75, 0.75, 0.125, 0.125]
    assert not np.array_equal(views[2], views[0])
    assert np.array_equal(views[2], Playing(4)(clip, SIZE, 2))


def test_all_frames_of_a_view_are_cropped_alike():
    still = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    for number in range(4):
        frames = Playing(3)(still, 32, number)
        assert np.array_equal(frames[0], frames[1])
        assert np.array_equal(frames[0], frames[2])


def test_a_list_of_frames_is_a_clip():
    given = [numbered(number, 176, 176) for number in range(40)]
    assert numbers(Playing(4)(given, SIZE)) == numbers(Playing(4)(np.stack(given), SIZE)) == [5, 15, 25, 35]
    assert numbers(Playing(6)(given[:3], SIZE)) == [0, 0, 1, 1, 2, 2]
    with pytest.raises(PictureError, match="without a frame"):
        Playing(4)([], SIZE)


def test_a_photo_stands_still_or_is_wandered_over(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    still = Playing(3)(tmp_path / "photo.png", 32)
    assert still.shape == (3, 32, 32, 3)
    assert np.array_equal(still[0], still[2])
    panned, again, other = (Playing(3, play="pan")(tmp_path / "photo.png", 32, number) for number in (0, 0, 2))
    assert np.array_equal(panned, again)
    assert not np.array_equal(panned[0], panned[2])
    assert not np.array_equal(panned, other)
    assert Playing(3)(Part(pixels, (0, 0, 0.5, 0.5)), 32).shape == (3, 32, 32, 3)


def test_a_file_that_cannot_be_played_is_named(tmp_path):
    (tmp_path / "bad.mp4").write_bytes(b"nothing")
    for path in ("bad.mp4", "gone.mp4"):
        with pytest.raises(ClipError, match=path):
            Playing(2)(tmp_path / path, 32)


def test_flow_shows_what_moves_from_frame_to_frame():
    pytest.importorskip("cv2")
    random = np.random.default_rng(0)
    ground = np.kron(random.integers(0, 256, (40, 40, 3), dtype=np.uint8), np.ones((4, 4, 1), np.uint8))
    frames = [np.roll(ground, 3 * step, 1)[:128, :128] for step in range(4)]
    seen = Playing(3, stream="flow")(frames, 128)
    assert seen.shape == (3, 128, 128, 3)
    right, left = seen[..., 0].mean(), Playing(3, stream="flow")(frames, 128, 1)[..., 0].mean()
    assert right > 128 > left  # a mirrored clip moves the other way


def test_what_an_example_speaks_of(tmp_path):
    photo, clip = tmp_path / "a.jpg", tmp_path / "a.mp4"
    assert watched(Example("a", photo)) == photo
    assert watched(Example("a", photo, box=(0, 0, 1, 0.5))) == Part(photo, (0, 0, 1, 0.5))
    assert watched(Example("a", clip)) == clip
    assert watched(Example("a", clip, span=(1.0, 2.0))) == Clip(clip, (1.0, 2.0))
    assert watched(Example("a", clip, box=(0, 0, 1, 0.5))) == Clip(clip, None, (0, 0, 1, 0.5))
    assert str(Clip(clip, (1.0, 2.5))) == f"{clip} (1 to 2.5 s)"


def test_parts_cover_all_of_it():
    assert parts(4, 4) == [0, 1, 2, 3]
    assert parts(1, 3) == [0, 0, 0]
    assert parts(100, 4, 0.0) == [0, 25, 50, 75]


def test_flow_is_computed_in_several_threads_at_once():
    """OpenCV's method keeps what it works with; shared between threads that ended Python."""
    pytest.importorskip("cv2")
    frames = list(np.random.default_rng(0).integers(0, 256, (7, 96, 96, 3), dtype=np.uint8))
    alone = Playing(6, stream="flow")(frames, 96)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: Playing(6, stream="flow")(frames, 96), range(24)):
            assert np.array_equal(found, alone)


def test_a_stretch_after_the_end_is_refused(clip):
    with pytest.raises(ClipError, match="ends after 4 seconds, and 50 to 60 are asked for"):
        Playing(2)(Clip(clip, (50.0, 60.0)), 32)


def test_a_stretch_of_a_clip_whose_sound_comes_first(tmp_path):
    """Its picture lasts from 3 to 9 seconds: there is something from 7 to 9, and the middle two seconds are 5 to 7."""
    pytest.importorskip("av")
    shades = [np.full((32, 32, 3), 4 * n, np.uint8) for n in range(60)]
    times = [3000 + 100 * n for n in range(60)]
    clip = write(tmp_path / "late.mp4", shades, times=times, sound=np.sin(np.arange(72_000) / 5))
    late = Playing(4)(Clip(clip, (7.0, 9.0)), 32)[:, 16, 16, 0]
    assert late.tolist() == pytest.approx([170, 190, 210, 230], abs=14)
    middle = Playing(4, rate=2)(clip, 32)[:, 16, 16, 0]
    assert middle.tolist() == pytest.approx([90, 110, 130, 150], abs=14)
    parts = pieces(clip)
    assert [part.span for part in parts] == [pytest.approx((3, 6), abs=0.15), pytest.approx((6, 9), abs=0.15)]
    assert window(parts[1])[:, 16, 16, 0].mean() == pytest.approx(180, abs=14)


def test_the_flow_of_a_clip_is_between_frames_that_follow_each_other(tmp_path):
    """A thing that turns back every other frame: far apart it stands still."""
    pytest.importorskip("av")
    random = np.random.default_rng(0)
    wide = np.kron(random.integers(0, 255, (16, 20, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    frames = [wide[:, 8 + (4 if n % 2 else 0) :][:, :128] for n in range(16)]
    clip = write(tmp_path / "shaking.mp4", frames)
    seen = Playing(4, stream="flow")(clip, 128)
    assert seen.shape == (4, 128, 128, 3)
    assert np.abs(np.median(seen[:, 32:-32, 32:-32, 0].astype(int), (1, 2)) - 128).min() > 15


def test_flow_is_kept_for_whole_clips_as_they_are(tmp_path):
    pytest.importorskip("av")
    wide = np.random.default_rng(0).integers(0, 255, (64, 128, 3)).astype(np.uint8)
    clip = write(tmp_path / "a.mp4", [wide[:, n : n + 64] for n in range(12)])
    playing, flows = Playing(4, stream="flow"), FlowStore(tmp_path / "flow", size=64)
    kept = playing(clip, 64, 0, flows)
    (strip,) = tmp_path.glob("flow/*/*.jpg")
    assert np.abs(kept.astype(int) - playing(clip, 64)).mean() < 8  # but for what a JPEG loses
    playing(clip, 64, 1, flows)
    playing(Clip(clip, box=(0.0, 0.0, 0.5, 1.0)), 64, 0, flows)
    Playing(4)(clip, 64, 0, flows)
    assert list(tmp_path.glob("flow/*/*.jpg")) == [strip]
    with pytest.raises(ClipError, match="ends after"):
        playing(Clip(clip, (100.0, 101.0)), 64, 0, flows)
