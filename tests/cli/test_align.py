import json

import numpy as np
import pytest
from PIL import Image

from watchword.cli.align import USUAL
from watchword.cli.boxes_drawn import COLOURS, FAINT, LINE, colours_of, drawn
from watchword.core.errors import DataError, PictureError, SettingsError
from watchword.core.types import Looked, Read
from watchword.runtime.aligning import Named, snippets_of

BOXES = np.array([[0, 0, 1, 1], [0, 0, 0.5, 1], [0.5, 0, 1, 1]], np.float32)


class Made:
    """A matcher that knows two words: "left" names the left half, "right" the right one, others the whole."""

    vocabulary = frozenset(("left", "right", "of"))

    def __init__(self, words_at_once=True):
        self.words_at_once = words_at_once

    def read(self, sentences):
        rows = []
        for text in sentences:
            words, unread = tuple(text.split()[:6]), tuple(text.split()[6:])
            vectors = np.eye(3, dtype=np.float32)[[{"left": 1, "right": 2}.get(word, 0) for word in words]]
            rows.append(Read(words, vectors if self.words_at_once else vectors.sum(0, keepdims=True), unread=unread))
        return rows

    def look(self, photos):
        for photo in photos:
            if not photo.exists():
                raise PictureError(f"{str(photo)!r} does not exist")
        return [Looked(np.eye(3, dtype=np.float32), BOXES) for _ in photos]

    def similarities(self, read, looked):
        return read.vectors @ looked.vectors.T

    def boxes_of(self, read, looked, runs):
        return looked.boxes[[run.region for run in runs]]


@pytest.fixture
def photo(tmp_path):
    Image.fromarray(np.full((60, 100, 3), 200, np.uint8)).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def test_each_run_of_words_has_the_part_that_it_names(photo):
    found = snippets_of(Made(), photo, "left left of right", 0.0)
    assert [(part.text, part.box) for part in found] == [
        ("left left", (0, 0, 0.5, 1)),
        ("of", (0, 0, 1, 1)),
        ("right", (0.5, 0, 1, 1)),
    ]
    assert [part.similarity for part in found] == [1, 1, 1]


def test_beta_keeps_neighbours_together(photo):
    found = snippets_of(Made(), photo, "left of left right", 0.9)
    assert [part.text for part in found] == ["left of left", "right"]
    assert len(snippets_of(Made(), photo, "left of left right", 5.0)) == 1
    with pytest.raises(SettingsError, match="beta=-1"):
        snippets_of(Made(), photo, "left", -1)


def test_a_model_with_one_vector_a_sentence_names_one_part(photo):
    (found,) = snippets_of(Made(words_at_once=False), photo, "right right of", 0.0)
    assert (found.text, found.box) == ("right right of", (0.5, 0, 1, 1))


def test_what_cannot_be_aligned_says_why(photo, tmp_path):
    with pytest.raises(DataError, match="has no word to look for"):
        snippets_of(Made(), photo, "", 0.0)
    with pytest.raises(PictureError, match=r"absent.png.* does not exist"):
        snippets_of(Made(), tmp_path / "absent.png", "left", 0.0)


def test_all_words_of_a_long_run_are_drawn(photo):
    long = Named(" ".join(["word"] * 30), (0.0, 0.0, 0.5, 1.0), 1.0)
    lines = drawn(photo, [long]).height // LINE
    assert lines >= 30 // 4  # so wide is the column
    assert drawn(photo, [long, long]).height >= 2 * LINE * (lines - 2)


def test_boxes_and_words_share_colours(photo):
    left, right, whole = (tuple(map(float, box)) for box in (BOXES[1], BOXES[2], BOXES[0]))
    found = [Named("left", left, 1.0), Named("x" * 200, whole, 0.5), Named("right", right, 1.0), Named("left", left, 1)]
    assert colours_of(found) == {left: COLOURS[0], right: COLOURS[1]}
    sheet = np.asarray(drawn(photo, found))
    for colour, least in ((COLOURS[0], 100), (COLOURS[1], 100), (FAINT, 50)):
        assert (sheet == colour).all(-1).sum() > least


def test_the_command(watchword, photo, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("watchword.cli.opening.matcher", lambda model: Made())
    done = watchword("align", photo, "left of right", "--model", "made")
    assert done.status == 0
    assert [line.split()[1] for line in done.lines[:-1]] == ["left", "of", "right"]
    with Image.open("photo.aligned.png") as sheet:
        assert sheet.format == "PNG"
    row = json.loads(watchword("align", photo, "left of right", "--json").out)
    assert [part["words"] for part in row["snippets"]] == ["left", "of", "right"]
    assert row["snippets"][0]["box"] == [0, 0, 0.5, 1]
    done = watchword("align", photo, "left", "--output", photo)
    assert done.status == 2
    assert "is one of the files to be read" in done.err


def test_words_that_are_not_taken_in_are_named(watchword, photo, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("watchword.cli.opening.matcher", lambda model: Made())
    done = watchword("align", photo, "left of right", "--json")
    assert (done.err, json.loads(done.out)["unknown"], json.loads(done.out)["unread"]) == ("", [], [])
    done = watchword("align", photo, "left zxqv right zxqv left of right left", "--json")
    row = json.loads(done.out)
    assert (len(row["snippets"]), row["unknown"], row["unread"]) == (6, ["zxqv"], ["right", "left"])
    assert "the matcher does not know 'zxqv'" in done.err
    assert "only the first 6 words were read, without 'right', 'left'; say it in fewer" in done.err
    done = watchword("align", photo, " ".join(["left"] * 20))
    assert "without 'left', 'left', 'left', 'left', 'left' and 9 more" in done.err


def test_what_is_no_matcher_is_refused_and_the_error_says_what_there_is(watchword, photo):
    done = watchword("align", photo, "left", "--model", "matchr")
    assert done.status == 2
    assert "no model 'matchr' (did you mean 'matcher'?)" in done.err
    done = watchword("align", photo, "left", "--model", "small")
    assert done.status == 2
    assert "is of kind 'captioner', not 'matcher'; it is for watchword describe" in done.err


def test_the_matcher_that_ships_is_the_one_that_is_meant(watchword, photo, tmp_path):
    done = watchword("align", photo, "a dog on the left", "--output", tmp_path / "found.png")
    assert done.status == 0, done.err
    assert [line.split()[1] for line in done.lines[:5]] == ["a", "dog", "on", "the", "left"]


def test_each_word_is_on_its_own_unless_snippets_are_wanted(watchword, photo, monkeypatch):
    monkeypatch.setattr("watchword.cli.opening.matcher", lambda model: Made())

    def parts(*options):
        done = json.loads(watchword("align", photo, "left left of right", "--json", *options).out)
        return done["beta"], [part["words"] for part in done["snippets"]]

    assert parts() == (None, ["left", "left", "of", "right"])
    assert parts("--snippets") == (USUAL, ["left left", "of", "right"])
    assert parts("--snippets", "--beta", "0") == (0, ["left left", "of", "right"])
    assert parts("--snippets", "--beta", "5") == (5, ["left left of right"])
    done = watchword("align", photo, "left", "--beta", "1")
    assert done.status == 2
    assert "unless --snippets is given too" in " ".join(done.err.replace("│", " ").split())
