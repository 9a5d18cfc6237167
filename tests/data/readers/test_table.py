import json

import pytest

from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset


def read(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_dataset(path, tmp_path)


WANTED = [("a.jpg", ("A dog, brown.", "A dog."), "val"), ("sub/b.jpg", ("Ein Vögelchen.",), "train")]
ROWS = [
    {"path": "a.jpg", "sentence": "A dog, brown.", "split": "val"},
    {"path": "sub/b.jpg", "sentence": "Ein Vögelchen."},
    {"path": "a.jpg", "sentence": "A dog.", "split": "val"},
]


@pytest.mark.parametrize(
    "text",
    [
        'path,sentence,split\na.jpg,"A dog, brown.",val\nsub/b.jpg,Ein Vögelchen.,\na.jpg,A dog.,val\n',
        "\ufefffilename;caption;split\r\na.jpg;A dog, brown.;val\r\nsub/b.jpg;Ein Vögelchen.;\r\na.jpg;A dog.;val\r\n",
        "image\ttext\tsplit\na.jpg\tA dog, brown.\tval\nsub/b.jpg\tEin Vögelchen.\ttrain\na.jpg\tA dog.\tval\n",
        "image_name| comment_number| comment|split\na.jpg| 0| A dog, brown.|dev\n"
        "sub/b.jpg| 0| Ein Vögelchen. |\na.jpg| 1| A dog.|dev\n",
        "\n".join(json.dumps(row) for row in ROWS) + "\n\n",
        json.dumps(ROWS, indent=2),
        json.dumps([{"file": "a.jpg", "sentences": ["A dog, brown.", "A dog."], "split": "val"}, ROWS[1]]),
        json.dumps([{"file": "a.jpg", "sentences": [{"raw": s} for s in WANTED[0][1]], "split": "val"}, ROWS[1]]),
    ],
    ids=[
        "comma",
        "semicolon",
        "tab",
        "bar",
        "json lines",
        "json list",
        "lists of sentences",
        "sentences as Karpathy's",
    ],
)
def test_every_shape_of_table_says_the_same(tmp_path, text):
    rows = read(tmp_path, "captions.txt", text)
    assert [(row.id, row.sentences, row.split) for row in rows] == WANTED
    assert [row.path for row in rows] == [tmp_path / "a.jpg", tmp_path / "sub" / "b.jpg"]


def test_what_else_a_row_may_have(tmp_path):
    text = "id,path,label,weight,camera\n7,a.jpg,dog,0.5,front\n8,b.jpg,cat,,\n"
    first, second = read(tmp_path, "labels.csv", text)
    assert (first.id, first.labels, first.weight, first.extra) == ("7", ("dog",), 0.5, {"camera": "front"})
    assert (second.weight, second.extra, second.sentences) == (1.0, {}, ())


def test_sentences_without_photos(tmp_path):
    text = '{"id": "v1", "captions": ["A dog.", "A cat."]}\n{"caption": "A bird."}\n{"id": "v1", "caption": "A cow."}\n'
    rows = read(tmp_path, "language.jsonl", text)
    assert [(row.id, row.path, row.sentences) for row in rows] == [
        ("v1", None, ("A dog.", "A cat.", "A cow.")),
        ("line 2", None, ("A bird.",)),
    ]


def test_tokens_stand_for_a_sentence_whose_text_was_left_out(tmp_path):
    (row,) = read(tmp_path, "tokens.json", '[{"path": "a.jpg", "sentences": [{"tokens": ["a", "dog"]}]}]')
    assert row.sentences == ("a dog",)


def test_an_empty_cell_is_an_empty_sentence(tmp_path):
    rows = read(tmp_path, "captions.csv", "path,sentence,label\na.jpg,,dog\nb.jpg,A cat.,\nb.jpg,  ,\nc.jpg\n")
    assert [row.sentences for row in rows] == [("",), ("A cat.", ""), ("",)]
    (row,) = read(tmp_path, "captions.json", '[{"path": "a.jpg", "sentences": [], "label": "dog"}]')
    assert row.sentences == ()


def test_a_name_that_no_disk_can_hold_is_a_photo_that_is_missing(tmp_path):
    (tmp_path / "captions.csv").write_text(f"path,sentence\n{'x' * 300}.jpg,A dog.\na.jpg,A cat.\n")
    (tmp_path / "a.jpg").touch()
    long, short = read_dataset(tmp_path / "captions.csv")
    assert short.path == tmp_path / "a.jpg"
    assert long.path.parent == tmp_path


def test_nought_is_a_name(tmp_path):
    (row,) = read(tmp_path, "numbers.json", '[{"id": 0, "path": "a.jpg", "label": 0}]')
    assert (row.id, row.labels) == ("0", ("0",))


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"id": 50, "image_id": 7}, "7"),
        ({"image_id": 7, "id": 50, "path": "a.jpg"}, "7"),
        ({"id": 50, "video_id": "v1"}, "v1"),
        ({"id": 50, "image_id": None}, "50"),
        ({"image_id": 7.0}, "7"),
        ({"image_id": "7.0"}, "7"),
        ({"image_id": 7.5}, "7.5"),
        ({"image_id": "v1.0"}, "v1.0"),
    ],
)
def test_the_id_is_that_of_the_image(tmp_path, row, name):
    (found,) = read(tmp_path, "captions.json", json.dumps([{**row, "caption": "A dog."}]))
    assert found.id == name
    assert found.extra == {}


