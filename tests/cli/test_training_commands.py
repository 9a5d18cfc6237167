"""From data to bundle through the commands, on made pictures: train, resume, evaluate, export, describe."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from typer.testing import CliRunner

from watchword.cli.main import app
from watchword.core.errors import CheckpointError, DataError, SettingsError, UnknownName, WatchwordError

COLOURS = {"red": (200, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 200), "yellow": (220, 220, 40)}
TINY = [
    "encoder=plain_cnn",
    "frozen=0",
    "width=32",
    "minimum=1",
    "batch=8",
    "warmup=5",
    "dropout=0",
    "encoder_rate=3e-3",
    "learning_rate=1e-2",
]
SETTINGS = [argument for setting in TINY for argument in ("--set", setting)]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """48 pictures of one colour each, with two sentences that name it; a quarter for validation."""
    folder = tmp_path_factory.mktemp("colours")
    (folder / "images").mkdir()
    random, rows = np.random.default_rng(0), []
    for number in range(48):
        name = list(COLOURS)[number % 4]
        pixels = np.full((40, 40, 3), COLOURS[name]) + random.integers(-20, 20, (40, 40, 3))
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / "images" / f"{number}.png")
        sentences = [{"raw": f"a {name} square", "tokens": ["a", name, "square"]}, {"raw": f"It is {name}."}]
        split = "val" if number >= 36 else "train"
        rows.append({"filename": f"{number}.png", "imgid": number, "split": split, "sentences": sentences})
    (folder / "dataset.json").write_text(json.dumps({"images": rows}))
    return folder


@pytest.fixture(scope="module")
def doubtful(dataset):
    """The same photos, but people call every third one purple."""
    about = json.loads((dataset / "dataset.json").read_text())
    for row in about["images"][::3]:
        row["sentences"] = [{"raw": "a purple square"}]
    folder = dataset.parent / "doubtful"
    folder.mkdir()
    (folder / "images").symlink_to(dataset / "images")
    (folder / "dataset.json").write_text(json.dumps(about))
    return folder


def run(*arguments):
    """Run a command; return what it printed, and let what went wrong through."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def train(dataset, folder, *more):
    return run(
        "train",
        "show_tell",
        "--data",
        dataset,
        "--output",
        folder / "run",
        "--features",
        folder / "features",
        *SETTINGS,
        *more,
    )


