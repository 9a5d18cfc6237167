"""Recorded answers of the published tokeniser."""

import json
import os
from pathlib import Path

import pytest

from watchword.metrics.treebank.batch import tokenize_photos
from watchword.metrics.treebank.lexer import lexer
from watchword.metrics.treebank.small import small

pytestmark = pytest.mark.data


def table(name):
    lines = Path(os.environ["WATCHWORD_DATA"], "metrics", name).read_text(encoding="ascii").splitlines()
    return [line.split("\t") for line in lines[1:]]


def first(*captions):
    return tokenize_photos({0: captions})[0][0]


def raw(text):
    """Return all tokens of a text, punctuation too."""
    tokens, at, notes = [], 0, set()
    while at < len(text):
        token, at, _ = lexer().token(text, at, notes)
        tokens += [small(token)] if token else []
    return " ".join(tokens).replace(" \n ", "\n").replace(" \n", "\n").replace("\n ", "\n")


def test_captions_alone_and_with_a_next_one():
    rows = table("ptb_probe.tsv")
    assert len(rows) == 4380
    for _, caption, alone, followed, _ in rows:
        caption, alone = json.loads(caption), json.loads(alone).partition("\n")[0]
        assert first(caption) == alone
        assert first(caption, "zebra word") == (alone if followed == "=" else json.loads(followed).partition("\n")[0])


def test_batches():
    batches = json.loads(Path(os.environ["WATCHWORD_DATA"], "metrics", "ptb_stream.json").read_text())
    assert sum(len(batch["captions"]) for batch in batches) > 1000
    for batch in batches:
        found = tokenize_photos(dict(enumerate(batch["captions"])))
        assert [found.get(photo) for photo in range(len(batch["captions"]))] == batch["tokens"]


PLACES = {"xcx": "x{}x", "c": "a {} a", "1c1": "1{}1", "xc": "x{}", "url": "http://x{}x"}
SPLIT = {"xcx": "x {} x", "c": "a {} a", "1c1": "1 {} 1", "xc": "x {}"}
DROPPED = {"xcx": "x x", "c": "a a", "1c1": "1 1", "xc": "x"}


def expected(kind, place, character):
    if kind.startswith("="):
        return json.loads(kind[1:])
    if kind == "drop":
        return DROPPED[place]
    written = {"same": PLACES, "split": SPLIT}.get(kind, {})
    if not written:
        return PLACES[place].format("")  # it goes, the rest is one token
    return " ".join(map(small, written[place].format(character).split(" ")))


@pytest.mark.slow
def test_every_character():
    rows = table("ptb_bmp.tsv")
    seen = 0
    for start, end, *kinds in rows:
        for number in range(int(start, 16), int(end, 16) + 1):
            if not 0xD800 <= number <= 0xDFFF:
                seen += 1
                for (place, pattern), kind in zip(PLACES.items(), kinds, strict=True):
                    text = pattern.format(chr(number))
                    assert raw(text) == expected(kind, place, chr(number)), (hex(number), place)
    assert seen == 65_535 - 2048
