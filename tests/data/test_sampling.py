import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from watchword.core.boxes import WHOLE
from watchword.data.sampling import in_boxes

SIDE = some.floats(0, 1, width=32)


@some.composite
def box(draw):
    (x0, x1), (y0, y1) = (sorted(draw(some.tuples(SIDE, SIDE))) for _ in "xy")
    return x0, y0, min(1.0, x1 + 0.01), min(1.0, y1 + 0.01)


def slowly(maps, corners):
    """Return what one map (H, L, W) shows in a box, point by point."""
    rows, columns, _ = maps.shape
    x0, y0, x1, y1 = corners
    found = np.zeros_like(maps)
    for i in range(rows):
        for j in range(columns):
            y = np.clip((y0 + (y1 - y0) * (i + 0.5) / rows) * rows - 0.5, 0, rows - 1)
            x = np.clip((x0 + (x1 - x0) * (j + 0.5) / columns) * columns - 0.5, 0, columns - 1)
            top, left = min(int(y), rows - 2), min(int(x), columns - 2)
            down, across = y - top, x - left
            upper = maps[top, left] * (1 - across) + maps[top, left + 1] * across
            lower = maps[top + 1, left] * (1 - across) + maps[top + 1, left + 1] * across
            found[i, j] = upper * (1 - down) + lower * down
    return found


@given(some.lists(box(), min_size=1, max_size=4))
def test_a_box_is_read_point_by_point(boxes):
    maps = np.random.default_rng(0).normal(size=(len(boxes), 3, 5, 2)).astype(np.float32)
    found = in_boxes(maps, np.array(boxes, np.float32))
    assert found.dtype == np.float32
    expected = [slowly(each, corners) for each, corners in zip(maps, boxes, strict=True)]
    np.testing.assert_allclose(found, expected, atol=2e-4)


@pytest.mark.parametrize("side", [1, 7, 11, 13, 14, 55])
def test_the_whole_is_the_map_itself_to_the_bit(side):
    maps = np.random.default_rng(0).normal(size=(2, side, side, 3)).clip(min=0).astype(np.float16)
    assert np.array_equal(in_boxes(maps, np.array([WHOLE, WHOLE])), maps.astype(np.float32))


def test_one_map_is_seen_through_many_boxes():
    maps = np.random.default_rng(0).normal(size=(1, 4, 4, 2)).astype(np.float32)
    boxes = np.array([WHOLE, (0, 0, 0.5, 0.5), (0.5, 0.2, 1, 0.9)])
    alone = [in_boxes(maps, each[None])[0] for each in boxes]
    assert np.allclose(in_boxes(maps, boxes), alone)


@pytest.mark.parametrize("corner", [(0, 0), (0.5, 0.5)])
def test_a_quarter_shows_the_shade_of_its_cell(corner):
    maps = np.arange(4, dtype=np.float32).reshape(1, 2, 2, 1)
    tiny = np.array([[corner[0] + 0.24, corner[1] + 0.24, corner[0] + 0.26, corner[1] + 0.26]])
    assert np.allclose(in_boxes(maps, tiny), maps[0, int(2 * corner[1]), int(2 * corner[0])], atol=0.1)
