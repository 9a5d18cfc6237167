import pytest

from tests.data.photographs import write
from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset


def test_the_folder_is_the_label(tmp_path):
    for name in ("beach/2.jpg", "beach/deep/1.png", "forest/3.jpg", ".cache/4.jpg", "beach/readme.md"):
        write(tmp_path, name)
    rows = read_dataset(tmp_path)
    assert [(row.id, row.labels, row.split) for row in rows] == [
        ("beach/2.jpg", ("beach",), "train"),
        ("beach/deep/1.png", ("beach",), "train"),
        ("forest/3.jpg", ("forest",), "train"),
    ]
    assert rows[0].path == tmp_path / "beach" / "2.jpg"


def test_splits_may_come_above_the_classes(tmp_path):
    for name in ("train/beach/1.jpg", "valid/beach/2.jpg", "test/forest/3.jpg"):
        write(tmp_path, name)
    assert [(row.id, row.labels, row.split) for row in read_dataset(tmp_path)] == [
        ("test/forest/3.jpg", ("forest",), "test"),
        ("train/beach/1.jpg", ("beach",), "train"),
        ("valid/beach/2.jpg", ("beach",), "val"),
    ]


def test_a_text_beside_the_classes_is_about_them(tmp_path):
    for name in ("beach/1.jpg", "forest/2.jpg"):
        write(tmp_path, name)
    (tmp_path / "README.txt").write_text("Photos of beaches and forests.")
    assert [row.labels for row in read_dataset(tmp_path)] == [("beach",), ("forest",)]


def test_a_table_beside_its_photos_is_asked_for(tmp_path):
    """One folder of photos is no class: the sentences would be lost without a word."""
    write(tmp_path, "images/1.jpg")
    (tmp_path / "captions.txt").write_text("path,sentence\n1.jpg,A dog.\n")
    with pytest.raises(DataError, match=r"has no dataset\.json; if one of these is the data set, .*: captions\.txt"):
        read_dataset(tmp_path)


def test_a_folder_without_classes(tmp_path):
    write(tmp_path, "1.jpg")
    with pytest.raises(DataError, match=r"holds no example; a data set is a folder with dataset\.json"):
        read_dataset(tmp_path)
    (tmp_path / "captions.csv").write_text("")
    with pytest.raises(
        DataError, match=r"has no dataset\.json; if one of these is the data set, give it: captions\.csv"
    ):
        read_dataset(tmp_path)
