"""The data set of parts of photos and their words: rows, going on, what is refused."""

import json
from pathlib import Path

import pytest

from tests.cli.made_matcher import LEFT, PHOTOS, RIGHT, WHOLE, Made, photo, saved
from watchword.cli.snippet_rows import named
from watchword.core.file_lock import locked
from watchword.data.readers.open import read_dataset


@pytest.fixture
def dataset(tmp_path):
    return saved(tmp_path / "data", PHOTOS)


@pytest.fixture
def made(watchword, monkeypatch, dataset, tmp_path):
    """Run the command on a made matcher; rows go to rows.jsonl."""

    def run(*arguments, matcher=None, beta="0", data=dataset, output=tmp_path / "rows.jsonl"):
        monkeypatch.setattr("watchword.cli.opening.matcher", lambda name: matcher or Made())
        return watchword("snippets", "made", "--data", data, "--beta", beta, "--output", output, *arguments)

    return run


def rows(folder):
    return [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]


def test_a_row_for_each_snippet(made, tmp_path):
    done = made("--split", "val")
    assert done.status == 0
    found = rows(tmp_path)
    assert [(row["image"], tuple(row["box"]), row["sentence"], row["split"]) for row in found] == [
        ("data/images/1.png", WHOLE, "a", "val"),
        ("data/images/1.png", LEFT, "left", "val"),
        ("data/images/1.png", WHOLE, "of a", "val"),
        ("data/images/1.png", RIGHT, "right", "val"),
        ("data/images/1.png", WHOLE, "nothing", "val"),
        ("data/images/2.png", LEFT, "left", "val"),
        ("data/images/2.png", RIGHT, "right", "val"),
        ("data/images/2.png", LEFT, "left", "val"),
        ("data/images/2.png", RIGHT, "right", "val"),
    ]
    assert found[1]["similarity"] == 1.5
    assert "9 snippets of 1.11 words, of 3 sentences about 2 photos, in " in done.out


def test_beta_least_words_and_all_splits(made, tmp_path):
    done = made("--least-words", "3", beta="9")
    assert [row["sentence"] for row in rows(tmp_path)] == ["a left of a right", "left right left right", "of the right"]
    assert [row["split"] for row in rows(tmp_path)] == ["val", "val", "train"]
    assert "3 snippets of 4.00 words, of 4 sentences about 3 photos" in done.out


def test_sentences_that_are_cut_are_counted(made):
    assert "of 3 sentences about 2 photos, of 2 the beginning only" in made("--split", "val", matcher=Made(3)).out


def test_the_rows_are_a_data_set(made, tmp_path):
    made()
    examples = read_dataset(tmp_path / "rows.jsonl")
    assert {row.path for row in examples} == {tmp_path / "data" / "images" / f"{number}.png" for number in (1, 2, 3)}
    assert all(row.path.is_file() for row in examples)
    assert {(row.path.name, text) for row in examples for text in row.sentences} == {
        (row["image"][-5:], row["sentence"]) for row in rows(tmp_path)
    }
    assert (examples[1].box, examples[1].sentences) == (LEFT, ("left",))


def test_photos_below_the_file_are_named_from_it_and_others_from_the_root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert named(Path("data/1.png"), Path("rows.jsonl")) == "data/1.png"
    assert named(Path("data/1.png"), Path("out/rows.jsonl")) == str(tmp_path / "data" / "1.png")


@pytest.mark.parametrize("kept", range(0, 1500, 37))
def test_a_killed_run_is_gone_on_with(made, tmp_path, kept):
    """Wherever the file breaks off, the rows come out the same, each once."""
    place = tmp_path / "rows.jsonl"
    made()
    whole = place.read_bytes()
    place.write_bytes(whole[:kept])
    assert made("--resume").status == 0
    assert place.read_bytes() == whole


