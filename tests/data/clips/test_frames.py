"""Frames by rate, by count and in stretches, from every kind of clip; each frame shows its own number."""

import gc
import resource
from itertools import pairwise

import numpy as np
import pytest

from tests.data.clips.made import counting, number_of, numbered, write
from watchword.core.errors import ClipError, SettingsError
from watchword.data.clips.frames import by_count, by_rate, probe, stretches

pytest.importorskip("av")

KINDS = {
    "a.mp4": {},
    "open.mp4": {"options": {"g": "12", "bf": "3", "x264-params": "open-gop=1"}},
    "a.mkv": {"options": {"g": "12"}},
    "a.avi": {"codec": "mpeg4"},
    "a.ts": {"options": {"g": "12"}},
    "a.flv": {},
    "a.webm": {"codec": "libvpx"},
    "a.mov": {"codec": "mjpeg", "pixels": "yuvj420p"},
    "a.mpg": {"codec": "mpeg2video", "fps": 25},
    "a.h264": {"fps": 25},  # a bare stream has no times; its own rate is taken for 25
}


def numbers(frames):
    return [number_of(frame.picture) for frame in frames]


@pytest.mark.parametrize("name", KINDS)
def test_frames_of_every_kind_of_clip_come_exactly(tmp_path, name):
    fps = KINDS[name].get("fps", 10)
    clip = counting(tmp_path / name, **KINDS[name])
    found = list(by_rate(clip, 1000))
    assert numbers(found) == list(range(50))
    assert [frame.time for frame in found] == pytest.approx([number / fps for number in range(50)], abs=1e-6)
    assert numbers(by_rate(clip, fps / 5)) == list(range(0, 50, 5))
    seconds = probe(clip).seconds
    assert seconds == pytest.approx(50 / fps, abs=0.25)
    assert numbers(by_count(clip, 5)) == [int((part + 0.5) * seconds / 5 * fps + 1e-6) for part in range(5)]


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory):
    """90 seconds at 10 frames a second, a key frame every 3 s, frames in between that lean on both sides."""
    return counting(tmp_path_factory.mktemp("clips") / "long.mp4", 900, options={"g": "30", "bf": "3"})


@pytest.mark.parametrize("kind", ["mp4", "mkv", "ts", "avi", "flv"])
def test_jumping_shows_what_decoding_everything_shows(tmp_path, kind):
    codec = "mpeg4" if kind == "avi" else "libx264"
    clip = counting(
        tmp_path / f"a.{kind}", 900, codec=codec, options={"g": "30"} | ({"bf": "3"} if kind != "avi" else {})
    )
    assert numbers(by_rate(clip, 0.04)) == [0, 250, 500, 750]
    assert numbers(by_rate(clip, 1, start=60.05, end=63.05)) == [600, 610, 620]
    ends = probe(clip).seconds
    assert numbers(by_count(clip, 3)) == [int((part + 0.5) * ends / 3 * 10 + 1e-6) for part in range(3)]


def test_by_count_does_not_decode_what_it_does_not_need(long_clip, monkeypatch):
    from watchword.data.clips.limits import LIMITS
    from watchword.data.clips.moments import Listed
    from watchword.data.clips.video import Video

    with Video(str(long_clip), LIMITS, lambda: None) as video:
        decoded = 0
        inner = video.frames

        def counted(moments):
            nonlocal decoded
            for found in inner(moments):
                decoded += 1
                yield found

        monkeypatch.setattr(video, "frames", counted)
        assert [round(time, 3) for time, _, _ in video.shown(Listed([30.0, 60.0]))] == [30.0, 60.0]
    assert decoded < 100


