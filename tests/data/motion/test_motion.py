"""How a clip moves: against made clips whose movement is known, and against naive versions."""

import numpy as np
import pytest

from tests.data.motion.made import frames, write
from watchword.core.errors import ClipError, PictureError
from watchword.data.motion import cells as at
from watchword.data.motion.cells import cells, inside
from watchword.data.motion.cuboids import cuboids
from watchword.data.motion.flows import Square, flows, greys, moving, steadied
from watchword.data.motion.looking import change, look
from watchword.data.motion.pieces import pieces
from watchword.data.motion.rows import over_time, rows
from watchword.data.motion.statistics import places, speeds, statistics
from watchword.data.motion.window import HIGHEST, window
from watchword.data.played import Clip

pytest.importorskip("cv2")


@pytest.fixture(scope="module")
def moved():
    grey = greys(frames(step=2, count=20))
    return grey, flows(grey)


def test_the_square_is_where_something_moves(moved):
    square = moving(moved[1])
    top, left = square.y * 160, square.x * 240
    assert square.side >= 0.4
    assert top <= 66
    assert top + square.side * 160 >= 94
    assert left <= 70
    assert left + square.side * 160 >= 130


def test_cells_tell_direction_and_speed(moved):
    found = cells(*moved)
    assert found.shape == (19, 20, 30, 32)
    inner = found[5, 9, 10 : 11 + 1]  # of rows 72 to 80, well inside the square
    assert inner[:, at.SPEED] == pytest.approx(2, abs=0.3)
    assert (inner[:, at.HOF].argmax(1) == 0).all()  # to the right
    assert np.abs(found[:, 17, 2, at.SPEED]).max() < 0.2  # nothing moves there


def test_cells_equal_a_naive_count():
    random = np.random.default_rng(3)
    flow = random.normal(0, 2, (3, 32, 64, 2)).astype(np.float32)
    grey = random.integers(0, 256, (4, 32, 64), dtype=np.uint8)
    found = cells(grey, flow)
    small = flow.reshape(3, 16, 2, 32, 2, 2).mean((2, 4))
    small = steadied(small)
    expected = np.zeros(8)
    for x, y in small[1, 4:8, 8:12].reshape(-1, 2):
        length, turn = np.hypot(x, y), np.arctan2(y, x) % (2 * np.pi) / (2 * np.pi) * 8
        if length > 0.3:
            low = int(turn) % 8
            expected[low] += length * (1 - turn % 1)
            expected[(low + 1) % 8] += length * (turn % 1)
    assert found[1, 1, 2, at.HOF] == pytest.approx(expected / 16, abs=1e-4)
    lengths = np.hypot(*small[1, 4:8, 8:12].reshape(-1, 2).T)
    assert found[1, 1, 2, at.SPEED] == pytest.approx(lengths.mean(), abs=1e-4)
    assert found[1, 1, 2, at.FASTEST] == pytest.approx(lengths.max(), abs=1e-4)
    jerk = np.hypot(*(small[1] - small[0])[4:8, 8:12].reshape(-1, 2).T).mean()
    assert found[1, 1, 2, at.JERK] == pytest.approx(jerk, abs=1e-4)
    assert np.array_equal(found[0, ..., at.JERK], found[1, ..., at.JERK])
    shades = grey.reshape(4, 16, 2, 32, 2).mean((2, 4))
    assert found[1, 1, 2, at.CHANGE] == pytest.approx(np.abs(shades[2] - shades[1])[4:8, 8:12].mean(), abs=1e-3)


def test_what_is_inside_a_square_moves_in_shares_of_it(moved):
    found = cells(*moved)
    part = inside(found, Square(0.25, 0.2, 0.5))
    assert part.shape == (19, 10, 10, 32)
    assert np.allclose(part[..., at.SPEED], found[:, 5:15, 6:16, at.SPEED] * 2)
    assert np.array_equal(part[..., at.HOF], found[:, 5:15, 6:16, at.HOF])
    assert np.allclose(inside(found, Square(0, 0, 0.1))[..., at.SPEED], found[:, :4, :4, at.SPEED] / 0.3)


def test_statistics_have_their_widths_and_are_finite(moved):
    found = cells(*moved)
    assert rows(found).shape == (19, 23)
    assert over_time(rows(found)).shape == (108,)
    assert speeds(found).shape == (66,)
    assert places(found).shape == (16,)
    whole = statistics(found, inside(found, Square(0, 0, 1)))
    assert (whole.shape, whole.dtype) == ((380,), np.float32)
    assert np.isfinite(whole).all()
    assert rows(found)[:, 0] == pytest.approx(np.log(found[..., at.SPEED].mean((1, 2)) + 0.02), abs=1e-5)


def test_cuboids_are_of_places_that_move(moved):
    found = cells(*moved)
    kept = cuboids(found)
    moving_places = 0
    for start in (0, 5):  # cuboids of ten flows, out of nineteen
        speed = found[start : start + 10, ..., at.FASTEST].mean(0)
        moving_places += ((speed[:-1, :-1] + speed[1:, :-1] + speed[:-1, 1:] + speed[1:, 1:]) / 4 > 0.5).sum()
    assert kept.shape == (moving_places, 194)
    assert kept.dtype == np.float16
    assert kept[:, :192].min() >= 0
    assert kept[:, :192].max() <= 1
    assert np.array_equal(kept, cuboids(found))  # which are drawn is always the same