@pytest.fixture(scope="module")
def checkpoint(dataset, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    assert "best CIDEr-D" in train(dataset, folder, "--set", "epochs=12", "--set", "patience=12")
    return folder / "run" / "best"


def test_a_run_leaves_what_it_should(checkpoint):
    names = {path.name for path in checkpoint.parent.iterdir()}
    assert names >= {"best", "last", "curves.png", "history.json", "tensorboard"}
    history = json.loads((checkpoint.parent / "history.json").read_text())
    assert len(history) == 12
    assert history[-1]["loss"] < history[0]["loss"]
    with Image.open(checkpoint.parent / "curves.png") as curves:
        assert curves.size[0] > 200


def test_it_learnt_the_colours(dataset, checkpoint, tmp_path):
    kept = tmp_path / "said.json"
    scores = json.loads(run("evaluate", checkpoint, "--data", dataset, "--json", "--predictions", kept))
    said = json.loads(kept.read_text())
    assert scores["photos"] == len(said) == 12
    right = sum(list(COLOURS)[row["image_id"] % 4] in row["caption"].split() for row in said)
    assert right >= 10
    assert scores["sentences_right"] == pytest.approx(right / 12)
    assert {"BLEU-1", "BLEU-4", "ROUGE-L", "CIDEr-D"} <= set(scores)
    assert {row["filename"] for row in said} == {f"{number}.png" for number in range(36, 48)}


def test_a_resumed_run_goes_on(dataset, tmp_path):
    train(dataset, tmp_path, "--set", "epochs=1")
    before = json.loads((tmp_path / "run" / "history.json").read_text())
    train(dataset, tmp_path, "--set", "epochs=2", "--resume")
    after = json.loads((tmp_path / "run" / "history.json").read_text())
    assert (len(before), len(after)) == (1, 2)
    assert after[0] == before[0]


def test_a_checkpoint_can_be_gone_on_from(dataset, checkpoint, tmp_path):
    """Self-critical training from a checkpoint keeps its words."""
    train(dataset, tmp_path, "--set", "epochs=1", "--set", "draws=3", "--start-from", checkpoint)
    words = [(folder / "vocabulary.txt").read_text() for folder in (checkpoint, tmp_path / "run" / "best")]
    assert words[0] == words[1]


def test_a_blend_lies_between(dataset, checkpoint, tmp_path):
    train(dataset, tmp_path, "--set", "epochs=1", "--start-from", checkpoint)
    tuned, between = tmp_path / "run" / "best", tmp_path / "between"
    run("blend", checkpoint, tuned, between, "--share", "0.25")
    first, second, mixed = (load_file(folder / "weights.safetensors") for folder in (checkpoint, tuned, between))
    assert any(not torch.equal(first[name], second[name]) for name in first)
    for name in first:
        assert torch.allclose(mixed[name], 0.75 * first[name] + 0.25 * second[name], atol=1e-6)
    assert json.loads(run("evaluate", between, "--data", dataset, "--json"))["photos"] == 12
    with pytest.raises(CheckpointError, match="is there already"):
        run("blend", checkpoint, tuned, between)
    with pytest.raises(CheckpointError, match=r"share 1\.5: from 0"):
        run("blend", checkpoint, tuned, tmp_path / "other", "--share", "1.5")


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_export_gives_a_bundle_that_describes(dataset, doubtful, checkpoint, tmp_path, name):
    said = run("export", checkpoint, tmp_path / name, "--calibrate", doubtful, "--split", "train")
    assert "of 36 sentences right, expected calibration error" in said
    line = run("describe", dataset / "images" / "36.png", "--model", tmp_path / name, "--json")
    row = json.loads(line)
    assert row["sentence"]
    assert 0 <= row["confidence"] <= 1
    scores = json.loads(run("evaluate", tmp_path / name, "--data", doubtful, "--split", "train", "--json"))
    assert sum(span["sentences"] for span in scores["reliability"]) == scores["photos"] == 36
    assert 0 <= scores["expected_calibration_error"] < 0.3
    assert "mean confidence" in run("evaluate", tmp_path / name, "--data", doubtful, "--split", "train")


def test_a_bundle_is_not_overwritten(checkpoint, tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(WatchwordError, match="is there already"):
        run("export", checkpoint, tmp_path / "there")


def test_recipes_are_listed_and_shown():
    assert {"show_tell", "show_attend_tell"} <= set(json.loads(run("recipes", "--json")))
    assert "learning_rate" in run("recipes", "show_tell")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["show_tel"], UnknownName, "did you mean 'show_tell'"),
        (["show_tell", "--set", "widht=3"], SettingsError, "did you mean 'width'"),
        (["show_tell", "--weight", "1", "--weight", "2"], DataError, "2 --weight for 1 --data"),
    ],
)
def test_mistakes_are_named(dataset, tmp_path, arguments, error, message):
    with pytest.raises(error, match=message):
        run("train", *arguments, "--data", dataset, "--output", tmp_path)


def test_a_checkpoint_of_another_recipe_is_refused(dataset, checkpoint, tmp_path):
    with pytest.raises(CheckpointError, match="is of recipe 'show_tell', not 'show_attend_tell'"):
        run(
            "train", "show_attend_tell", "--data", dataset, "--output", tmp_path, "--features", tmp_path / "f",
            "--start-from", checkpoint, *SETTINGS,
        )  # fmt: skip


def test_a_split_that_is_not_there_is_named(dataset, checkpoint):
    with pytest.raises(DataError, match=r"no photo with a sentence in split 'test'; the data has: train, val"):
        run("evaluate", checkpoint, "--data", dataset, "--split", "test")
