"""A model's own sentences as a data set."""

import json
import math
from pathlib import Path

import pytest

from watchword.cli.datasets import train_and_val
from watchword.data.readers.open import read_dataset


@pytest.fixture
def own(photos):
    """Rows as `describe --json` writes them, in rows.jsonl beside "photos"."""
    rows = [
        described("red", "a red picture", 0.9, [-0.1, -0.2, -0.3]),
        described("green", "a green picture", 0.5, [-1.0, -2.0, -3.0]),
        described("blue", "a blue picture", 0.7, [-0.1, -0.1, -0.1]),
    ]
    return written(rows)


def described(colour, sentence, confidence, log_probs):
    words = [{"word": word, "log_prob": p} for word, p in zip(sentence.split(), log_probs, strict=True)]
    path = f"photos/{colour}.png"
    labels = [{"name": "x", "probability": 0.5}]
    more = {"confidence": confidence, "words": words, "end_log_prob": -0.5, "labels": labels}
    return {"path": path, "sentence": sentence, **more}


def written(rows, name="rows.jsonl"):
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return name


def sentences(name):
    return {row.path.name: row.sentences for row in read_dataset(name)}


def test_sure_sentences_become_a_data_set(watchword, own):
    done = watchword("select", own, "--least", "0.7", "--output", "own.jsonl")
    assert done == (0, "own.jsonl: 2 of 3 sentences have a confidence of 0.7 or more\n", "")
    assert sentences("own.jsonl") == {"red.png": ("a red picture",), "blue.png": ("a blue picture",)}
    rows = read_dataset("own.jsonl")
    assert all(row.path.is_file() and row.split == "train" and row.labels == () for row in rows)
    assert [row.extra["score"] for row in rows] == [0.9, 0.7]
    learn, judge = train_and_val(rows)
    assert len(learn) + len(judge) == 2


@pytest.mark.parametrize(
    ("by", "least", "kept"), [("log_prob", -1.2, 2), ("log_prob", -1, 1), ("mean_log_prob", -0.15, 1)]
)
def test_the_likely_ones_by_their_words(watchword, own, by, least, kept):
    done = watchword("select", own, "--by", by, "--least", least, "--output", "own.jsonl")
    assert f"{kept} of 3 sentences have a {by}" in done.out
    rows = [json.loads(line) for line in Path(own).read_text(encoding="utf-8").splitlines()]
    logs = [[word["log_prob"] for word in row["words"]] for row in rows]
    values = [math.fsum([*log, -0.5]) if by == "log_prob" else math.fsum(log) / 3 for log in logs]
    expected = [row["sentence"] for row, value in zip(rows, values, strict=True) if value >= least]
    assert [row.sentences[0] for row in read_dataset("own.jsonl")] == expected


def test_what_describe_writes_is_read_in_every_format(watchword, tiny_model, photos):
    for name in ("rows.jsonl", "rows.csv"):
        watchword("describe", "--model", tiny_model, "photos", "--output", name)
        done = watchword("select", name, "--least", "0.1", "--output", f"own-{name}.jsonl")
        assert (done.status, done.err) == (0, "")
        assert sentences(f"own-{name}.jsonl") == {f"{c}.png": (f"a {c} picture",) for c in ("red", "green", "blue")}


def test_coco_results_by_the_scores_of_each_image(watchword, photos, tmp_path):
    """From predictions through `watchword score --per-image`, whose figures decide."""
    results = [
        {"image_id": 1, "filename": "red.png", "caption": "a red picture on a wall"},
        {"image_id": 2, "filename": "green.png", "caption": "two dogs"},
    ]
    Path("results.json").write_text(json.dumps(results), encoding="utf-8")
    references = {"1": ["a red picture on a wall"], "2": ["a green picture of a tree"]}
    Path("references.json").write_text(json.dumps(references), encoding="utf-8")
    scored = watchword("score", "results.json", "references.json", "--only", "ROUGE-L", "--per-image", "each.csv")
    assert scored.status == 0
    how = ("--images", "photos", "--scores", "each.csv", "--by", "ROUGE-L", "--least", "0.5")
    done = watchword("select", "results.json", *how, "--output", "own/set.jsonl")
    assert (done.status, done.err) == (0, "")
    assert sentences("own/set.jsonl") == {"red.png": ("a red picture on a wall",)}
    assert read_dataset("own/set.jsonl")[0].path.is_file()


