import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults
from watchword.data.readers.open import read_dataset
from watchword.data.readers.regions import joined

ROWS = [
    {"image": "1.jpg", "box": [0, 0, 0.5, 0.5], "sentence": "a dog", "split": "train"},
    {"image": "1.jpg", "box": [0.5, 0.5, 1, 1], "sentence": "grass", "split": "train"},
    {"image": "1.jpg", "box": [0.02, 0, 0.5, 0.5], "sentence": "a white dog", "split": "train"},
    {"image": "2.jpg", "box": [0, 0, 0.5, 0.5], "sentence": "a cat", "split": "val"},
    {"image": "2.jpg", "sentence": "a cat sleeps", "split": "val"},
]


def saved(folder, rows, name="regions.jsonl"):
    path = folder / name
    path.write_text("\n".join(map(json.dumps, rows)) if name.endswith("l") else json.dumps(rows))
    return path


def said(examples):
    return [(each.path.name, each.sentences, each.split, each.box) for each in examples]


@pytest.mark.parametrize("name", ["regions.jsonl", "regions.json"])
def test_rows_with_a_box_are_regions(tmp_path, name):
    examples = read_dataset(saved(tmp_path, ROWS, name))
    assert said(examples) == [
        ("1.jpg", ("a dog", "a white dog"), "train", (0.01, 0, 0.5, 0.5)),
        ("1.jpg", ("grass",), "train", (0.5, 0.5, 1, 1)),
        ("2.jpg", ("a cat",), "val", (0, 0, 0.5, 0.5)),
        ("2.jpg", ("a cat sleeps",), "val", None),
    ]
    assert [each.id for each in examples][:2] == ["1.jpg@0.01,0,0.5,0.5", "1.jpg@0.5,0.5,1,1"]
    assert len({each.id for each in examples}) == 4
    assert {each.path.parent.parent for each in examples} == {tmp_path}


@pytest.mark.parametrize("box", [[10, 20, 30, 40], [0.5, 0, 0.4, 1], "0,0,1,1", [0, 0, 1]])
def test_a_box_that_is_none_is_said_with_its_line(tmp_path, box):
    path = saved(tmp_path, [ROWS[0], ROWS[1] | {"box": box}])
    with pytest.raises(DataError, match=r"regions\.jsonl, line 2: .*box"):
        read_dataset(path)
    faults = Faults()
    assert len(read_dataset(path, faults=faults)) == len(faults.found) == 1


def test_phrases_with_boxes_are_a_data_set(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "1.jpg").touch()
    rows = [{"phrase": row["sentence"], "box": row["box"]} for row in ROWS[:3]]
    path = tmp_path / "phrases.json"
    path.write_text(json.dumps({"images": [{"filename": "1.jpg", "split": "val", "regions": rows}]}))
    dog, grass = read_dataset(path)
    assert (dog.sentences, dog.split, grass.box) == (("a dog", "a white dog"), "val", (0.5, 0.5, 1, 1))
    assert dog.path == tmp_path / "images" / "1.jpg"


def test_a_region_has_the_labels_and_fields_of_its_own_rows(tmp_path):
    labels = ["dog", "plant", "animal", "cat", "cat"]
    rows = [row | {"label": label, "similarity": i} for i, (row, label) in enumerate(zip(ROWS, labels, strict=True))]
    dog, grass, cat, _ = read_dataset(saved(tmp_path, rows))
    assert (dog.labels, grass.labels, cat.labels) == (("dog", "animal"), ("plant",), ("cat",))
    assert (dog.extra["similarity"], grass.extra["similarity"], cat.extra["similarity"]) == (0, 1, 3)


def test_regions_with_labels_alone_are_kept(tmp_path):
    rows = [{"image": "1.jpg", "box": row["box"], "label": row["sentence"]} for row in ROWS[:2]]
    dog, grass = read_dataset(saved(tmp_path, rows))
    assert (dog.labels, dog.sentences, dog.box) == (("a dog",), (), (0, 0, 0.5, 0.5))
    assert (grass.labels, grass.box) == (("grass",), (0.5, 0.5, 1, 1))


def test_without_photos_regions_of_one_id_alone_are_joined(tmp_path):
    rows = [{"id": name, "box": [0, 0, 1, 1], "sentence": f"said of {name}"} for name in "aab"]
    assert [each.sentences for each in read_dataset(saved(tmp_path, rows))] == [("said of a",), ("said of b",)]


def test_visual_genome_is_a_data_set(tmp_path):
    sizes = [{"image_id": 1, "width": 100, "height": 50, "url": "https://x/VG_100K/1.jpg"}]
    (tmp_path / "image_data.json").write_text(json.dumps(sizes))
    region = {"phrase": "a red bus", "x": 10, "y": 10, "width": 40, "height": 20}
    path = tmp_path / "region_descriptions.json"
    path.write_text(json.dumps([{"id": 1, "regions": [region, region | {"phrase": "the bus", "x": 11}]}]))
    (example,) = read_dataset(path)
    assert example.sentences == ("a red bus", "the bus")
    assert example.box == pytest.approx((0.105, 0.2, 0.505, 0.6))
    assert example.path.parts[-2:] == ("VG_100K", "1.jpg")


SIDE = some.integers(0, 20)


@some.composite
def rows(draw):
    (x0, x1), (y0, y1) = (sorted(draw(some.tuples(SIDE, SIDE))) for _ in "xy")
    box = x0 / 25, y0 / 25, (x1 + 1) / 25, (y1 + 1) / 25
    return Example(draw(some.sampled_from("ab")), None, (draw(some.sampled_from(["x", "y", "z"])),), box=box)


@given(some.lists(rows(), max_size=12))
def test_joining_loses_nothing_that_is_said(given_rows):
    found = list(joined(given_rows))
    assert {text for row in found for text in row.sentences} == {text for row in given_rows for text in row.sentences}
    assert len(found) <= len(given_rows)
    for row in found:
        assert len(set(row.sentences)) == len(row.sentences)
        assert any(row.sentences[0] in each.sentences for each in given_rows)
    for row in given_rows:  # of each a region is near that says it, or it was joined with others whose mean moved
        near = [each for each in found if set(row.sentences) <= set(each.sentences)]
        assert near
