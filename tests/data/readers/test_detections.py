import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from watchword.core.boxes import areas
from watchword.core.errors import DataError
from watchword.data.readers.box_fields import NoArea, as_fractions, names_of
from watchword.data.readers.detections import read_detections
from watchword.data.readers.faults import Faults

INSTANCES = {
    "images": [
        {"id": 9, "file_name": "9.jpg", "width": 200, "height": 100},
        {"id": 10, "file_name": "x/10.jpg", "width": 50, "height": 50},
    ],
    "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}],
    "annotations": [
        {"image_id": 9, "bbox": [20, 10, 100, 50], "category_id": 18},
        {"image_id": 9, "bbox": [150, 50, 100, 50.5], "category_id": 1, "score": 0.25},
    ],
}
FOUND = [
    {"image_id": 9, "bbox": [20, 10, 100, 50], "score": 0.5, "category_id": 18},
    {"image_id": 9, "bbox": [0, 0, 20, 10], "score": 0.75, "category_id": 1},
    {"image_id": "b", "bbox": [0, 0, 20, 10], "score": 0.1},
]


def saved(folder, document):
    path = folder / "boxes.json"
    path.write_text(json.dumps(document))
    return path


def photo(folder, name, width, height):
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (width, height)).save(folder / name)


def changed(document, place, value):
    """A copy of a document with one part of it changed, or taken away."""
    document = json.loads(json.dumps(document))
    part = document
    for step in place[:-1]:
        part = part[step]
    if value is None:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return document


def test_instances_gather_at_their_photo(tmp_path):
    found = read_detections(saved(tmp_path, INSTANCES))
    assert list(found) == ["9", "10"]
    nine, ten = found.values()
    assert np.allclose(nine.boxes, [[0.1, 0.1, 0.6, 0.6], [0.75, 0.5, 1, 1]])  # cut off at the edge
    assert (nine.boxes.dtype, nine.scores.dtype) == (np.float32, np.float32)
    assert (nine.scores.tolist(), nine.names, nine.file) == ([1, 0.25], ("dog", "person"), "9.jpg")
    assert (ten.boxes.shape, ten.scores.shape, ten.names, ten.file) == ((0, 4), (0,), (), "x/10.jpg")


def test_a_detectors_list_takes_sizes_from_the_photos(tmp_path):
    photo(tmp_path / "images", "COCO_val2014_000000000009.jpg", 200, 100)
    photo(tmp_path / "images", "b.png", 40, 20)
    found = read_detections(saved(tmp_path, FOUND), images=tmp_path / "images")
    assert np.allclose(found["9"].boxes, [[0.1, 0.1, 0.6, 0.6], [0, 0, 0.1, 0.1]])
    assert (found["9"].scores.tolist(), found["9"].names) == ([0.5, 0.75], ("18", "1"))
    assert np.allclose(found["b"].boxes, [[0, 0, 0.5, 0.5]])
    assert found["b"].names == ("",)


def test_boxes_under_the_id_of_their_photo(tmp_path):
    document = {"9": {"width": 10, "height": 20, "boxes": [{"bbox": [1, 2, 3, 4], "category": "dog", "iscrowd": 0}]}}
    found = read_detections(saved(tmp_path, document))
    assert np.allclose(found["9"].boxes, [[0.1, 0.1, 0.4, 0.3]])
    assert found["9"].names == ("dog",)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("annotations", 1, "bbox"), [1, 2, 3], r"annotation 1: a box is x, y, width, height in pixels"),
        (("annotations", 1, "bbox"), [1, 2, -3, 4], r"annotation 1: a box is .* none of its sides below 0"),
        (
            ("annotations", 1, "bbox"),
            [1, 2, float("nan"), 4],
            r"annotation 1: 'bbox' has to be numbers, not '\[1, 2, nan",
        ),
        (("annotations", 1, "bbox"), [1, 2, 10**400, 4], r"annotation 1: 'bbox' has to be numbers"),
        (("annotations", 1, "bbox"), ["1", "2", "3", "4"], r"annotation 1: 'bbox' has to be numbers"),
        (("annotations", 1, "bbox"), [True, 2, 3, 4], r"annotation 1: 'bbox' has to be numbers"),
        (("annotations", 1, "bbox"), 7, r"annotation 1: 'bbox' has to be numbers, not '7'"),
        (("annotations", 1, "bbox"), None, r"annotation 1: a record has no 'bbox'; it has: image_id, category_id"),
        (("annotations", 1, "score"), "high", r"annotation 1: 'score' has to be numbers"),
        (("annotations", 1, "image_id"), 11, r"annotation 1: a box is of image 11, which is not among its 2 images"),
        (("annotations", 1, "image_id"), [9], r"annotation 1: 'image_id' has to be a number or text"),
        (("annotations", 1, "category_id"), 3, r"annotation 1: category 3 is not among the 2 that the file names"),
        (("annotations", 1), "dog", r"annotation 1: an object with fields was expected, not 'dog'"),
        (("images", 1, "width"), 0, r"image 1: a picture is 0 x 50 pixels"),
        (("images", 1, "height"), None, r"image 1: 'width and height' has to be numbers"),
        (("images", 1, "id"), 9, r"image 1: another image has the id '9'"),
        (("categories", 1, "name"), None, r"category 1: a record has no 'name'"),
    ],
)
def test_what_is_not_right_is_said_and_left_out(tmp_path, place, value, message):
    path = saved(tmp_path, changed(INSTANCES, place, value))
    with pytest.raises(DataError, match=rf"boxes\.json, {message}"):
        read_detections(path)
    faults = Faults()
    found = read_detections(path, faults=faults)
    assert len(faults.found) >= 1
    assert np.allclose(found["9"].boxes[0], [0.1, 0.1, 0.6, 0.6])


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"annotations": []}, "'images' has to be a list"),
        ({"images": [], "annotations": {}}, "'annotations' has to be a list"),
        ({"9": {"width": 1, "height": 1}}, r"'9': 'boxes' has to be a list; it has: width, height"),
        ({"9": []}, r"'9': an object with fields was expected"),
        ({"9": {"boxes": [3]}}, r"'9', box 0: an object with fields was expected"),
        ("text", "an object with fields was expected"),
        ([3], "row 0: an object with fields was expected, not '3'"),
    ],
)
def test_other_documents_are_refused(tmp_path, document, message):
    with pytest.raises(DataError, match=rf"boxes\.json.*{message}"):
        read_detections(saved(tmp_path, document))


