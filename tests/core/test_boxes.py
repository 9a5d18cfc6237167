import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from watchword.core.boxes import WHOLE, are_boxes, areas, centres, gathered, hold, overlaps

HALF, QUARTER = np.array([0, 0, 0.5, 1]), np.array([0, 0, 0.5, 0.5])
EDGES = some.tuples(*[some.integers(0, 100)] * 4)


def box(edges):
    x0, x1, y0, y1 = *sorted(edges[:2]), *sorted(edges[2:])
    return np.array([x0, y0, x1, y1]) / 100


def test_known_boxes():
    boxes = np.array([WHOLE, HALF, QUARTER, [0.3, 0.3, 0.3, 0.9]])
    assert areas(boxes).tolist() == [1, 0.5, 0.25, 0]
    assert centres(boxes)[:3].tolist() == [[0.5, 0.5], [0.25, 0.5], [0.25, 0.25]]
    assert overlaps(boxes, HALF).tolist() == [0.5, 1, 0.5, 0]
    assert overlaps(boxes[3], boxes[3]) == 0  # without area there is nothing to share


def test_edges_count_as_inside():
    assert hold(QUARTER, np.array([[0.5, 0.5], [0, 0], [0.51, 0.2], [0.2, 0.51]])).tolist() == [
        True,
        True,
        False,
        False,
    ]


@given(EDGES, EDGES)
def test_overlap_is_that_of_counted_squares(one, other):
    """Boxes with edges on a raster of 100 x 100: what they share can be counted."""
    first, second = box(one), box(other)
    y, x = (np.mgrid[:100, :100] + 0.5) / 100
    inside = [hold(each, np.stack((x, y), -1)) for each in (first, second)]
    either = (inside[0] | inside[1]).sum()
    expected = (inside[0] & inside[1]).sum() / either if either else 0
    assert np.isclose(overlaps(first, second), expected)
    assert overlaps(first, second) == overlaps(second, first)


def test_boxes_that_nearly_coincide_become_one():
    near = [[0.1, 0.1, 0.5, 0.5], [0.6, 0.6, 0.9, 0.9], [0.1, 0.1, 0.5, 0.52], [0.12, 0.1, 0.5, 0.48]]
    found = gathered(np.array(near))
    assert np.allclose(found[[0, 2, 3]], np.mean([near[0], near[2], near[3]], 0))
    assert found[1].tolist() == near[1]
    assert gathered(np.array([[0, 0.01, 1, 1], [0, 0, 0.8, 1]])).tolist() == [list(WHOLE), [0, 0, 0.8, 1]]
    assert gathered(np.zeros((0, 4))).shape == (0, 4)


@given(some.lists(EDGES, min_size=1, max_size=8))
def test_gathering_moves_no_box_far(edges):
    boxes = np.array([box(each) for each in edges])
    found = gathered(boxes)
    assert found.shape == boxes.shape
    assert len(np.unique(found, axis=0)) <= len(boxes)
    kept = areas(boxes) > 0
    same = np.all(found == WHOLE, -1) | (overlaps(found, boxes) > 0.3)
    assert same[kept].all()


def test_what_are_boxes():
    assert are_boxes(np.array([WHOLE, HALF]))
    for wrong in ([0.5, 0, 0.5, 1], [0, 0, 1.1, 1], [-0.1, 0, 1, 1], [np.nan, 0, 1, 1], [0, 1, 1, 0]):
        assert not are_boxes(np.array([WHOLE, wrong]))
