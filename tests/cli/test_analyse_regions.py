"""Regions that weigh most, and regions for a few words: ranks beside plain loops, sheets, pages."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.cli.made_matcher import LEFT, PHOTOS, RIGHT, WHOLE, Made, photo, saved
from watchword.cli.region_tiles import TILE, Group, Tile, framed, in_pixels, sheet


@pytest.fixture
def dataset(tmp_path):
    return saved(tmp_path / "data", [*PHOTOS, photo(4, ["left"], []), photo(6, [], [])], missing=("4.png",))


@pytest.fixture
def asked(watchword, monkeypatch, dataset):
    """Run an analysis on a made matcher."""

    def run(what, *arguments, made=None):
        monkeypatch.setattr("watchword.cli.opening.matcher", lambda name: made or Made())
        return watchword("analyse", what, "made", *arguments, "--data", dataset)

    return run


def test_regions_of_both_ends_one_of_a_photo(asked):
    done = asked("regions", "--json", "--top", "2")
    found = json.loads(done.out)
    assert (found["photos"], found["regions"]) == (3, 9)
    names = [(row["path"][-5:], tuple(row["box"]), row["length"]) for row in found["longest"]]
    assert names == [("6.png", LEFT, 9.0), ("2.png", LEFT, 3.0)]  # of photos without a sentence, too
    names = [(row["path"][-5:], tuple(row["box"]), row["length"]) for row in found["shortest"]]
    assert names == [("1.png", RIGHT, 0.5), ("2.png", RIGHT, 1.0)]
    assert done.status == 1  # 4.png is gone
    assert "1 not looked at:" in done.err
    assert "9 regions of 3 photos" in asked("regions").out


def test_regions_of_cosines_have_no_ends(asked):
    done = asked("regions", made=Made(cosines=True))
    assert done.status == 2
    assert "have the same length, 1, for it compares by cosines" in done.err


def test_regions_that_fit_words_best(asked, dataset):
    done = asked("snippets", "the left", "Right!", "--json", "--top", "2")
    found = json.loads(done.out)
    assert found["photos"] == 3
    left, right = found["phrases"]
    assert (left["unknown"], right["unknown"]) == (["the"], [])
    assert "'the left': the model does not know the" in done.err
    matcher = Made()
    for row, text in ((left, "the left"), (right, "right")):
        (read,) = matcher.read([text])
        best = []
        for number in (1, 2, 6):
            (looked,) = matcher.look([dataset / "images" / f"{number}.png"])
            fits = [np.mean([float(s @ v) for s in read.vectors]) for v in looked.vectors]
            best.append((max(fits), f"{number}.png", tuple(map(float, looked.boxes[int(np.argmax(fits))]))))
        best = sorted(best, reverse=True)[:2]
        given = [(each["similarity"], each["path"][-5:], tuple(each["box"])) for each in row["regions"]]
        assert [each[1:] for each in given] == [each[1:] for each in best]
        assert [each[0] for each in given] == pytest.approx([each[0] for each in best])


def test_photos_are_looked_at_once_for_all_phrases(asked):
    made = Made()
    asked("snippets", "left", "right", "of", made=made)
    assert made.looks == ["1.png", "2.png", "4.png", "6.png"]


@pytest.mark.parametrize("what", [("regions",), ("snippets", "left", "<b>right</b>")])
def test_sheet_and_page(asked, tmp_path, what):
    done = asked(*what, "--output", tmp_path / "sheet.png", "--html", tmp_path / "page.html")
    assert done.status == 1
    with Image.open(tmp_path / "sheet.png") as made:
        assert made.format == "PNG"
    text = (tmp_path / "page.html").read_text()
    assert text.count("<article>") == 6
    assert "<b>right" not in text
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("snippets", "..."), "'...' has no word to look for"),
        (("regions", "--split", "test"), "no photo in split 'test'; the data has photos in: train, val"),
        (("regions", "--top", "0"), "0 is not in the range"),
        (("regions", "--output", "data/images/1.png"), "is one of the files to be read"),
        (("regions", "--output", "found.svg"), "--output 'found.svg' is a PNG: end its name in .png"),
        (("snippets", "left", "--output", "found"), "--output 'found' is a PNG: end its name in .png"),
        (("regions", "--html", "data/dataset.json"), "is there already and is no HTML page"),
    ],
)
def test_what_cannot_be_done_is_said(asked, monkeypatch, tmp_path, arguments, message):
    monkeypatch.chdir(tmp_path)
    done = asked(*arguments)
    assert done.status == 2
    assert message in " ".join(done.err.replace("│", " ").split())


def test_a_region_is_framed_and_the_rest_dimmed(dataset):
    place = dataset / "images" / "6.png"  # 60 x 40, shade 180
    shown = np.asarray(framed(place, LEFT, 60))
    assert shown.shape == (40, 60, 3)
    assert (shown[20, 15] == 180).all()
    assert (shown[20, 45] < 110).all()
    assert (shown[0, 0] == (230, 159, 0)).all()
    assert in_pixels(WHOLE, (60, 40)) == (0, 0, 60, 40)
    assert in_pixels((0.999, 0.5, 1.0, 0.5001), (1, 3)) == (0, 1, 1, 2)  # at least a pixel each way


def test_a_sheet_has_all_tiles_and_survives_a_photo_that_went(dataset, tmp_path):
    tiles = [Tile(dataset / "images" / "1.png", LEFT, "1.0")] * 9 + [Tile(tmp_path / "gone.png", LEFT, "0.0")]
    made = sheet([Group("many", tiles), Group("none", [])])
    assert made.width > 8 * TILE
    assert 2 * TILE < made.height < 3 * TILE + 100
