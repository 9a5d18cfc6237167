"""Every format: whoever asks for the faults gets all of them, and the sound rows; training stops at the first."""

import json

import pytest

from watchword.core.errors import DataError
from watchword.data.check import check_dataset
from watchword.data.readers.faults import Faults, NoPhoto
from watchword.data.readers.open import read_dataset

TABLE = """path,sentence,split,weight
a.jpg,A dog.,train,1
b.jpg,A cat.,trian,1
c.jpg,A cat, black.,train,1
d.jpg,A cow.,val,heavy
e.jpg,A hen.,val,1
"""
LINES = '{"path": "a.jpg", "caption": "x"}\n{"path": \n5\n{"path": "b.jpg", "caption": {}}\n{"caption": "y"}\n'
COCO = {
    "images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2}, {"id": [3], "file_name": "3.jpg"}],
    "annotations": [
        {"image_id": 1, "caption": "A dog."},
        {"image_id": 1, "caption": None},
        {"image_id": 2, "caption": "A cat."},
        {"image_id": 9, "caption": "A cow."},
    ],
}
KARPATHY = {
    "images": [
        {"filename": "1.jpg", "sentences": [{"raw": "A dog."}]},
        {"filename": "2.jpg", "sentences": [{}]},
        {"sentences": []},
        {"filename": "4.jpg", "sentences": [], "split": "holdout"},
    ]
}


@pytest.mark.parametrize(
    ("text", "sound", "faults"),
    [
        (TABLE, ["a.jpg", "e.jpg"], ["line 3: no split", "line 4: it has more cells", "line 5: the weight 'heavy'"]),
        (LINES, ["a.jpg", "line 5"], ["line 2: not JSON", "line 3: an object", "line 4: a sentence has neither"]),
        ("\n".join(LINES.split("\n")[1::3]), ["line 2"], ["line 1: not JSON"]),
        (
            json.dumps(COCO),
            ["1"],
            [
                "image 1: a record has no 'file_name'",
                "image 2: 'id'",
                "annotation 1: 'caption'",
                "annotation 3: a capt",
            ],
        ),
        (
            json.dumps(KARPATHY),
            ["1.jpg"],
            ["image 2: it has no 'filename'", "image 1: a sentence", "image 3: no split"],
        ),
        ("1.jpg#0\tA dog .\n2.jpg A cat .\n3.jpg\n", ["1.jpg"], ["line 2: not name", "line 3: not name"]),
        ("1.jpg A dog .\n2.jpg#0\tA cat .\n", ["2.jpg"], ["line 1: not name"]),
    ],
    ids=["table", "lines", "first line", "coco", "karpathy", "tokens", "first token"],
)
def test_all_faults_and_all_sound_rows(tmp_path, text, sound, faults):
    path = tmp_path / "given"
    path.write_text(text)
    kept = Faults()
    assert [row.id for row in read_dataset(path, faults=kept)] == sound
    assert len(kept.found) == len(faults)
    assert all(f"{path}, {fault}" in str(found) for found, fault in zip(kept.found, faults, strict=True))
    with pytest.raises(DataError) as first:
        read_dataset(path)
    assert str(first.value) in map(str, kept.found)


def test_of_two_images_with_one_id_the_first_is_kept(tmp_path):
    images = [{"id": 1, "file_name": "1.jpg"}, {"id": 1, "file_name": "2.jpg"}]
    annotations = [{"image_id": 1, "caption": "A dog."}]
    (tmp_path / "given.json").write_text(json.dumps({"images": images, "annotations": annotations}))
    kept = Faults()
    (row,) = read_dataset(tmp_path / "given.json", faults=kept)
    assert (row.path.name, row.sentences) == ("1.jpg", ("A dog.",))
    (fault,) = kept.found
    (problem,) = check_dataset([], faults=[fault]).problems
    assert (problem.kind, problem.example) == ("same id", "1")
    assert "image 1: another image has the id 1" in problem.message


def test_a_table_of_other_columns_has_one_fault_not_one_a_row(tmp_path):
    (tmp_path / "given.csv").write_text("name,words\na,b\nc,d\n")
    with pytest.raises(DataError, match="line 1: no column holds a path"):
        read_dataset(tmp_path / "given.csv", faults=Faults())


def test_no_sound_row_at_all_is_not_no_data_set(tmp_path):
    (tmp_path / "given.csv").write_text("path,sentence,split\na.jpg,A dog.,trian\n")
    faults = Faults()
    assert read_dataset(tmp_path / "given.csv", faults=faults) == []
    assert len(faults.found) == 1


def test_a_row_without_its_photo_is_noted_and_read(tmp_path):
    (tmp_path / "given.csv").write_text("path,sentence\na.jpg,A dog.\n,A cat.\n")
    faults = Faults()
    rows = read_dataset(tmp_path / "given.csv", faults=faults)
    assert [row.path is None for row in rows] == [False, True]
    assert rows == read_dataset(tmp_path / "given.csv")
    (fault,) = faults.found
    assert isinstance(fault, NoPhoto)
    assert fault.example == rows[1].id == "line 3"
    assert "line 3: 'path' is empty; name its photo there" in str(fault)