def test_a_data_set_moves_with_the_photos_below_it(watchword, own, tmp_path, monkeypatch):
    watchword("select", own, "--least", "0.7", "--output", "own.jsonl")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    (tmp_path / "photos").rename(moved / "photos")
    (tmp_path / "own.jsonl").rename(moved / "own.jsonl")
    monkeypatch.chdir("/")
    assert all(row.path.is_file() for row in read_dataset(moved / "own.jsonl"))


def test_rows_without_the_figure_and_blank_ones_are_not_kept(watchword, photos):
    rows = [
        described("red", "a red picture", 0.9, [-1, -1, -1]),
        described("green", "a green picture", None, [-1, -1, -1]),
        described("white", "a white picture", True, [-1, -1, -1]),
        {"path": "photos/blue.png", "sentence": " ", "confidence": 0.9},
    ]
    done = watchword("select", written(rows), "--least", "0.1", "--output", "own.jsonl")
    assert done.out == "own.jsonl: 1 of 3 sentences have a confidence of 0.1 or more, 2 have none\n"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--least", "0.95"], "no sentence has a confidence of 0.95 or more; the highest is 0.9000: lower --least"),
        (
            ["--least", "0", "--by", "confidenc"],
            "has a 'confidenc' (did you mean 'confidence'?); there are: confidence",
        ),
        (["--least", "0", "--scores", "no.csv"], "no.csv does not exist; `watchword score --per-image` writes such"),
        (["--least", "0", "--scores", "each.csv"], "each.csv has no column 'confidence'; there are: image_id, CIDEr-D"),
        (["--least", "0", "--scores", "each.csv", "--by", "CIDEr-D"], "each.csv and rows.jsonl name no image alike"),
        (
            ["--least", "0", "--scores", "photos"],
            "photos cannot be read: Is a directory; give the file that --per-image",
        ),
        (["--least", "0", "--scores", "empty.csv"], "empty.csv is empty; `watchword score --per-image` writes such"),
        (["--least", "nan"], "--least nan is no number to compare with; give one, as in 0.8"),
        (["--least", "0", "--images", "photos"], "photos/photos/red.png' is not there; say with --images"),
        (["--least", "0", "--output", "rows.jsonl"], "'rows.jsonl' is there already: name another --output"),
    ],
)
def test_what_cannot_be_selected_is_refused(watchword, own, arguments, complaint):
    Path("each.csv").write_text("image_id,CIDEr-D\n77,0.5\n", encoding="utf-8")
    Path("empty.csv").touch()
    before = Path(own).read_bytes()
    done = watchword("select", own, "--output", "own.jsonl", *arguments)
    assert done.status == 2
    assert complaint in done.err
    assert not Path("own.jsonl").exists()
    assert Path(own).read_bytes() == before


def test_sentences_without_photos_are_refused(watchword, photos):
    Path("results.json").write_text('[{"image_id": 4, "caption": "a dog", "confidence": 1}]', encoding="utf-8")
    done = watchword("select", "results.json", "--least", "0", "--output", "own.jsonl")
    assert done.status == 2
    assert "'4' names no photo, which learning needs" in done.err


def test_the_sentence_of_a_part_stays_with_its_part(watchword, photos):
    boxes, sure = ([0, 0, 0.5, 1], [0.5, 0, 1, 1]), (0.4, 0.9)
    rows = [
        {"image": "photos/red.png", "box": box, "sentence": f"a {value}", "split": "train", "similarity": value}
        for box, value in zip(boxes, sure, strict=True)
    ]
    written(rows, "snippets.jsonl")
    done = watchword("select", "snippets.jsonl", "--by", "similarity", "--least", "0.5", "--output", "own.jsonl")
    assert "1 of 2 sentences" in done.out
    (kept,) = read_dataset("own.jsonl")
    assert (kept.sentences, kept.box) == (("a 0.9",), (0.5, 0, 1, 1))


def test_the_sentence_of_a_stretch_stays_with_its_stretch(watchword, photos):
    Path("photos/red.mp4").write_bytes(b"a clip")
    rows = [
        {"path": "photos/red.mp4", "start": start, "end": start + 2.0, "sentence": f"a {start}", "confidence": 0.9}
        for start in (0.0, 2.0)
    ]
    written(rows)
    assert watchword("select", "rows.jsonl", "--least", "0.5", "--output", "own.jsonl").status == 0
    kept = read_dataset("own.jsonl")
    assert [(row.sentences, row.span) for row in kept] == [(("a 0.0",), (0.0, 2.0)), (("a 2.0",), (2.0, 4.0))]
