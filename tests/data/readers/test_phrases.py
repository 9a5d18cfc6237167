import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from watchword.core.errors import DataError
from watchword.data.readers.faults import Faults
from watchword.data.readers.open import read_dataset
from watchword.data.readers.phrases import Phrase, read_phrases, regions_of, words_of

DOCUMENT = {
    "note": "x",
    "images": [
        {
            "filename": "1.jpg",
            "split": "val",
            "regions": [
                {"phrase": "two dogs", "box": [0.1, 0.1, 0.4, 0.4], "sentid": 7, "start": 0},
                {"phrase": "two dogs", "box": [0.5, 0.1, 0.9, 0.4], "sentid": 7, "start": 0},
                {"phrase": "two dogs", "box": [0.5, 0.1, 0.9, 0.4], "sentid": 8, "start": 3},
                {"phrase": "grass", "box": [-0.0004, 0.4, 1.0004, 1], "sentid": 7, "start": 4},
            ],
        },
        {"filename": "2.jpg", "regions": []},
    ],
}


def saved(folder, document=DOCUMENT):
    path = folder / "regions.json"
    path.write_text(json.dumps(document))
    return path


def test_boxes_of_one_phrase_are_together(tmp_path):
    one, two = read_phrases(saved(tmp_path))
    assert (one.file, one.split, two) == ("1.jpg", "val", ("2.jpg", "train", ()))
    assert [(each.text, each.sentence, each.start, len(each.boxes)) for each in one.phrases] == [
        ("two dogs", 7, 0, 2),
        ("two dogs", 8, 3, 1),
        ("grass", 7, 4, 1),
    ]
    assert np.allclose(one.phrases[0].boxes, [[0.1, 0.1, 0.4, 0.4], [0.5, 0.1, 0.9, 0.4]])
    assert one.phrases[2].boxes.tolist() == [[0, np.float32(0.4), 1, 1]]  # rounding is put right
    assert one.phrases[0].boxes.dtype == np.float32


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("box", [10, 20, 30, 40], r"a box is x0, y0, x1, y1 as fractions of width and height, .* not \[10\.0, 20\.0"),
        ("box", [0.4, 0.1, 0.4, 0.2], "x0 below x1"),
        ("box", [0.4, 0.1, 0.5], "a box is x0"),
        ("box", None, "'box' has to be numbers"),
        ("box", [0.1, 0.1, float("inf"), 0.4], "'box' has to be numbers"),
        ("phrase", 3, "'phrase' has to be text"),
        ("phrase", "  ", "'phrase' is empty"),
        ("sentid", "7", "'sentid' has to be a number from 0 on"),
        ("start", -1, "'start' has to be a number from 0 on"),
    ],
)
def test_what_is_not_right_is_said_and_left_out(tmp_path, field, value, message):
    document = json.loads(json.dumps(DOCUMENT))
    document["images"][0]["regions"][1][field] = value
    path = saved(tmp_path, document)
    with pytest.raises(DataError, match=rf"regions\.json, image 0, region 1: .*{message}"):
        read_phrases(path)
    faults = Faults()
    assert [len(each.boxes) for each in read_phrases(path, faults)[0].phrases] == [1, 1, 1]
    assert len(faults.found) == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "an object with fields was expected"),
        ({}, "'images' has to be a list; it has: nothing"),
        ({"images": [3]}, "image 0: an object with fields"),
        ({"images": [{"filename": "1.jpg"}]}, "image 0: 'regions' has to be a list"),
        ({"images": [{"regions": []}]}, "image 0: a record has no 'filename'"),
        ({"images": [{"filename": "1.jpg", "regions": [], "split": "trian"}]}, "did you mean 'train'"),
        ({"images": [{"filename": "1.jpg", "regions": []}] * 2}, "image 1: another image is named '1.jpg'"),
    ],
)
def test_other_documents_are_refused(tmp_path, document, message):
    with pytest.raises(DataError, match=rf"regions\.json.*{message}"):
        read_phrases(saved(tmp_path, document))


def test_regions_that_are_the_same_share_what_is_said_of_them():
    phrases = (
        Phrase("a dog", np.array([[0, 0, 0.5, 0.5]], np.float32)),
        Phrase("grass", np.array([[0, 0.5, 1, 1]], np.float32)),
        Phrase("a white dog", np.array([[0.02, 0, 0.5, 0.5]], np.float32)),
        Phrase("a dog", np.array([[0, 0.02, 0.5, 0.5]], np.float32)),
    )
    dog, grass = regions_of(phrases)
    assert (dog.sentences, grass.sentences) == (("a dog", "a white dog"), ("grass",))
    assert np.allclose(dog.box, [0.02 / 3, 0.02 / 3, 0.5, 0.5])
    assert regions_of(()) == []


JUNK = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=3),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.sampled_from(["images", "filename", "regions", "phrase", "box"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(JUNK)
def test_nothing_but_a_data_error_comes_of_junk(tmp_path_factory, document):
    path = saved(tmp_path_factory.getbasetemp(), {"images": [document]})
    faults = Faults()
    read_phrases(path, faults)
    assert all("regions.json, image 0" in str(error) for error in faults.found)


@pytest.mark.data
def test_the_phrases_of_flickr8k():
    faults = Faults()
    photos = read_phrases(Path(os.environ["WATCHWORD_DATA"]) / "flickr8k" / "regions.json", faults)
    assert not faults.found
    assert [sum(photo.split == split for photo in photos) for split in ("train", "val")] == [2361, 395]
    assert sum(len(photo.phrases) for photo in photos) == 9390
    boxes = sum(len(phrase.boxes) for photo in photos for phrase in photo.phrases)
    regions = sum(len(regions_of(photo.phrases)) for photo in photos)
    assert boxes > 9390
    assert 6000 < regions < boxes


@pytest.mark.parametrize(
    ("text", "start", "sentence", "found"),
    [
        ("A dog", 0, "A dog runs .", (0, 2)),
        (
            "a tri-colored dog",
            3,
            "Well , see a tri-colored dog .",
            (2, 6),
        ),  # the comma is no word, the hyphen parts two
        ("a dog", 2, "a dog a dog", (2, 4)),
        ("a dog", None, "see a dog , a dog", (1, 3)),
        ("the dog", 0, "A dog runs .", None),
        ("a dog", 1, "a dog runs", None),
        ("a dog", 40, "a dog", None),
        ("dog runs fast", 1, "a dog runs", None),
        (" ! ", 0, "! a dog", None),
        ("a dog", None, "", None),
    ],
)
def test_where_a_phrase_stands(text, start, sentence, found):
    words = words_of(Phrase(text, np.ones((1, 4), np.float32), 1, start), sentence)
    assert words == (slice(*found) if found else None)


@pytest.mark.data
def test_every_phrase_of_flickr_stands_in_its_sentence():
    folder = Path(os.environ["WATCHWORD_DATA"]) / "flickr8k"
    sentences = {}
    for row in read_dataset(folder):
        sentences |= zip(row.extra["sentids"], row.sentences, strict=True)
    phrases = [phrase for photo in read_phrases(folder / "regions.json", Faults()) for phrase in photo.phrases]
    assert len(phrases) > 9_000
    assert all(words_of(phrase, sentences[phrase.sentence]) for phrase in phrases)
