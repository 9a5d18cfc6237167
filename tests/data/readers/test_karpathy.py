import json

import pytest

from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset

IMAGES = [
    {"filename": "1.jpg", "imgid": 0, "split": "train", "sentences": [{"raw": "A dog .", "tokens": ["a", "dog"]}]},
    {"filename": "2.jpg", "imgid": 1, "cocoid": 77, "split": "restval", "sentences": [{"tokens": ["a", "cat"]}]},
    {"filename": "3.jpg", "split": "val", "sentences": [], "label": "beach", "license": 4},
    {"filename": "4.jpg", "filepath": "val2014", "split": "test", "sentences": [], "labels": ["dog", "cat"]},
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dataset.json").write_text(json.dumps({"images": IMAGES, "dataset": "tiny"}))
    return tmp_path


def test_the_folder_and_its_file_say_the_same(folder):
    rows = read_dataset(folder)
    assert rows == read_dataset(folder / "dataset.json") == read_dataset(str(folder))
    assert [row.id for row in rows] == ["0", "77", "3.jpg", "val2014/4.jpg"]
    assert [row.split for row in rows] == ["train", "train", "val", "test"]
    assert [row.sentences for row in rows] == [("A dog .",), ("a cat",), (), ()]
    assert [row.labels for row in rows] == [(), (), ("beach",), ("dog", "cat")]
    assert rows[2].extra == {"license": 4}
    assert rows[0].path == folder / "images" / "1.jpg"
    assert rows[3].path == folder / "images" / "val2014" / "4.jpg"


def test_photos_may_lie_elsewhere(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert read_dataset(folder, elsewhere)[0].path == elsewhere / "1.jpg"
    with pytest.raises(DataError, match=r"nowhere is not a folder; give the folder that the photos of .*dataset\.json"):
        read_dataset(folder, folder / "nowhere")


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ({"sentences": []}, r"image 0: it has no 'filename'; it has: sentences"),
        ({"filename": "1.jpg"}, r"image 0: 'sentences' has to be a list; it has: filename"),
        ({"filename": "1.jpg", "sentences": "A dog ."}, "image 0: 'sentences' has to be a list; 'sentences' is a str"),
        ({"filename": "1.jpg", "sentences": ["A dog ."]}, "an object with fields was expected, not 'A dog .'"),
        ({"filename": "1.jpg", "sentences": [{"text": "A"}]}, "has neither 'raw' nor 'tokens'; it has: text"),
        ({"filename": "1.jpg", "sentences": [{"tokens": 5}]}, "image 0: 'tokens' has to be a list; 'tokens' is a int"),
        ({"filename": "1.jpg", "sentences": [{"tokens": [None]}]}, "image 0: a token has to be text, not 'None'"),
        (
            {"filename": "1.jpg", "sentences": [{"raw": None}]},
            "image 0: 'raw' of a sentence has to be text, not 'None'",
        ),
        (
            {"filename": "1.jpg", "filepath": 7, "sentences": []},
            "image 0: 'filepath' has to be a folder's name, not '7'",
        ),
        ({"filename": "1.jpg", "sentences": [], "split": "trian"}, r"no split 'trian' \(did you mean 'train'\?\)"),
        ("1.jpg", "image 0: an object with fields was expected, not '1.jpg'"),
    ],
)
def test_an_image_that_is_not_as_it_should_be_is_named(tmp_path, image, message):
    path = tmp_path / "dataset.json"
    path.write_text(json.dumps({"images": [image]}))
    with pytest.raises(DataError, match=message) as caught:
        read_dataset(tmp_path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(("second", "kept"), [({"sentid": 8}, [5, 8]), ({}, None), ({"sentid": "8"}, None)])
def test_sentences_keep_their_numbers_where_each_has_one(tmp_path, second, kept):
    sentences = [{"raw": "A dog .", "sentid": 5}, {"raw": "", **second}]
    document = {"images": [{"filename": "1.jpg", "split": "val", "sentences": sentences, "sentids": [5, 8]}]}
    (tmp_path / "dataset.json").write_text(json.dumps(document))
    (row,) = read_dataset(tmp_path)
    assert row.extra == ({"sentids": kept} if kept else {})
