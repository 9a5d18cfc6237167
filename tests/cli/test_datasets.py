"""Data sets as commands take them: several at once, and their splits."""

from dataclasses import replace

import pytest

from watchword.cli.datasets import read_all, split, train_and_val
from watchword.core.errors import DataError
from watchword.core.types import Example


def rows(count, name="train", **changes):
    return [
        Example(**{"id": f"{name}{n}", "path": f"{n}.jpg", "sentences": ("A dog.",), "split": name, **changes})
        for n in range(count)
    ]


@pytest.fixture
def tables(tmp_path):
    """Two tables in folders of their own, the photo of each in its `images/`."""
    for name in ("one", "two"):
        (tmp_path / name / "images").mkdir(parents=True)
        (tmp_path / name / "images" / "a.jpg").touch()
        (tmp_path / name / "captions.csv").write_text("path,sentence,weight\na.jpg,A dog.,2\na.jpg, ,2\n")
    return [str(tmp_path / name / "captions.csv") for name in ("one", "two")]


def test_several_data_sets_have_ids_and_weights_of_their_own(tables):
    first, second = read_all(tables, [], [1, 0.5])
    assert [(row.id, row.weight) for row in (first, second)] == [("a.jpg", 2.0), ("1/a.jpg", 1.0)]
    assert first.path.parent.parent.name == "one"
    assert first.sentences == ("A dog.",)  # nobody learns from an empty cell


def test_nothing_stands_for_a_data_sets_own_place(tables, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    first, second = read_all(tables, ["", str(tmp_path / "elsewhere")], [])
    assert first.path == tmp_path / "one" / "images" / "a.jpg"
    assert second.path == tmp_path / "elsewhere" / "a.jpg"


def test_one_folder_for_two_data_sets_is_refused_with_a_way_out(tables, tmp_path):
    with pytest.raises(DataError, match=r'1 --images for 2 --data: .* --images "" stands for the data set\'s own'):
        read_all(tables, [str(tmp_path)], [])


def test_what_training_holds_out_is_what_val_stands_for(capsys):
    data = [*rows(25), *rows(3, "test")]
    learn, judge = train_and_val(data)
    assert capsys.readouterr() == ("", "")
    assert split(data, "val") == judge == [data[0], data[10], data[20]]
    said = capsys.readouterr().err
    assert "no split 'val': every 10th photo instead, 3 in all, as `watchword train` holds them out" in said
    assert len(learn) == 22
    assert split(data, "train") == data[:25]
    assert split(data, "test") == data[25:]
    assert capsys.readouterr().err == ""


def test_a_val_split_that_is_there_is_taken(capsys):
    data = [*rows(5), *rows(2, "val")]
    assert split(data, "val") == train_and_val(data)[1] == data[5:]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["train", "val"])
def test_a_split_without_a_photo_and_a_sentence_says_what_lacks(name):
    data = [*rows(3, name, path=None), *rows(2, name, sentences=()), *rows(1, name, path=None, sentences=())]
    lacks = f"in split '{name}': of its 6 examples 4 have no photo and 3 have no sentence; give an example both"
    with pytest.raises(DataError, match=lacks):
        split(data, name)


def test_a_split_that_is_not_there_is_named():
    with pytest.raises(DataError, match="in split 'val'; the data has: test"):
        split(rows(2, "test"), "val")


def test_regions_of_one_photo_are_held_out_together():
    data = [replace(row, id=f"{row.id}-{side}") for row in rows(20) for side in "lr"]
    learn, judge = train_and_val(data)
    assert [row.id for row in judge] == [row.id for row in data[:2] + data[20:22]]
    assert not {row.path for row in learn} & {row.path for row in judge}