def test_going_on_looks_at_what_is_left(made, tmp_path):
    place = tmp_path / "rows.jsonl"
    made()
    lines = place.read_text().splitlines(keepends=True)
    place.write_text("".join(lines[:7]))
    matcher = Made()
    done = made("--resume", matcher=matcher)
    assert matcher.looks == ["1.png", "2.png", "3.png"]  # the first to compare, the last that was there, the rest
    assert "about 2 photos" in done.out
    assert "; photos that were there already: 1" in done.out


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        (lambda box: [box[0] + 4e-4, *box[1:]], 0),
        (lambda box: [box[0] + 1e-2, *box[1:]], 2),
        (lambda box: box[:3], 2),
        (lambda box: [10**400, *box[1:]], 2),
        (lambda box: [*box[:3], str(box[3])], 2),
        (lambda box: "left", 2),
    ],
)
def test_boxes_may_differ_in_their_last_digits_alone(made, tmp_path, changed, status):
    """A photo that is looked at in another batch has vectors that differ in their last bits."""
    place = tmp_path / "rows.jsonl"
    made()
    rows = [json.loads(line) for line in place.read_text().splitlines()]
    rows[0]["box"] = changed(rows[0]["box"])
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert made("--resume").status == status


def test_rows_of_anything_else_are_not_gone_on_with(made, tmp_path):
    place = tmp_path / "rows.jsonl"
    made()
    before = place.read_bytes()
    assert "is there already: go on with it by --resume" in made().err
    done = made("--resume", beta="9")
    assert done.status == 2
    assert "has rows of another model, --beta, --least-words or data" in done.err
    other = saved(tmp_path / "other", [photo(5, ["left"], [])])
    assert "has rows of another model" in made("--resume", data=other).err
    assert place.read_bytes() == before
    for text in ('{"path": "1.png"}\n', "hello\n", "[]\n", '{"image": 5}\n', "hello"):
        place.write_text(text)
        done = made("--resume")
        assert done.status == 2
        assert "line 1 is no row of snippets" in done.err
        assert place.read_text() == text


def test_what_cannot_be_opened_is_named_and_tried_again(made, tmp_path, dataset):
    picture = (dataset / "images" / "1.png").read_bytes()
    (dataset / "images" / "1.png").unlink()
    done = made()
    assert done.status == 1
    assert "1 not looked at:" in done.err
    assert {row["image"] for row in rows(tmp_path)} == {"data/images/2.png", "data/images/3.png"}
    (dataset / "images" / "1.png").write_bytes(picture)
    assert made("--resume").status == 0
    assert len(rows(tmp_path)) == 11


def test_nothing_to_write_leaves_no_file(made, tmp_path):
    done = made("--least-words", "30")
    assert done.status == 0
    assert "0 snippets, of 4 sentences about 3 photos" in done.out
    assert not (tmp_path / "rows.jsonl").exists()
    assert "no photo with a sentence in split 'test'; the data has: val, train" in made("--split", "test").err
    assert "is one of the files to be read" in made(output=tmp_path / "data" / "images" / "1.png").err
    assert "does not give each word a vector" in made(matcher=Made(one=True)).err
    assert not (tmp_path / "rows.jsonl").exists()


def test_what_was_written_before_a_stop_is_kept(made, tmp_path):
    class Stopped(Made):
        def look_many(self, photos):
            for number, row in enumerate(super().look_many(photos)):
                if number == 2:
                    raise KeyboardInterrupt
                yield row

    done = made(matcher=Stopped())
    assert done.status == 130
    assert "go on with --resume" in done.err
    assert {row["image"] for row in rows(tmp_path)} == {"data/images/1.png", "data/images/2.png"}


def test_one_run_at_a_time(made, tmp_path):
    made()
    with locked(tmp_path / "rows.jsonl"):
        done = made("--resume")
    assert done.status == 2
    assert "another run is writing" in done.err


def test_what_is_about_parts_already_is_not_aligned_again(made, tmp_path):
    made()
    done = made(data=tmp_path / "rows.jsonl", output=tmp_path / "again.jsonl")
    assert done.status == 2
    assert "no photo with a sentence about the whole of it" in done.err
