"""What a model remembers, by the width of its beam."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.runtime import tiny
from watchword.cli.opening import captioner
from watchword.runtime.captioner import Captioner


@pytest.fixture
def data(photos):
    """The three photos to validate on, in data.jsonl; one of the sentences that the model says was learnt from."""
    rows = [
        {"path": f"photos/{colour}.png", "sentences": [f"a {colour} picture", "something"], "split": "val"}
        for colour in tiny.COLOURS
    ]
    Image.new("RGB", (8, 8)).save(photos / "black.png")
    rows.append({"path": "photos/black.png", "sentences": ["A red picture.", "Two dogs"], "split": "train"})
    Path("data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return "data.jsonl"


def test_each_width_is_as_if_described_alone(watchword, tiny_model, data):
    done = watchword("analyse", "beams", tiny_model, "--data", data, "--widths", "4,1,2,2", "--json")
    assert (done.status, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["photos"], found["training_sentences"], found["split"]) == (3, 2, "val")
    assert [row["width"] for row in found["widths"]] == [1, 2, 4]
    paths = [f"photos/{colour}.png" for colour in tiny.COLOURS]
    for row in found["widths"]:
        said = [sentence.text for sentence in captioner(tiny_model).describe(paths, beam=row["width"])]
        assert row["in_training_set"] == pytest.approx(said.count("a red picture") / 3)
        assert row["distinct_sentences"] == len(set(said))
        assert row["mean_words"] == pytest.approx(sum(len(text.split()) for text in said) / 3)
    alone = json.loads(watchword("evaluate", tiny_model, "--data", data, "--beam", "2", "--json").out)
    assert found["widths"][1]["CIDEr-D"] == pytest.approx(alone["CIDEr-D"])
    assert found["widths"][1]["in_training_set"] == pytest.approx(alone["in_training_set"])


def test_several_models_together(watchword, tiny_model, data):
    both = f"{tiny_model}+{tiny_model}"
    alone, together = (
        json.loads(watchword("analyse", "beams", model, "--data", data, "--widths", "1,3", "--json").out)
        for model in (tiny_model, both)
    )
    assert (together["model"], together["widths"]) == (both, alone["widths"])


def test_photos_are_looked_at_once(watchword, tiny_model, data, monkeypatch):
    looked = []
    encode = Captioner.encode
    monkeypatch.setattr(Captioner, "encode", lambda self, *given: looked.append(len(given[0])) or encode(self, *given))
    watchword("analyse", "beams", tiny_model, "--data", data, "--widths", "1,2,3")
    assert looked == [3]


def test_it_is_drawn(watchword, tiny_model, data):
    done = watchword("analyse", "beams", tiny_model, "--data", data, "--widths", "1,3", "--output", "beams.png")
    assert (done.status, done.err) == (0, "")
    assert "33.3%" in done.out
    with Image.open("beams.png") as drawn:
        assert drawn.width > drawn.height > 300


def test_broken_photos_are_named_and_the_rest_is_counted(watchword, tiny_model, data):
    Path("photos/green.png").write_bytes(b"no picture")
    done = watchword("analyse", "beams", tiny_model, "--data", data, "--widths", "1", "--json")
    assert done.status == 1
    found = json.loads(done.out)
    assert (found["photos"], found["not_described"]) == (2, 1)
    assert found["widths"][0]["in_training_set"] == pytest.approx(0.5)
    assert "1 not described:\nphotos/green.png" in done.err
    for colour in tiny.COLOURS:
        Path(f"photos/{colour}.png").write_bytes(b"no picture")
    done = watchword("analyse", "beams", tiny_model, "--data", data, "--output", "beams.png")
    assert (done.status, done.out) == (1, "")
    assert not Path("beams.png").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--widths", "1,x"], "'1,x': whole numbers of 1 or more with commas between, as in 1,5"),
        (["--widths", "0,3"], "'0,3': whole numbers of 1 or more"),
        (["--widths", ""], "'': whole numbers of 1 or more"),
        (["--output", "a.jpg"], "'a.jpg' ends in '.jpg'; a figure is a .png or a .svg"),
        (["--output", "photos/red.png"], "is one of the files to be read, which stay as they are"),
        (["--split", "test"], "no photo with a sentence in split 'test'; the data has: train, val"),
    ],
)
def test_mistakes_are_named(watchword, tiny_model, data, arguments, complaint):
    done = watchword("analyse", "beams", tiny_model, "--data", data, *arguments)
    assert done.status == 2
    assert complaint in done.err


def test_there_has_to_be_something_to_remember(watchword, tiny_model, data):
    lines = Path(data).read_text(encoding="utf-8").splitlines()[:3]
    Path("val.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = watchword("analyse", "beams", tiny_model, "--data", "val.jsonl")
    assert done.status == 2
    assert "no sentence in split 'train', so nothing that could be remembered" in done.err
