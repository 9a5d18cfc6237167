import json
from pathlib import Path

import numpy as np
import pytest

from watchword.core.errors import DataError, SettingsError
from watchword.encoders.proposals import proposals

PIXELS = np.zeros((20, 30, 3), np.uint8)
DOCUMENT = {
    "images": [
        {"id": 790, "width": 100, "height": 100},
        {"id": 5, "file_name": "folder/dog.jpg", "width": 100, "height": 100},
    ],
    "annotations": [
        {"image_id": 790, "bbox": [0, 0, 10 + i, 10], "score": score} for i, score in enumerate([0.1, 0.9, 0.5])
    ]
    + [{"image_id": 5, "bbox": [50, 50, 50, 50]}],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "boxes.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


def test_the_best_boxes_of_a_photo(file):
    found = proposals[f"from_file:file={file}"](count=2)
    boxes, scores = found.propose(PIXELS, Path("anywhere/000000000790.jpg"))
    assert np.allclose(boxes, [[0, 0, 0.11, 0.1], [0, 0, 0.12, 0.1]])
    assert np.allclose(scores, [0.9, 0.5])
    assert (found.fixed, found.by_file) == (None, True)


def test_a_photo_is_known_by_its_name_or_its_id(file):
    found = proposals[f"from_file:file={file}"]()
    assert [len(found.propose(PIXELS, Path(name))[0]) for name in ("dog.jpg", "5.jpg", "790.png", "cat.jpg")] == [
        1,
        1,
        3,
        0,
    ]
    with pytest.raises(DataError, match="boxes from a file are of the photos in it; this photo has no file name"):
        found.propose(PIXELS, None)


def test_the_name_is_of_the_content(file):
    first = proposals[f"from_file:file={file}"]()
    file.write_text(json.dumps(DOCUMENT | {"annotations": []}))
    assert proposals[f"from_file:file={file}"]().name != first.name
    assert proposals[f"from_file:file={file}"](count=2).name != proposals[f"from_file:file={file}"](count=3).name


def test_a_file_is_asked_for(tmp_path):
    with pytest.raises(SettingsError, match="need file=FILE"):
        proposals["from_file"]()
    with pytest.raises(DataError, match=r"none\.json does not exist"):
        proposals[f"from_file:file={tmp_path / 'none.json'}"]()
