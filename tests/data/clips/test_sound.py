"""Pauses of the sound: found where they are, none where it is even, all of a clip without sound."""

import numpy as np
import pytest

from tests.data.clips.made import numbered, sound_only, write
from watchword.core.errors import ClipError, SettingsError
from watchword.data.clips.sound import loudness, quiet

pytest.importorskip("av")

LAYOUTS = (("stereo", 0.01), ("mono", 0.1))


def tone(seconds, level, seed=0):
    return level * np.random.default_rng(seed).standard_normal(int(8000 * seconds)).astype(np.float32)


def clip(path, sound, seconds=10, layout="mono"):
    return write(path, [numbered(n) for n in range(seconds * 2)], 2, sound=sound, layout=layout)


def test_pauses_are_found_where_they_are(tmp_path):
    sound = np.concatenate([tone(3, 0.2), tone(2, 0.002), tone(2, 0.2), tone(0.5, 0.002), tone(2.5, 0.2)])
    made = clip(tmp_path / "a.mp4", sound)
    assert np.array(quiet(made)) == pytest.approx(np.array([(3.0, 5.0)]), abs=0.16)
    assert len(quiet(made, shortest=0.2)) == 2
    assert quiet(made, below=60) == []


def test_loudness_is_in_decibels_below_full_scale(tmp_path):
    levels, seconds = loudness(clip(tmp_path / "a.mp4", tone(10, 0.1)))
    assert seconds == pytest.approx(10, abs=0.01)
    assert len(levels) == pytest.approx(200, abs=8)
    assert float(np.median(levels)) == pytest.approx(-20, abs=1.5)


@pytest.mark.parametrize("level", [0.3, 0.01])
def test_even_sound_has_no_pauses(tmp_path, level):
    assert quiet(clip(tmp_path / "a.mp4", tone(10, level))) == []


def test_what_cannot_be_heard_is_quiet(tmp_path):
    made = clip(tmp_path / "a.mp4", tone(10, 0.0))
    assert quiet(made) == [(0.0, 10.0)]


def test_a_clip_without_sound_is_quiet_all_over(tmp_path):
    assert quiet(clip(tmp_path / "a.mp4", None)) == [(0.0, 10.0)]


def test_where_the_sound_has_ended_it_is_quiet(tmp_path):
    ((start, end),) = quiet(clip(tmp_path / "a.mp4", tone(4, 0.2)))
    assert start == pytest.approx(4, abs=0.2)
    assert end == pytest.approx(10, abs=0.01)


def test_sound_that_changes_its_channels_midway_is_heard_on(tmp_path):
    """As broadcasts do between programmes."""
    parts = [clip(tmp_path / f"{layout}.ts", tone(4, level), 4, layout) for layout, level in LAYOUTS]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    levels, _ = loudness(joined)
    assert float(np.median(levels[:70])) == pytest.approx(-40, abs=4)
    assert float(np.median(levels[-60:])) == pytest.approx(-20, abs=4)


def test_what_cannot_be_heard_at_all_is_told(tmp_path):
    with pytest.raises(ClipError, match="no video stream"):
        quiet(sound_only(tmp_path / "a.mp4"))
    with pytest.raises(SettingsError, match="0 seconds or more"):
        quiet(tmp_path / "a.mp4", shortest=-1)


def test_pauses_of_joined_parts_are_told_beyond_what_the_header_says(tmp_path):
    """Two parts that each begin at 0: the length that the container tells is that of one."""
    parts = [clip(tmp_path / f"{i}.ts", np.concatenate([tone(2, 0.2), tone(2, 0)]), 4) for i in range(2)]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert [(round(start), round(end)) for start, end in quiet(joined)] == [(2, 4), (6, 8)]


def test_sound_that_outlasts_the_pictures_has_no_pause_behind_them(tmp_path):
    sound = np.concatenate([tone(4, 0.2), tone(6, 0)])
    made = clip(tmp_path / "a.mp4", sound, 4)
    levels, seconds = loudness(made)
    assert len(levels) * 0.05 > seconds + 2  # there is sound to be mistaken
    assert all(end <= seconds for _, end in quiet(made))
