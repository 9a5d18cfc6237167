"""Our tokens against those of the published program, where there is Java."""

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.metrics.treebank.hard_lines import LINE_ENDS, PIECES, hard_lines
from tests.metrics.treebank.published import needs_it, published
from watchword.metrics.treebank.batch import tokenize_batch, tokenize_photos

pytestmark = needs_it


def assert_equal(photos):
    ours, theirs = tokenize_photos(photos), published(photos)
    wrong = [
        (photos[photo], ours.get(photo), theirs.get(photo)) for photo in photos if ours.get(photo) != theirs.get(photo)
    ]
    assert wrong[:5] == []


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_hard_lines(seed):
    lines = hard_lines(seed, 3_000 if seed == 1 else 30_000)
    assert_equal({number: [line, "zebra word"][: 1 + number % 2] for number, line in enumerate(lines)})


@pytest.mark.slow
def test_lines_that_move():
    lines = hard_lines(3, 20_000, [*PIECES, *LINE_ENDS * 4])
    assert_equal({number: lines[number * 3 : number * 3 + number % 4] for number in range(6_000)})


@pytest.mark.slow
def test_the_end_of_the_file():
    for seed in range(10):
        assert_equal({0: [""], 1: hard_lines(100 + seed, 1)})


SETS = {
    "flickr8k/dataset.json": 35_000,
    "coco/dataset.json": 2_052,
    "coco/sentences.json.gz": 51_690,
    "ucm_captions/dataset.json": 9_450,
    "pascal_sentences/dataset.json": 1_644,
    "msvd/sentences.jsonl.gz": 58_244,
    "tacos/sentences.jsonl.gz": 18_225,
}


def sentences(found):
    """Yield every text with a space in it; where there are raw sentences, those."""
    if isinstance(found, dict) and "raw" in found:
        yield found["raw"]
    elif isinstance(found, str):
        yield from [found] if " " in found else []
    elif isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from sentences(part)


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(("name", "count"), SETS.items())
def test_every_caption_of_the_data_sets(name, count):
    path = Path(os.environ["WATCHWORD_DATA"], name)
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    parts = text.splitlines() if "jsonl" in name else [text]
    captions = [one for part in parts for one in sentences(json.loads(part))]
    assert len(captions) >= count
    theirs = published(dict(enumerate([caption] for caption in captions)))
    assert tokenize_batch(captions) == [words for (words,) in theirs.values()]
