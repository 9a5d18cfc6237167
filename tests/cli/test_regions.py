import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.runtime.test_regions import QUARTERS, patchwork
from watchword.cli.boxes_drawn import GAP, wrapped
from watchword.cli.regions_drawn import BADGE, COLUMN, drawn
from watchword.core.types import Sentence
from watchword.runtime.regions import Region

BOXES = [part for box in QUARTERS.values() for part in ("--box", ",".join(map(str, box)))]


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """The path of a picture with a quarter of each colour, in the current folder."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(patchwork()).save("quarters.png")
    return Path("quarters.png")


@pytest.mark.parametrize("way", ["cropped", "pooled"])
def test_parts_are_described_and_drawn(watchword, tiny_model, photo, way):
    done = watchword("regions", photo, "--model", tiny_model, *BOXES, "--way", way)
    assert done.status == 0, done.err
    assert {line[9:].partition("  (")[0].strip() for line in done.lines[:-1]} == {f"a {c} picture" for c in QUARTERS}
    assert "(from 0% 0% to 50% 50%)" in done.out
    assert done.lines[-1] == "quarters.regions.png"
    with Image.open("quarters.regions.png") as sheet:
        assert (sheet.format, sheet.width > COLUMN) == ("PNG", True)


def test_json_names_every_part(watchword, tiny_model, photo):
    found = json.loads(watchword("regions", photo, "--model", tiny_model, *BOXES, "--json").out)
    assert found["path"] == "quarters.png"
    assert {row["sentence"]: tuple(row["box"]) for row in found["regions"]} == {
        f"a {colour} picture": box for colour, box in QUARTERS.items()
    }
    confidences = [row["confidence"] for row in found["regions"]]
    assert confidences == sorted(confidences, reverse=True)
    assert not list(Path().glob("*.regions.png"))


def test_without_boxes_a_grid_is_looked_at(watchword, tiny_model, photo):
    def rows(*more):
        return json.loads(watchword("regions", photo, "--model", tiny_model, "--json", *more).out)["regions"]

    every, few = rows("--every"), rows()
    assert len(every) == 19
    assert 3 <= len(few) < 19
    assert {row["sentence"] for row in few} == {row["sentence"] for row in every}
    assert rows("--count", "2") == few[:2]
    assert all(len(row["sentence"].split()) <= 2 for row in rows("--max-words", "2"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--box", "0,0,1"], "'0,0,1': four numbers"),
        (["--box", "a,b,c,d"], "'a,b,c,d': four numbers"),
        (["--box", "0,0,2,1"], "0, 0, 2, 1 is no box"),
        (["--box", "0.5,0,0.5,1"], "is no box"),
        (["--box", "nan,0,1,1"], "is no box"),
        (["--count", "0"], "x>=1"),
        (["--beam", "0"], "--beam"),
        (["--way", "guessed"], "'cropped', 'pooled'"),
        (["--output", "quarters.png"], "is one of the files to be read"),
        (["--mean", "probabilities"], "a mean is of several"),
    ],
)
def test_what_makes_no_sense_is_said(watchword, tiny_model, photo, given, message):
    before = photo.read_bytes()
    done = watchword("regions", photo, "--model", tiny_model, *given)
    assert done.status == 2
    assert message in " ".join(done.err.replace("│", " ").split())
    assert photo.read_bytes() == before


def test_a_photo_that_is_not_there(watchword, tiny_model, photo):
    done = watchword("regions", "absent.png", "--model", tiny_model)
    assert (done.status, "'absent.png' does not exist" in done.err) == (2, True)


def test_numbers_stay_off_the_sentences_of_a_small_photo(photo):
    """Nineteen boxes of a photo 40 pixels wide that begin at its top, the last at its right edge."""
    Image.new("RGB", (40, 40)).save("small.png")
    made = [Region((min(i / 19, 0.98), 0, 1, 1), Sentence("a", ("a",), (-1.0,))) for i in range(19)]
    one, all_of_them = (np.asarray(drawn("small.png", found))[:20, 40 + GAP + 3 :] for found in (made[:1], made))
    assert np.array_equal(one[:, : BADGE + 3], all_of_them[:, : BADGE + 3])


def test_sentences_stand_beside_the_photo_each_with_its_number(photo):
    long = "a man in a red shirt and a woman with a very long dress stand side by side in front of a shop"
    made = [Region((0, 0, 0.5, 1), Sentence(long, tuple(long.split()), (-1.0,), 0.5)) for _ in range(9)]
    sheet = drawn(photo, made)
    assert sheet.height > 9 * 60  # longer than the photo is high
    assert len(wrapped(long, 200)) > 2
    assert " ".join(wrapped(long, 200)) == long
    assert wrapped("unendingword" * 9, 50) == ["unendingword" * 9]
    assert drawn(photo, []).size[0] == sheet.size[0]
