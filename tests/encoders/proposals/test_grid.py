import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from watchword.core.boxes import areas
from watchword.core.errors import SettingsError, UnknownName
from watchword.encoders.proposals import COUNT, proposals
from watchword.encoders.proposals.base import best, padded

PIXELS = np.zeros((20, 30, 3), np.uint8)


def test_nineteen_boxes_beside_the_whole_picture():
    grid = proposals["grid"]()
    boxes, scores = grid.propose(PIXELS, None)
    assert boxes.shape == (COUNT, 4) == (19, 4)
    assert scores.tolist() == [1] * 19
    assert len(np.unique(boxes, axis=0)) == 19
    assert areas(boxes).max() < 0.5
    assert boxes.dtype == scores.dtype == np.float32
    assert (grid.fixed is boxes, grid.by_file) == (True, False)


@given(
    some.lists(some.tuples(some.integers(1, 6), some.integers(1, 6)), min_size=1, max_size=3),
    some.sampled_from([0.0, 0.25, 0.5, 0.9]),
)
def test_every_level_covers_the_picture(levels, overlap):
    text = "-".join(f"{rows}x{columns}" for rows, columns in levels)
    boxes = proposals[f"grid:levels={text},overlap={overlap}"]().fixed
    assert len(boxes) == sum(rows * columns for rows, columns in levels)
    for rows, columns in levels:
        mine, boxes = boxes[: rows * columns].reshape(rows, columns, 4), boxes[rows * columns :]
        assert np.allclose(mine[0, 0, :2], 0, atol=1e-6)
        assert np.allclose(mine[-1, -1, 2:], 1, atol=1e-6)
        sides = mine[..., 2:] - mine[..., :2]
        assert np.allclose(sides, sides[0, 0], atol=1e-5)
        shared = mine[:, :-1, 2] - mine[:, 1:, 0]
        assert np.allclose(shared, overlap * sides[0, 0, 0], atol=1e-5)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("grid:levels=2x", "levels='2x': rows x columns, parted by -"),
        ("grid:levels=0x2", "rows x columns"),
        ("grid:levels=", "rows x columns"),
        ("grid:overlap=1", "overlap=1.0: from 0 to below 1"),
        ("grid:level=2x2", "proposals 'grid' has no option 'level' .did you mean 'levels'.*it has: levels, overlap"),
        ("grid:count=3", "no option 'count'"),
        ("grid:levels", "proposals 'grid:levels': 'levels' is not option=value"),
    ],
)
def test_what_is_not_right_is_said(name, message):
    with pytest.raises(SettingsError, match=message):
        proposals[name]()


def test_an_unknown_name_is_named():
    with pytest.raises(UnknownName, match=r"no proposals named 'gird' .did you mean 'grid'"):
        proposals["gird:levels=2x2"]


def test_other_grids_have_other_names():
    names = {proposals[name]().name for name in ("grid", "grid:levels=2x2", "grid:levels=2x2,overlap=0.1")}
    assert len(names) == 3
    assert not set("".join(names)) & set("/\\:,= ")


def test_the_best_come_first_and_what_lacks_is_filled_up():
    boxes = np.array([[0, 0, 0.1, 0.1], [0, 0, 0.2, 0.2], [0, 0, 0.3, 0.3]])
    kept, scores = best(boxes, np.array([0.5, 0.9, 0.5]), 2)
    assert kept[:, 2].tolist() == [np.float32(0.2), np.float32(0.1)]
    assert scores.tolist() == [np.float32(0.9), 0.5]
    assert padded(kept, 3)[2].tolist() == [0, 0, 0, 0]
    assert padded(kept, 1).tolist() == kept[:1].tolist()