def test_only_blanks_around_a_sentence_are_taken_off(tmp_path):
    row = {"path": "a.jpg", "sentences": [" \tA dog.\n", "\u2028A cat.\xa0", "\rA cow."]}
    (found,) = read(tmp_path, "captions.json", json.dumps([row]))
    assert found.sentences == ("A dog.", "\u2028A cat.\xa0", "\rA cow.")


def test_one_object_is_a_table_of_one_row(tmp_path):
    assert [row.id for row in read(tmp_path, "one.json", '{"path": "a.jpg", "caption": "A dog."}')] == ["a.jpg"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "name,words\na,b\n",
            r"captions\.csv, line 1: no column holds a path or a sentence .*; there are: name, words",
        ),
        ("path,size\na.jpg,9\n", "no column holds a sentence or a label .*; there are: path, size"),
        ("path,sentence\na.jpg,A dog, brown.\n", "line 2: it has more cells than the heading; write quotes around"),
        ("path,sentence,split\na.jpg,A dog.,holdout\n", "line 2: no split 'holdout'; there are: train, training"),
        (
            "path,sentence,split\na,x,\na,y,val\n",
            "line 3: 'a' is in split 'val', but in 'train' at .*line 2; choose one",
        ),
        ("path,sentence,weight\na.jpg,A dog.,heavy\n", "line 2: the weight 'heavy' is not a number"),
        ('{"path": "a.jpg", "caption": "x"}\n{"path": \n', r"line 2: not JSON: .*; each line is one object"),
        ('{"path": "a.jpg", "caption": "x"}\n5\n', "line 2: an object with fields was expected, not '5'"),
        ('{"path": "a.jpg", "caption": "x"}\n{"path": ' + "[" * 100_000, "line 2: its JSON is nested too deeply"),
        ('{"path": "a.jpg",\n{"path": "b.jpg", "caption": "x"}\n', r"line 1: not JSON: .*; each line is one object"),
        ('[{"path": "a.jpg", "sentences": [{"words": 5}]}]', "item 0: a sentence has neither 'raw' nor 'tokens'"),
        ('[{"path": "a.jpg", "caption": [null]}]', "item 0: a sentence has to be text, not 'None'"),
        ('[{"path": "a.jpg", "caption": "x", "weight": 1' + "0" * 400 + "}]", "item 0: the weight .* is not a number"),
        ('["a.jpg"]', "item 0: an object with fields was expected, not 'a.jpg'"),
        ("path,sentence\na.jpg," + "x" * 200_000 + "\n", "after line 1: not a table with a heading: field larger"),
    ],
)
def test_a_row_that_is_not_as_it_should_be_is_named(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, "captions.csv", text)