def test_change_is_the_root_of_the_mean_difference():
    maps = np.random.default_rng(0).normal(size=(4, 3, 5)).astype(np.float32)
    naive = np.mean([np.abs(maps[t + 1, c] - maps[t, c]) for t in range(3) for c in range(3)], 0)
    assert change(maps) == pytest.approx(np.sqrt(naive), abs=1e-6)


@pytest.mark.parametrize("source", [frames(1)[0], frames(1), list(frames(2, step=0)), np.zeros((160, 3, 3), np.uint8)])
def test_what_stands_still_moves_nowhere(source):
    seen = look(source, 32)
    assert np.isfinite(seen.statistics).all()
    assert seen.cuboids.shape == (0, 194)
    assert seen.crops.shape == (10, 32, 32, 3)


@pytest.mark.parametrize("size", [(240, 100), (60, 400), (40, 40), (16, 900)])
def test_any_shape_of_frame_can_be_looked_at(size):
    seen = look(frames(14, size=size, side=12, at=(2, 2)), 16)
    assert np.isfinite(seen.statistics).all()
    assert seen.crops.shape == (10, 16, 16, 3)


def test_the_window_is_the_middle_of_a_clip(tmp_path):
    shades = np.linspace(0, 255, 50).astype(np.uint8)
    pictures = np.repeat(shades, 32 * 32 * 3).reshape(50, 32, 32, 3)
    found = window(write(tmp_path / "grey.mp4", pictures))
    assert found.shape == (30, 32, 32, 3)
    assert found.mean((1, 2, 3)) == pytest.approx(shades[10:40], abs=4)
    assert np.array_equal(window(pictures), pictures[10:40])
    part = window(Clip(tmp_path / "grey.mp4", (0, 1)))
    assert part.mean((1, 2, 3)) == pytest.approx(shades[:15], abs=4)


def test_a_slower_clip_is_held_and_a_short_one_stands_still_at_its_end(tmp_path):
    shades = np.array([0, 100, 200], np.uint8)
    pictures = np.repeat(shades, 32 * 32 * 3).reshape(3, 32, 32, 3)
    slow = window(write(tmp_path / "slow.mp4", pictures, fps=3))
    assert slow.mean((1, 2, 3)) == pytest.approx(np.repeat(shades, 5), abs=6)
    short = window(write(tmp_path / "short.mp4", pictures))
    assert short.mean((1, 2, 3)) == pytest.approx([0, 100, *[200] * 10], abs=6)


def test_a_box_of_a_clip_is_looked_at_alone(tmp_path):
    pictures = np.zeros((15, 40, 80, 3), np.uint8)
    pictures[:, :, 40:] = 200
    path = write(tmp_path / "two.mp4", pictures)
    assert window(Clip(path, None, (0.5, 0, 1, 1))).shape == (15, 40, 40, 3)
    assert window(Clip(path, None, (0.55, 0, 1, 1))).mean() == pytest.approx(200, abs=6)


def test_high_frames_are_made_lower():
    assert window(np.zeros((12, 1120, 200, 3), np.uint8)).shape == (12, HIGHEST, 100, 3)


def test_a_long_clip_is_looked_at_in_several_places(tmp_path):
    pictures = np.zeros((150, 16, 16, 3), np.uint8)
    path = write(tmp_path / "long.mp4", pictures)
    parts = pieces(path)
    assert [part.span for part in parts] == [
        pytest.approx(span, abs=0.01) for span in ((0, 10 / 3), (10 / 3, 20 / 3), (20 / 3, 10))
    ]
    assert [len(part) for part in pieces(pictures)] == [50, 50, 50]
    assert len(pieces(np.zeros((15 * 100, 2, 2, 3), np.uint8))) == 8
    assert pieces(Clip(path, (1, 5))) == [Clip(path, (1, 5))]
    assert len(pieces(pictures[0])) == 1


def test_what_cannot_be_played_is_said(tmp_path):
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(ClipError, match=r"empty.mp4' is empty \(0 bytes\)"):
        look(empty, 32)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip at all" * 100)
    with pytest.raises(ClipError, match=r"broken.mp4"):
        look(broken, 32)
    with pytest.raises(PictureError, match="a clip without a frame"):
        look([], 32)
    with pytest.raises(PictureError, match="of one size; these are of several"):
        look([np.zeros((20, 20, 3), np.uint8), np.zeros((20, 30, 3), np.uint8)], 32)
    short = write(tmp_path / "short.mp4", frames(15))
    with pytest.raises(ClipError, match=r"has nothing in the middle of 5 to 7 seconds"):
        look(Clip(short, (5, 7)), 32)


def test_what_was_joined_is_looked_at_beyond_what_the_header_says(tmp_path):
    shades = np.array([50, 200], np.uint8)
    parts = [
        write(tmp_path / f"{shade}.ts", np.full((30, 32, 32, 3), shade, np.uint8)).read_bytes() for shade in shades
    ]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(parts))
    assert window(Clip(path, (0.0, 2.0))).mean() == pytest.approx(50, abs=6)
    assert window(Clip(path, (2.2, 3.8))).mean() == pytest.approx(200, abs=6)
    assert pieces(Clip(path, (4.0, 12.0)))[1].span == (8.0, 12.0)  # beyond what the header says
    with pytest.raises(ClipError, match="has nothing in the middle of 50 to 52 seconds"):
        window(Clip(path, (50.0, 52.0)))
