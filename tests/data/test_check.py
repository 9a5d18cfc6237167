import math
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data.photographs import scene, write
from tests.runtime.tiny_clip import write_clip
from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data import picture_files
from watchword.data.check import check_dataset
from watchword.data.readers.faults import NoPhoto


@pytest.fixture
def examples(tmp_path):
    paths = [write(tmp_path, f"{n}.png", scene(20 + n, 20), "PNG") for n in range(4)]
    return [Example(id=str(n), path=path, sentences=("A dog .",), labels=("dog",)) for n, path in enumerate(paths)]


def kinds(report):
    return [(problem.kind, problem.example) for problem in report.problems]


def test_a_sound_data_set(examples):
    seen = []
    report = check_dataset(examples, lambda done, total: seen.append((done, total)))
    assert report.problems == []
    assert {name: dict(counts) for name, counts in report.counts.items()} == {
        "train": {"examples": 4, "photos": 4, "clips": 0, "sentences": 4, "labels": 4}
    }
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_every_bad_row_is_named(examples, tmp_path):
    examples[0].path.unlink()
    examples[1].path.write_bytes(examples[1].path.read_bytes()[:60])
    examples[2].path.write_bytes(b"")
    examples += [
        Example(id="wordless", path=examples[3].path.rename(tmp_path / "z.png"), sentences=("A dog .", " ... ")),
        Example(id="silent", path=None),
        Example(id="language", path=None, sentences=("A cat .",), split="val"),
        Example(id="language", path=None, sentences=("A dog .",), split="val"),
    ]
    report = check_dataset(examples)
    assert kinds(report) == [
        ("missing", "0"),
        ("broken", "1"),
        ("broken", "2"),
        ("missing", "3"),
        ("empty", "wordless"),
        ("empty", "silent"),
        ("same id", "language"),
    ]
    messages = [problem.message for problem in report.problems]
    assert "0.png' does not exist" in messages[0]
    assert "1.png' is damaged" in messages[1]
    assert "2.png' is empty (0 bytes)" in messages[2]
    assert "sentence 2, ' ... ', holds no word" in messages[4]
    assert "neither sentence nor label" in messages[5]
    assert "another example has the id 'language'" in messages[6]
    assert report.counts["val"] == {"examples": 2, "photos": 0, "clips": 0, "sentences": 2, "labels": 0}


def test_the_same_photo_twice_within_and_across_splits(examples, tmp_path):
    content = examples[0].path.read_bytes()
    for name, split in (("again", "train"), ("judged", "val")):
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(content)
        examples.append(Example(id=name, path=path, sentences=("A dog .",), split=split))
    report = check_dataset(examples)
    assert kinds(report) == [("duplicate", "again"), ("leak", "judged")]
    duplicate, leak = (problem.message for problem in report.problems)
    assert "0.png' (example '0', train, too); keep one of them" in duplicate
    assert "0.png' (example '0') in split 'train', while it is in 'val'; take it out of one" in leak
    assert report.problems[0].path == Path(tmp_path / "again.jpg")


def test_rows_that_could_not_be_read_come_first(examples):
    faults = [DataError("line 3: not JSON"), NoPhoto("line 4: 'path' is empty", "line 4")]
    examples[0].path.unlink()
    report = check_dataset(examples, faults=faults)
    assert kinds(report) == [("malformed", ""), ("missing", "line 4"), ("missing", "0")]
    assert report.problems[0].message == "line 3: not JSON"


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_weights_that_training_refuses(examples, weight):
    report = check_dataset([replace(examples[0], weight=weight), replace(examples[1], weight=0.0)])
    assert kinds(report) == [("weight", "0")]
    assert f"its weight is {weight}; give a number of 0 or more" in report.problems[0].message


def test_a_name_that_no_disk_can_hold_is_missing(examples, tmp_path):
    names = ("x" * 300, "a\0b", "half \ud83d pair")
    report = check_dataset([replace(examples[0], id=name, path=tmp_path / name) for name in names])
    assert kinds(report) == [("missing", name) for name in names]


def test_regions_of_a_photo_are_no_duplicates(examples):
    left, right = (replace(examples[0], id=str(box), box=box) for box in ((0, 0, 0.5, 1), (0.5, 0, 1, 1)))
    assert kinds(check_dataset([examples[0], left, right])) == []
    assert kinds(check_dataset([left, replace(right, split="val")])) == [("leak", right.id)]
    assert kinds(check_dataset([left, replace(left, id="again")])) == [("duplicate", "again")]


def test_a_part_of_a_clip_that_begins_after_its_end_is_broken(tmp_path):
    pytest.importorskip("av")
    clip = write_clip(tmp_path / "clip.mp4", [("red", 2)])
    spans = {"whole": None, "part": (0.5, 1.5), "late": (1.5, 30.0), "beyond": (100.0, 200.0)}
    rows = [Example(id=name, path=clip, sentences=("A dog .",), span=span) for name, span in spans.items()]
    (problem,) = check_dataset(rows).problems
    assert (problem.kind, problem.example) == ("broken", "beyond")
    assert "ends after 2 seconds, and what begins at 100 is spoken of" in problem.message


def test_a_part_beyond_what_the_header_says_is_there_where_clips_were_joined(tmp_path):
    pytest.importorskip("av")
    parts = [write_clip(tmp_path / f"{colour}.ts", [(colour, 4)]).read_bytes() for colour in ("red", "blue")]
    (tmp_path / "joined.ts").write_bytes(b"".join(parts))
    rows = [
        Example(id=str(span), path=tmp_path / "joined.ts", sentences=("A dog .",), span=span)
        for span in ((1.0, 3.0), (5.0, 7.0), (50.0, 60.0))
    ]
    assert kinds(check_dataset(rows)) == [("broken", "(50.0, 60.0)")]


def test_a_clip_is_not_held_to_the_size_of_a_photo(tmp_path, monkeypatch):
    pytest.importorskip("av")
    clip = write_clip(tmp_path / "clip.mp4", [("red", 2)])
    monkeypatch.setattr(picture_files, "MAX_BYTES", 100)
    report = check_dataset([Example(id="a", path=clip, sentences=("A dog .",))])
    assert report.problems == []
    assert report.counts["train"] == {"examples": 1, "photos": 0, "clips": 1, "sentences": 1, "labels": 0}
