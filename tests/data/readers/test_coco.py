import json

import pytest

from tests.data.photographs import write
from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset

DOCUMENT = {
    "info": {},
    "images": [{"id": 9, "file_name": "9.jpg", "license": 3}, {"id": 10, "file_name": "10.jpg"}],
    "annotations": [
        {"image_id": 10, "caption": "A cat."},
        {"image_id": 9, "caption": "A dog."},
        {"image_id": 10, "caption": "A red cat."},
    ],
}


def saved(path, document=DOCUMENT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1))
    return path


def test_captions_gather_at_their_image(tmp_path):
    rows = read_dataset(saved(tmp_path / "captions.json"))
    assert [(row.id, row.sentences) for row in rows] == [("9", ("A dog.",)), ("10", ("A cat.", "A red cat."))]
    assert rows[0].extra == {"license": 3}


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("captions_train2017.json", "train"),
        ("captions_val2014.json", "val"),
        ("image_info_test.json", "test"),
        ("x.json", "train"),
    ],
)
def test_the_name_of_the_file_says_the_split(tmp_path, name, split):
    assert {row.split for row in read_dataset(saved(tmp_path / name))} == {split}


@pytest.mark.parametrize("folder", ["annotations/images", "annotations", "annotations/val2017", "val2017", "images"])
def test_photos_are_looked_for_in_the_usual_places(tmp_path, folder):
    write(tmp_path / folder, "10.jpg")
    rows = read_dataset(saved(tmp_path / "annotations" / "captions_val2017.json"))
    assert rows[1].path == tmp_path / folder / "10.jpg"
    assert rows[1].path.is_file()


def test_photos_that_are_nowhere_are_expected_beside_the_file(tmp_path):
    assert read_dataset(saved(tmp_path / "captions.json"))[0].path == tmp_path / "images" / "9.jpg"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"annotations": [{"image_id": 5, "caption": "x"}]},
            "a caption is of image 5, which is not among its 2 images",
        ),
        ({"annotations": [{"image_id": 9, "bbox": []}]}, "a record has no 'caption'; it has: image_id, bbox"),
        ({"images": [{"file_name": "9.jpg"}]}, "a record has no 'id'; it has: file_name"),
        ({"images": [{"id": 9, "file_name": None}]}, "image 0: 'file_name' has to be text, not 'None'"),
        ({"images": [{"id": [1], "file_name": "9.jpg"}]}, r"image 0: 'id' has to be a number or text, not '\[1\]'"),
        ({"annotations": [{"image_id": [9], "caption": "x"}]}, "annotation 0: 'image_id' has to be a number or text"),
        ({"annotations": [{"image_id": 9, "caption": None}]}, "annotation 0: 'caption' has to be text, not 'None'"),
        ({"images": [DOCUMENT["images"][0]] * 2}, "image 1: another image has the id 9; give each its own"),
        ({"annotations": {}}, "'annotations' has to be a list; 'annotations' is a dict"),
    ],
)
def test_other_files_of_coco_are_refused(tmp_path, change, message):
    with pytest.raises(DataError, match=message):
        read_dataset(saved(tmp_path / "instances.json", DOCUMENT | change))
