import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.pointing import Pointing, at_best, by_chance, largest_part, pointing, right, whole_picture

LEFT, RIGHT, CORNER, WHOLE = [0, 0, 0.5, 1], [0.5, 0, 1, 1], [0, 0, 0.2, 0.2], [0, 0, 1, 1]


def boxes(*each):
    return np.array(each, np.float32)


def test_three_ways_to_be_right():
    """Of a phrase about the left half: the left half, the whole (covers its middle), a corner (lies in it)."""
    found = right(boxes(LEFT, WHOLE, CORNER, RIGHT), boxes(LEFT))
    assert found.tolist() == [
        [True, True, False, False],  # covers the middle of the box (0.25, 0.5)
        [True, True, True, False],  # its middle lies in the box: the whole's lies on the edge
        [True, True, False, False],  # shares half of the union
    ]


def test_any_box_of_a_phrase_will_do():
    assert right(boxes(LEFT, RIGHT, CORNER), boxes(LEFT, RIGHT))[2].tolist() == [True, True, False]


def test_shares_of_phrases():
    drawn = [boxes(LEFT), boxes(RIGHT)]
    assert pointing(boxes(LEFT, RIGHT), drawn) == Pointing(1, 1, 1)
    assert pointing(boxes(RIGHT, RIGHT), drawn) == Pointing(0.5, 0.5, 0.5)
    assert pointing(boxes(LEFT, CORNER), drawn) == Pointing(0.5, 0.5, 0.5)


def test_what_to_compare_with():
    regions = [boxes(CORNER, RIGHT), boxes(CORNER, LEFT, RIGHT)]
    drawn = [boxes(LEFT), boxes(RIGHT)]
    assert by_chance(regions, drawn) == pytest.approx((1 / 6, (1 / 2 + 1 / 3) / 2, 1 / 6))
    assert whole_picture([boxes(LEFT), boxes([0, 0, 0.4, 0.4])]) == Pointing(1, 0.5, 0.5)
    assert largest_part(regions, drawn) == Pointing(0.25, 0.25, 0.25)  # RIGHT; LEFT or RIGHT, which are as large
    assert largest_part([boxes(WHOLE, CORNER, LEFT)], [boxes(LEFT)]) == Pointing(1, 1, 1)  # never the whole
    assert largest_part([boxes(WHOLE)], [boxes(LEFT)]) == Pointing(1, 1, 1)  # unless there is nothing else
    assert at_best(regions, drawn) == Pointing(0.5, 1, 0.5)


def test_chance_is_the_mean_of_draws():
    random = np.random.default_rng(0)
    corners = np.sort(random.uniform(0, 1, (40, 2, 2)), 1).reshape(40, 4)
    regions, drawn = [corners[i : i + 8] for i in range(20)], [corners[i : i + 2] for i in range(20, 40)][:19]
    regions = regions[:19]
    draws = [pointing([of[random.integers(0, 8)] for of in regions], drawn) for _ in range(400)]
    assert np.allclose(np.mean(draws, 0), by_chance(regions, drawn), atol=0.03)
    best = at_best(regions, drawn)
    assert all(found <= most for draw in draws for found, most in zip(draw, best, strict=True))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (([], []), "no phrase is given"),
        ((boxes(LEFT, LEFT), [boxes(LEFT)]), "2 boxes were found for 1 phrases"),
        ((boxes(LEFT), [boxes()]), r"phrase 0: boxes have the shape \(0,\); give \(N, 4\), N at least 1"),
        (([np.ones(3)], [boxes(LEFT)]), r"phrase 0: the box that was found has the shape \(3,\); give \(4,\)"),
    ],
)
def test_what_cannot_be_judged_is_said(given, message):
    with pytest.raises(ScoreError, match=message):
        pointing(*given)


def test_regions_are_of_the_same_photos_as_the_phrases():
    with pytest.raises(ScoreError, match="regions of 2 photos for 1 phrases"):
        by_chance([boxes(LEFT)] * 2, [boxes(LEFT)])
