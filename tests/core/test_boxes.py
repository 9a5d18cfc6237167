import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from watchword.core.boxes import WHOLE, areas, centres, hold, overlaps

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
