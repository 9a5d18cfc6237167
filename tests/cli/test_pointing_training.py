"""A matcher that learns to point, through the commands: phrases beside the data, and what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.cli.made_matcher import LEFT, RIGHT, region
from tests.cli.test_training_commands import COLOURS, run
from watchword.core.errors import DataError, SettingsError

ENCODER = "regions:of=plain_cnn,boxes=grid:levels=1x2"
TINY = [f"encoder={ENCODER}", "frozen=0", "width=32", "hidden=32", "word_width=16", "minimum=1", "batch=16"]
RATES = ["encoder_rate=3e-3", "learning_rate=3e-3", "schedule=constant", "dropout=0", "warmup=0", "dtype=float32"]
NUMBER = 24


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Photos of two halves, with the sentence "a red half and a blue half" and a box for each of its phrases."""
    folder = tmp_path_factory.mktemp("phrased")
    (folder / "images").mkdir()
    random, names, rows, phrases = np.random.default_rng(0), list(COLOURS), [], []
    for number in range(NUMBER):
        sides = random.permutation(4)[:2]
        pixels = np.concatenate([np.full((40, 20, 3), COLOURS[names[each]]) for each in sides], 1)
        pixels = (pixels + random.integers(-20, 20, pixels.shape)).clip(0, 255).astype(np.uint8)
        file, split = f"{number}.png", "val" if number >= NUMBER - 6 else "train"
        Image.fromarray(pixels).save(folder / "images" / file)
        first, second = (int(each) for each in random.permutation(2))  # who is spoken of first tells nothing
        text = f"a {names[sides[first]]} half and a {names[sides[second]]} half"
        rows.append({"filename": file, "split": split, "sentences": [{"raw": text, "sentid": number}]})
        told = zip((first, second), (0, 4), strict=True)
        halves = [region(f"a {names[sides[side]]} half", (LEFT, RIGHT)[side], number, start) for side, start in told]
        phrases.append({"filename": file, "split": split, "regions": halves})
    (folder / "dataset.json").write_text(json.dumps({"images": rows}))
    (folder / "regions.json").write_text(json.dumps({"images": phrases}))
    return folder


def train(data, folder, *settings, more=()):
    sets = [part for setting in settings for part in ("--set", setting)]
    where = ["--data", data, "--output", folder / "run", "--features", folder / "f"]
    return run("train", "contrastive_alignments", *where, *sets, *more)


def pointed(model, data):
    said = run("analyse", "pointing", model, "--data", data, "--json")
    return json.loads(said)


def test_a_matcher_learns_to_point(data, tmp_path):
    train(data, tmp_path, *TINY, *RATES, "views=3", "epochs=25", "pointing=2", "patience=25")
    run("export", tmp_path / "run" / "last", tmp_path / "bundle", "--float32")
    found = pointed(tmp_path / "bundle", data)
    assert found["phrases"] == 12
    assert found["ways"][0]["centre_in_box"] >= 0.9


def test_phrases_elsewhere_and_a_run_that_goes_on(data, tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("images", "dataset.json"):
        (tmp_path / "data" / name).symlink_to(data / name)
    with pytest.raises(DataError, match=r"there is no '.*regions.json': name the file of phrases with boxes by"):
        train(tmp_path / "data", tmp_path, *TINY, *RATES, "epochs=1", "pointing=1")
    elsewhere = ["--phrases", data / "regions.json"]
    train(tmp_path / "data", tmp_path, *TINY, *RATES, "epochs=1", "pointing=1", more=elsewhere)
    train(tmp_path / "data", tmp_path, "epochs=2", more=["--resume", *elsewhere])


def test_what_does_not_go_together_is_refused(data, tmp_path):
    with pytest.raises(SettingsError, match=r"--phrases .*: nothing is learnt from phrases unless --set pointing=…"):
        train(data, tmp_path, *TINY, more=["--phrases", data / "regions.json"])
    with pytest.raises(SettingsError, match=r"pointing=1\.0 does nothing unless score is normalised"):
        train(data, tmp_path, *TINY, "score=whole", "pointing=1.0")
    differ = ["encoder=regions:of=plain_cnn,boxes=selective:score=area", *TINY[1:]]
    with pytest.raises(SettingsError, match="pointing is learnt where all photos have the same regions"):
        train(data, tmp_path, *differ, "pointing=1")
    where = ["--data", data, "--output", tmp_path / "tuned", "--features", tmp_path / "f"]
    sets = [part for setting in (*TINY, "pointing=1") for part in ("--set", setting)]
    with pytest.raises(SettingsError, match="a search has no phrases to point at: leave `pointing` out"):
        run("tune", "contrastive_alignments", *where, *sets)
