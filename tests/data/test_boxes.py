import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from watchword.core.boxes import areas, overlaps
from watchword.data.boxes import centre_inside, clipped, iou, merged, suppressed

FRACTION = some.integers(0, 20).map(lambda n: n / 20)


@some.composite
def boxes(draw, most=12):
    corners = draw(arrays(np.float32, (draw(some.integers(0, most)), 2, 2), elements=FRACTION.map(np.float32)))
    found = np.sort(corners, 1).reshape(-1, 4)
    return found[areas(found) > 0]


def slowly_suppressed(given, scores, above):
    kept = []
    for place in sorted(range(len(given)), key=lambda i: (-scores[i], i)):
        if all(overlaps(given[place], given[other]) <= above for other in kept):
            kept.append(place)
    return kept


def test_all_pairs():
    found = iou(np.array([[0, 0, 1, 1], [0, 0, 0.5, 1]]), np.array([[0.5, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0.5, 0.5]]))
    assert found.tolist() == [[0.5, 1, 0.25], [0, 0.5, 0.5]]


def test_centres_inside_others():
    small, large = np.array([[0.4, 0.4, 0.5, 0.5]]), np.array([[0, 0, 1, 1], [0.5, 0.5, 1, 1]])
    assert centre_inside(small, large).tolist() == [[True, False]]
    assert centre_inside(large, small).tolist() == [[True], [False]]


def test_what_lies_outside_is_cut_off_or_left_out():
    inside, places = clipped(np.array([[-0.5, 0.2, 0.5, 1.5], [1.1, 0, 1.3, 1], [0, 0, 1, 1], [0.2, -1, 0.4, 0]]))
    assert np.allclose(inside, [[0, 0.2, 0.5, 1], [0, 0, 1, 1]])
    assert places.tolist() == [0, 2]


@given(boxes(), some.data(), some.sampled_from([0.0, 0.3, 0.5, 0.9]))
def test_suppression_is_what_it_says(given, data, above):
    scores = data.draw(arrays(np.float32, len(given), elements=FRACTION.map(np.float32)))
    kept = suppressed(given, scores, above=above)
    assert kept.tolist() == slowly_suppressed(given, scores, above)
    assert kept.dtype == np.int64
    assert suppressed(given, scores, above=above, keep=2).tolist() == kept[:2].tolist()


def test_of_equal_scores_the_earlier_stays():
    twice = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0.1, 0.1]])
    assert suppressed(twice, np.ones(3)).tolist() == [0, 2]


def test_boxes_that_overlap_become_their_mean():
    near = np.array([[0, 0, 0.5, 0.5], [0.6, 0.6, 1, 1], [0.02, 0, 0.52, 0.5], [0, 0.02, 0.5, 0.52]], np.float32)
    means, groups = merged(near)
    assert [group.tolist() for group in groups] == [[0, 2, 3], [1]]
    assert np.allclose(means, [near[[0, 2, 3]].mean(0), near[1]])
    assert means.dtype == np.float32


def test_a_chain_is_parted_at_the_box_in_its_middle():
    """Those at its ends overlap by less than 0.7: the middle one takes both, for both overlap it."""
    chain = np.array([[0, 0, 0.5, 1], [0.08, 0, 0.58, 1], [0.16, 0, 0.66, 1], [0.24, 0, 0.74, 1]])
    _, groups = merged(chain)
    assert [group.tolist() for group in groups] == [[0, 1, 2], [3]]


@given(boxes(), some.sampled_from([0.3, 0.5, 0.7]))
def test_every_box_is_merged_into_one_group(given, above):
    means, groups = merged(given, above=above)
    assert sorted(place for group in groups for place in group) == list(range(len(given)))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    assert means.shape == (len(groups), 4)
    for group in groups:
        near = iou(given[group], given[group]) > above
        assert near.all(1).any()  # one of them overlaps all the others
    left = [group[0] for group in groups if len(group) == 1]
    assert np.allclose(means[[len(group) == 1 for group in groups]], given[left])
