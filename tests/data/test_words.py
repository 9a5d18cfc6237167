import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.data.words import tokenize

TABLE = [
    ("A dog's ball .", ["a", "dogs", "ball"]),
    ("Two  men\n\tride", ["two", "men", "ride"]),
    ("A tri-colored t-shirt", ["a", "tri", "colored", "t", "shirt"]),
    ("snow\u2013covered", ["snow", "covered"]),
    ("skating/skiing at 8:25", ["skatingskiing", "at", "825"]),
    ("An R.V. and an at&t sign", ["an", "rv", "and", "an", "att", "sign"]),
    ("CAFE\u0301 au lait", ["caf\u00e9", "au", "lait"]),
    ("snake_case", ["snakecase"]),
    ("<b>bold</b>", ["bboldb"]),
    (" ... !", []),
    ("", []),
]


@pytest.mark.parametrize(("raw", "words"), TABLE)
def test_the_papers_preprocessing(raw, words):
    assert tokenize(raw) == words


@given(st.text())
def test_words_are_whole_and_stay_as_they_are(raw):
    words = tokenize(raw)
    assert all(word and word.split() == [word] for word in words)
    assert tokenize(" ".join(words)) == words


@pytest.mark.data
@pytest.mark.parametrize("name", ["flickr8k", "coco", "pascal_sentences", "ucm_captions"])
def test_the_published_tokens_come_back(name):
    rows = json.loads((Path(os.environ["WATCHWORD_DATA"]) / name / "dataset.json").read_text(encoding="utf-8"))
    for image in rows["images"]:
        for sentence in image["sentences"]:
            assert tokenize(sentence["raw"]) == sentence["tokens"], sentence
