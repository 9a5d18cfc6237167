import pytest

from watchword.cli.datasets import parted
from watchword.cli.holding_out import held_out
from watchword.core.errors import DataError
from watchword.core.types import Example


def rows(*folds, split="train", **extra):
    return [Example(str(i), None, split=split, extra={"fold": fold, **extra}) for i, fold in enumerate(folds)]


def test_rows_with_the_value_are_validated_on_and_others_learnt_from():
    given = [*rows(1, 2, "1", 3), *rows(2, split="val"), *rows(1, split="test"), Example("bare", None)]
    assert [row.split for row in held_out(given, "fold=1")] == [
        "val",
        "train",
        "val",
        "train",
        "train",
        "test",
        "train",
    ]
    assert held_out(given, None) == given


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("fold", "give a field of the rows and a value, as in fold=1"),
        ("=1", "give a field of the rows and a value"),
        ("fold=9", r"no row has that; its values are: 1, 2, 3$"),
        ("flod=1", r"no row has that; the rows have: fold$"),
    ],
)
def test_what_no_row_has_is_refused(spec, said):
    with pytest.raises(DataError, match=said):
        held_out(rows(1, 2, 3), spec)


def test_something_is_left_to_learn_from():
    with pytest.raises(DataError, match="nothing is left to learn from"):
        held_out(rows(1, 1), "fold=1")


def test_a_group_is_never_parted():
    with pytest.raises(DataError, match=r"parts 1 groups that belong together \(field group\), such as 'pub'"):
        held_out(rows(1, 2, group="pub"), "fold=1")
    assert held_out([*rows(1, 1, group="pub"), *rows(2, group="car park")], "fold=1")


def test_every_tenth_group_is_held_out_as_a_whole():
    given = [Example(str(i), None, extra={"group": f"scene {i // 3}"}) for i in range(60)]
    learn, judge = parted(given)
    assert [row.id for row in judge] == ["0", "1", "2", "30", "31", "32"]
    assert len(learn) == 54