def test_by_count_gives_exactly_as_many_as_asked_for(tmp_path):
    clip = counting(tmp_path / "a.mp4", 4)
    assert numbers(by_count(clip, 8)) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert numbers(by_count(clip, 4, place=0.0)) == [0, 1, 2, 3]
    assert numbers(by_count(clip, 2, start=0.1, end=0.3)) == [1, 2]
    assert numbers(by_count(clip, 3, start=60)) == [3, 3, 3]
    one = counting(tmp_path / "one.mp4", 1)
    assert numbers(by_count(one, 3)) == [0, 0, 0]
    assert numbers(by_rate(one, 2)) == [0]


def test_stretches_begin_a_stride_apart_and_a_short_clip_gives_one(tmp_path):
    clip = counting(tmp_path / "a.mp4", 35)
    assert [numbers(stretch) for stretch in stretches(clip)] == [list(range(start, start + 16)) for start in (0, 8, 16)]
    assert [numbers(stretch) for stretch in stretches(counting(tmp_path / "b.mp4", 3), 5, 2)] == [[0, 1, 2, 2, 2]]


def test_frames_are_squashed_whole_as_photos_are(tmp_path):
    from PIL import Image

    ramp = np.linspace(0, 255, 320).astype(np.uint8)[None, :, None].repeat(180, 0).repeat(3, 2)
    clip = write(tmp_path / "a.mp4", [ramp] * 3)
    (frame,) = by_count(clip, 1, size=32)
    wanted = np.asarray(Image.fromarray(ramp).resize((32, 32), Image.Resampling.BILINEAR))
    assert frame.picture.shape == (32, 32, 3)
    assert frame.picture.flags.writeable
    assert np.abs(frame.picture.astype(int) - wanted).mean() < 3


@pytest.mark.parametrize(("size", "turned"), [(None, (176, 64)), (48, (48, 48))])
def test_a_clip_held_upright_is_shown_upright(tmp_path, size, turned):
    """The matrix of the track turns the picture a quarter clockwise, as that of a telephone held upright does."""
    clip = counting(tmp_path / "a.mp4", 12)
    plain = by_count(clip, 1, size=size)[0].picture
    content = bytearray(clip.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    for number, value in enumerate((0, 1 << 16, 0, (1 << 32) - (1 << 16), 0, 0, 64 << 16, 0, 1 << 30)):
        content[at + 4 * number : at + 4 * number + 4] = value.to_bytes(4, "big")
    clip.write_bytes(content)
    frame = by_count(clip, 1, size=size)[0].picture
    assert frame.shape == (*turned, 3)
    np.testing.assert_array_equal(frame, np.rot90(plain, -1))
    assert (probe(clip).width, probe(clip).height) == (64, 176)


QUARTERS = [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)]
MIRRORED = [(-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0), (0, -1, -1, 0)]


