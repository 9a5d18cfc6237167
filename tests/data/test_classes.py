import pytest

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.classes import class_numbers, classes_of, word_of
from watchword.data.label_batches import LabelBatches
from watchword.data.vocabulary import Vocabulary

NAMES = ["Play Tabla", "50% off", "<pad>", "ça va", "a\tb", "x"]


def vocabulary(names, minimum=1):
    return Vocabulary.build([[word_of(name)] for name in names], minimum=minimum)


def rows(*labels):
    return [Example(str(i), None, labels=(name,) if name else ()) for i, name in enumerate(labels)]


def test_any_name_of_a_class_goes_there_and_back():
    assert set(classes_of(vocabulary(NAMES))) == set(NAMES)


def test_the_most_frequent_class_comes_first():
    assert classes_of(vocabulary(["b", "a", "c", "c"])) == ("c", "a", "b")


@pytest.mark.parametrize(
    ("names", "said"), [([], r"0 class to learn \(none\)"), (["a", "a"], r"1 class to learn \(a\)")]
)
def test_one_class_is_nothing_to_tell_apart(names, said):
    with pytest.raises(DataError, match=f"{said}: give examples of two or more"):
        classes_of(vocabulary(names))


def test_numbers_of_classes_known_and_not():
    assert class_numbers(rows("b", "a", "z", None), vocabulary(["a", "b", "b"])) == [0, 1, None, None]


def test_an_epoch_shows_each_example_of_a_known_class_once():
    batches = LabelBatches(rows("b", "a", "rare", "b", None), vocabulary(["a", "a", "b", "b", "rare"], 2), batch=2)
    epoch = batches.epoch(0)
    assert sorted(name for batch in epoch for name in batch.ids) == ["0", "1", "3"]
    assert {(name, int(target)) for b in epoch for name, target in zip(b.ids, b.targets[:, 0, 0], strict=True)} == {
        ("0", 1),
        ("1", 0),
        ("3", 1),
    }
    again = [[batch.ids for batch in batches.epoch(number)] for number in (0, 0, 1, 2, 3)]
    assert again[0] == again[1]
    assert any(other != again[0] for other in again[2:])


def test_a_weight_says_how_often_an_example_is_shown():
    some = [Example("a", None, labels=("a",), weight=3), Example("b", None, labels=("b",))]
    shown = [name for batch in LabelBatches(some, vocabulary("ab")).epoch(0) for name in batch.ids]
    assert sorted(shown) == ["a", "a", "a", "b"]


def test_nothing_to_learn_is_said():
    with pytest.raises(DataError, match="none of 1 examples has a class to learn"):
        LabelBatches(rows("z"), vocabulary("ab"))
