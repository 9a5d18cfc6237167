import pytest

from watchword.core.evenly import evenly


@pytest.mark.parametrize(
    ("count", "most", "places"),
    [(0, 5, []), (1, 5, [0]), (3, 5, [0, 1, 2]), (5, 5, [0, 1, 2, 3, 4]), (10, 4, [0, 3, 6, 9]), (7, 2, [0, 6])],
)
def test_places_are_spread_over_all(count, most, places):
    assert evenly(count, most).tolist() == places


def test_as_many_are_taken_as_asked_for():
    for count in range(1, 60):
        for most in range(2, 40):
            taken = evenly(count, most).tolist()
            assert len(taken) == min(count, most)
            assert (taken[0], taken[-1]) == (0, count - 1)