@pytest.mark.parametrize("matrix", QUARTERS + MIRRORED)
def test_a_clip_is_turned_and_mirrored_as_its_matrix_says(tmp_path, matrix):
    """The pixel at (x, y) is shown at (a x + c y, b x + d y), moved to where coordinates are 0 or more."""
    clip = counting(tmp_path / "a.mp4", 3)
    plain = by_count(clip, 1)[0].picture
    content = bytearray(clip.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    a, b, c, d = matrix
    for number, value in enumerate((a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)):
        content[at + 4 * number : at + 4 * number + 4] = (value % (1 << 32)).to_bytes(4, "big")
    clip.write_bytes(content)
    rows, columns = np.mgrid[: plain.shape[0], : plain.shape[1]]
    x, y = a * columns + c * rows, b * columns + d * rows
    wanted = np.zeros((int(np.ptp(y)) + 1, int(np.ptp(x)) + 1, 3), np.uint8)
    wanted[y - y.min(), x - x.min()] = plain
    np.testing.assert_array_equal(by_count(clip, 1)[0].picture, wanted)
    assert (probe(clip).height, probe(clip).width) == wanted.shape[:2]


def test_the_picture_may_begin_after_the_sound(tmp_path):
    """Times count from the sound's start; what the picture lasts is not when it ends."""
    clip = counting(
        tmp_path / "late.mp4", 60, times=[3000 + 100 * n for n in range(60)], sound=np.sin(np.arange(72_000) / 5)
    )
    found = probe(clip)
    assert (found.seconds, found.begins, found.ends) == pytest.approx((6, 3, 9), abs=0.15)
    assert [round(frame.time) for frame in by_count(clip, 2, start=7, end=9)] == [8, 8]
    assert by_count(clip, 3)[0].time == pytest.approx(4, abs=0.15)


def test_a_part_beyond_the_end_is_refused(tmp_path):
    clip = counting(tmp_path / "a.mp4", 40)
    with pytest.raises(ClipError, match="ends after 4 seconds, and 50 to 60 are asked for"):
        by_count(clip, 3, start=50, end=60)


def test_what_was_joined_is_looked_for_beyond_what_its_header_says(tmp_path):
    parts = [counting(tmp_path / f"{n}.ts", 40, codec="mpeg2video").read_bytes() for n in range(2)]
    (tmp_path / "joined.ts").write_bytes(b"".join(parts))
    times = [frame.time for frame in by_count(tmp_path / "joined.ts", 3, start=5, end=7)]
    assert times == pytest.approx([5.3, 6, 6.6], abs=0.2)
    times = [frame.time for frame in by_count(tmp_path / "joined.ts", 3, start=5, end=30)]
    assert times == pytest.approx([5.5, 6.5, 7.5], abs=0.2)  # to its own end, where what was asked goes beyond


@pytest.mark.parametrize("options", [{}, {"bf": "0"}])
@pytest.mark.parametrize("pause", [10, 75, 145])
def test_a_pause_does_not_move_the_end(tmp_path, options, pause):
    """In MP4 a frame's duration is a step of decoding: where frames are reordered a pause's falls on another one."""
    times = [33 * n + (4000 if n > pause else 0) for n in range(150)]
    clip, until = counting(tmp_path / "a.mp4", 150, 30, times=times, options=options), []
    list(by_rate(clip, 1000, until=until.append))
    assert until[0] == pytest.approx(8.95, abs=0.1)


def test_matroska_may_begin_late(tmp_path):
    clip = counting(tmp_path / "a.mkv", 60, times=[5000 + 100 * n for n in range(60)])
    assert (probe(clip).begins, probe(clip).ends) == pytest.approx((0, 6), abs=0.15)


def test_times_of_a_variable_frame_rate_are_the_clips_own(tmp_path):
    times = [0, 40, 80, 1500, 1540, 4000, 4500, 9000]
    clip = write(tmp_path / "a.mkv", [numbered(number) for number in range(8)], times=times)
    assert [round(frame.time * 1000) for frame in by_rate(clip, 100)] == times
    assert numbers(by_rate(clip, 1)) == [0, 2, 4, 5, 6, 7]  # what is on display at 0, 1, 2 (and 3), 4, 5 … and 9 s
    assert numbers(by_count(clip, 3, end=9.0)) == [3, 6, 6]


def test_a_clip_whose_times_begin_late_begins_at_zero(tmp_path):
    clip = write(tmp_path / "a.ts", [numbered(number) for number in range(20)], times=range(70_000, 72_000, 100))
    assert [round(frame.time, 3) for frame in by_rate(clip, 5)] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8]


def test_a_size_that_changes_midway_does_not_change_the_frames(tmp_path):
    small = counting(tmp_path / "a.h264", 10).read_bytes()
    large = write(tmp_path / "b.h264", [numbered(n, 352, 128).repeat(1, 0) for n in range(10)]).read_bytes()
    clip = tmp_path / "both.h264"
    clip.write_bytes(small + large)
    shapes = {frame.picture.shape for frame in by_rate(clip, 1000)}
    assert shapes == {(64, 176, 3)}
    assert sum(1 for _ in by_rate(clip, 1000, size=20)) == 20