def test_a_box_outside_its_photo_is_noted_and_left_out(tmp_path):
    path = saved(tmp_path, changed(INSTANCES, ("annotations", 0, "bbox"), [300, 10, 5, 5]))
    assert read_detections(path)["9"].names == ("person",)
    faults = Faults()
    read_detections(path, faults=faults)
    assert [str(error).partition(": ")[2] for error in faults.found] == [
        "nothing of the box [300.0, 10.0, 5.0, 5.0] lies in a picture of 200 x 100 pixels"
    ]


def test_a_photo_without_a_size_is_asked_for(tmp_path):
    path = saved(tmp_path, FOUND)
    with pytest.raises(
        DataError, match=r"row 0: the size of photo 9 is not given; list its width .* or give the folder"
    ):
        read_detections(path)
    photo(tmp_path / "images", "b.png", 40, 20)
    with pytest.raises(DataError, match=r"row 0: the size of photo 9 is not given, and it is not in .*images"):
        read_detections(path, images=tmp_path / "images")
    (tmp_path / "images" / "9.jpg").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"row 0: the size of photo 9 is not given, and '.*9\.jpg'"):
        read_detections(path, images=tmp_path / "images")
    with pytest.raises(DataError, match=r"row 0: .*nowhere"):
        read_detections(path, images=tmp_path / "nowhere")
    faults = Faults()
    assert list(read_detections(path, images=tmp_path / "images", faults=faults)["b"].scores) == [np.float32(0.1)]
    assert len(faults.found) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"a": 1'])
def test_what_is_no_json_is_refused(tmp_path, content):
    (tmp_path / "boxes.json").write_bytes(content)
    with pytest.raises(DataError, match=r"boxes\.json"):
        read_detections(tmp_path / "boxes.json")


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"none\.json does not exist; boxes are a JSON list of detections"):
        read_detections(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("photo", "names"),
    [
        ("val2017/000000000790.jpg", ("000000000790.jpg", "000000000790", "790")),
        ("COCO_val2014_000000000790.jpg", ("COCO_val2014_000000000790.jpg", "COCO_val2014_000000000790", "790")),
        ("100_6f.jpg", ("100_6f.jpg", "100_6f", "100_6f")),
        ("0.png", ("0.png", "0", "0")),
    ],
)
def test_what_a_photo_may_be_called(photo, names):
    assert names_of(photo) == names


NUMBER = some.floats(-2000, 2000) | some.integers(-2000, 2000)


@given(some.tuples(NUMBER, NUMBER, NUMBER, NUMBER), some.tuples(some.integers(1, 2000), some.integers(1, 2000)))
def test_any_box_is_inside_or_refused(corner, size):
    try:
        box = np.array(as_fractions(corner, size, "here"), np.float32)
    except NoArea:
        x, y, wide, high = corner
        shared = [
            min(start + side, whole) - max(start, 0) for start, side, whole in ((x, wide, size[0]), (y, high, size[1]))
        ]
        assert min(wide, high) >= 0
        assert min(shared[0] / size[0], shared[1] / size[1]) < 1e-5
    except DataError:
        assert min(corner[2:]) < 0
    else:
        assert (box >= 0).all()
        assert (box <= 1).all()
        assert areas(box) > 0


JUNK = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=3),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.sampled_from(["id", "image_id", "bbox", "images", "annotations", "boxes"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JUNK)
def test_nothing_but_a_data_error_comes_of_junk(tmp_path_factory, document):
    path = saved(tmp_path_factory.getbasetemp(), document)
    faults = Faults()
    found = {}
    with suppress(DataError):
        found = read_detections(path, faults=faults)
    assert all(len(each.boxes) == len(each.scores) == len(each.names) for each in found.values())
    assert all(path.name in str(error) for error in faults.found)


@pytest.mark.data
def test_the_boxes_of_coco():
    faults = Faults()
    found = read_detections(Path(os.environ["WATCHWORD_DATA"]) / "coco" / "instances.json", faults=faults)
    assert not faults.found
    assert len(found) == 255
    assert sum(len(each.boxes) for each in found.values()) == 2196
    assert {"person", "dog", "bus"} <= {name for each in found.values() for name in each.names}
