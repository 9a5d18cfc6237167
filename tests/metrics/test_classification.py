import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.bootstrap import intervals
from watchword.metrics.classification import accuracy_tally, classification


def test_the_figures_of_a_table_worked_by_hand():
    true = ["cat"] * 4 + ["dog"] * 3 + ["owl"]
    said = ["cat", "cat", "dog", "cat", "dog", "dog", "cat", "emu"]
    found = classification(said, true)
    assert found.accuracy == 5 / 8
    assert [each.name for each in found.classes] == ["cat", "dog", "emu", "owl"]
    assert found.confusion.tolist() == [[3, 1, 0, 0], [1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]
    cat, dog, emu, owl = found.classes
    assert (cat.count, cat.precision, cat.recall, cat.f1) == (4, 3 / 4, 3 / 4, 3 / 4)
    assert (dog.precision, dog.recall) == pytest.approx((2 / 3, 2 / 3))
    assert (emu.count, emu.precision, emu.recall, emu.f1) == (0, 0, 0, 0)
    assert (owl.count, owl.recall) == (1, 0)
    assert found.mean_recall == pytest.approx((3 / 4 + 2 / 3 + 0) / 3)  # emu does not occur


def test_sides_that_do_not_fit_are_refused():
    with pytest.raises(ScoreError, match="give as many of both"):
        classification(["a"], ["a", "b"])
    with pytest.raises(ScoreError, match="one or more"):
        classification([], [])


def test_the_interval_of_accuracy_is_that_of_a_binomial():
    right = [True] * 80 + [False] * 20
    tally = accuracy_tally(right)
    assert tally.whole().tolist() == [0.8]
    within = intervals([tally], resamples=20_000)["accuracy"]
    spread = 1.96 * (0.8 * 0.2 / 100) ** 0.5
    assert (within.low, within.high) == pytest.approx((0.8 - spread, 0.8 + spread), abs=0.01)


def test_items_that_belong_together_make_the_interval_wider():
    right = [place // 10 % 5 != 0 for place in range(100)]  # ten groups of ten that are right or wrong as a whole
    groups = [str(place // 10) for place in range(100)]
    apart, together = (intervals([accuracy_tally(right, each)])["accuracy"] for each in (None, groups))
    assert accuracy_tally(right, groups).whole().tolist() == accuracy_tally(right).whole().tolist() == [0.8]
    assert together.high - together.low > 2 * (apart.high - apart.low)