def test_parts_that_each_begin_at_zero_follow_each_other(tmp_path):
    part = counting(tmp_path / "a.ts", 30).read_bytes()
    clip = tmp_path / "both.ts"
    clip.write_bytes(part + part)
    found = list(by_rate(clip, 1000))
    assert numbers(found) == [*range(30), *range(30)]
    assert all(later.time > earlier.time for earlier, later in pairwise(found))


def test_odd_sizes_and_single_pixels(tmp_path):
    pictures = [np.full((33, 51, 3), 40 * number, np.uint8) for number in range(4)]
    clip = write(tmp_path / "a.mkv", pictures, codec="ffv1", pixels="bgr0")
    found = list(by_rate(clip, 1000))
    assert [int(frame.picture.mean()) for frame in found] == [0, 40, 80, 120]
    assert found[0].picture.shape == (33, 51, 3)
    tiny = write(tmp_path / "b.mkv", [np.full((1, 1, 3), 200, np.uint8)] * 2, codec="ffv1", pixels="bgr0")
    assert by_count(tiny, 1)[0].picture.tolist() == [[[200, 200, 200]]]


def joined(tmp_path):
    """Two parts of 4 seconds in one file, whose times begin anew: 0 to 39 and 40 to 79 are shown."""
    parts = [
        write(tmp_path / f"{first}.ts", (numbered(first + n) for n in range(40)), container="mpegts")
        for first in (0, 40)
    ]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def test_a_part_beyond_what_the_header_says_is_found(tmp_path):
    """A jump there lands behind the last frame."""
    clip = joined(tmp_path)
    assert probe(clip).seconds == pytest.approx(4, abs=0.2)
    for start in (2, 5, 7.5):
        found = numbers(by_rate(clip, 1000, start=start, end=start + 0.4))
        assert 4 <= len(found) <= 5
        assert found == list(range(found[0], found[-1] + 1))
        assert abs(found[0] - start * 10) <= 1
    assert numbers(by_rate(clip, 10, start=100, end=101)) == []


def test_how_long_the_last_frame_is_shown_is_told(tmp_path):
    until = []
    list(by_rate(counting(tmp_path / "a.mp4", 20), 1000, until=until.append))
    list(by_rate(counting(tmp_path / "b.mp4", 3, 10, times=[0, 2000, 6000]), 2, until=until.append))
    assert until[0] == pytest.approx(2.0)
    assert until[1] >= 6.1
    assert len(until) == 2


def test_a_very_long_clip_takes_no_more_memory_than_a_short_one(tmp_path):
    """Ten hours at a frame a minute."""
    still = numbered(5)
    clip = write(
        tmp_path / "a.mkv",
        (still for _ in range(600)),
        times=range(0, 36_000_000, 60_000),
        options={"preset": "ultrafast"},
    )
    assert probe(clip).seconds == pytest.approx(36_000, abs=90)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(1 for _ in by_rate(clip, 2))
    assert count == 600
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda clip: by_rate(clip, 0), "frames a second are from 0.0001 to 1000; 0 were"),
        (lambda clip: by_count(clip, 0), "at least one frame must be asked for"),
        (lambda clip: by_count(clip, 2, place=2), "from 0 to 1, not 2"),
        (lambda clip: stretches(clip, 0), "at least 1, not 0 and 8"),
        (lambda clip: by_rate(clip, 2, size=0), "from 1 to 8192 pixels, not 0"),
    ],
)
def test_what_cannot_be_asked_is_said_at_once(ask, says):
    with pytest.raises(SettingsError, match=says):
        ask("never-opened.mp4")


@pytest.mark.parametrize("span", [(3, 2), (2, 2), (-1, 2), (float("nan"), None)])
def test_a_part_without_length_is_refused(span):
    with pytest.raises(ClipError, match="from a start of 0 or more to a later end"):
        by_rate("never-opened.mp4", 2, start=span[0], end=span[1])
