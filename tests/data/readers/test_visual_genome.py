import json

import numpy as np
import pytest

from watchword.core.errors import DataError
from watchword.data.readers.faults import Faults
from watchword.data.readers.visual_genome import read_visual_genome

SIZES = [
    {"image_id": 1, "width": 800, "height": 600, "url": "https://example.org/rak248/VG_100K_2/1.jpg", "coco_id": None},
    {"image_id": 2, "width": 100, "height": 100},
]
REGIONS = [
    {
        "id": 1,
        "regions": [
            {"region_id": 5, "image_id": 1, "phrase": "a red bus ", "x": 400, "y": 300, "width": 80, "height": 60},
            {"region_id": 6, "image_id": 1, "phrase": "the sky", "x": -8, "y": 0, "width": 900, "height": 60},
            {"region_id": 7, "image_id": 1, "phrase": "", "x": 0, "y": 0, "width": 9, "height": 6},
        ],
    },
    {"id": 2, "regions": []},
]


def saved(folder, regions=REGIONS, sizes=SIZES):
    (folder / "image_data.json").write_text(json.dumps(sizes))
    (folder / "region_descriptions.json").write_text(json.dumps(regions))
    return folder / "region_descriptions.json"


def test_regions_gather_at_their_photo(tmp_path):
    one, two = read_visual_genome(saved(tmp_path))
    assert (one.file, one.split, two.file, two.phrases) == ("VG_100K_2/1.jpg", "train", "2.jpg", ())
    assert [each.text for each in one.phrases] == ["a red bus", "the sky"]
    assert np.allclose(one.phrases[0].boxes, [[0.5, 0.5, 0.6, 0.6]])
    assert np.allclose(one.phrases[1].boxes, [[0, 0, 1, 0.1]])


def test_sizes_may_lie_elsewhere(tmp_path):
    path = saved(tmp_path)
    (tmp_path / "image_data.json").rename(tmp_path / "sizes.json")
    with pytest.raises(DataError, match=r"image_data\.json does not exist; Visual Genome's"):
        read_visual_genome(path)
    assert len(read_visual_genome(path, tmp_path / "sizes.json")) == 2


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("phrase", 3, "'phrase' has to be text"),
        ("x", "left", "'bbox' has to be numbers"),
        ("width", -1, "none of its sides below 0"),
        ("height", ..., "a record has no 'height'"),
    ],
)
def test_a_row_that_is_not_right_is_said_and_left_out(tmp_path, field, value, message):
    regions = json.loads(json.dumps(REGIONS))
    row = regions[0]["regions"][0]
    if value is ...:
        del row[field]
    else:
        row[field] = value
    path = saved(tmp_path, regions)
    with pytest.raises(DataError, match=rf"region_descriptions\.json, image 0, region 0: .*{message}"):
        read_visual_genome(path)
    faults = Faults()
    assert [each.text for each in read_visual_genome(path, faults=faults)[0].phrases] == ["the sky"]
    assert len(faults.found) == 1


def test_a_region_outside_its_photo_is_noted(tmp_path):
    regions = json.loads(json.dumps(REGIONS))
    regions[0]["regions"][0]["x"] = 800
    path, faults = saved(tmp_path, regions), Faults()
    assert len(read_visual_genome(path)[0].phrases) == 1
    read_visual_genome(path, faults=faults)
    assert [str(error) for error in faults.found if "nothing of the box" in str(error)] == list(map(str, faults.found))
    assert len(faults.found) == 1


@pytest.mark.parametrize(
    ("regions", "sizes", "message"),
    [
        ({}, SIZES, r"region_descriptions\.json: Visual Genome's .* are lists of JSON; this holds a dict"),
        (REGIONS, 3, r"image_data\.json: .* this holds a int"),
        ([3], SIZES, "image 0: an object with fields"),
        ([{"id": 3, "regions": []}], SIZES, "image 0: no size of photo 3 is in the image data"),
        ([{"id": 1}], SIZES, "image 0: a record has no 'regions'"),
        ([{"id": 1, "regions": 3}], SIZES, "image 0: 'regions' has to be a list"),
        ([{"id": 1, "regions": []}] * 2, SIZES, "image 1: another image has the id '1'"),
        (REGIONS, [{"image_id": 1}], r"image_data\.json, image 0: it has no width and height"),
        (REGIONS, [7], r"image_data\.json, image 0: an object with fields"),
    ],
)
def test_other_documents_are_refused(tmp_path, regions, sizes, message):
    with pytest.raises(DataError, match=message):
        read_visual_genome(saved(tmp_path, regions, sizes))
