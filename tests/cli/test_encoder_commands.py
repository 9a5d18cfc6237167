"""`watchword encoder`: classes to a plain CNN, features to axes, files of features to kept features; then training."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from watchword.encoders import encoders

COLOURS = {"red": (200, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 200)}
LEARNING = ["width=16", "minimum=1", "batch=8", "warmup=5", "dropout=0", "epochs=1", "frozen=0"]
SETTINGS = [argument for setting in LEARNING for argument in ("--set", setting)]


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    """24 photos of one colour each, with its name as sentence and label; a quarter for validation."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "colours" / "images").mkdir(parents=True)
    random, rows = np.random.default_rng(0), []
    for number in range(24):
        name = list(COLOURS)[number % 3]
        pixels = np.full((40, 40, 3), COLOURS[name]) + random.integers(-20, 20, (40, 40, 3))
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(tmp_path / "colours" / "images" / f"{number}.png")
        split = "val" if number >= 18 else "train"
        row = {"filename": f"{number}.png", "imgid": number, "split": split, "label": name}
        rows.append(row | {"sentences": [{"raw": f"a {name} square"}]})
    (tmp_path / "colours" / "dataset.json").write_text(json.dumps({"images": rows}))
    return tmp_path / "colours"


def trained_on(watchword, dataset, encoder, output, *more):
    return watchword(
        "train", "show_tell", "--data", dataset, "--output", output, "--set", f"encoder={encoder}", *SETTINGS, *more
    )


def test_classes_to_features_to_axes_to_sentences(watchword, dataset):
    """Paper 1 in four commands: a plain CNN learns the classes, its features are projected, sentences are learnt."""
    form = ["--depth", 8, "--size", 32, "--channels", 4, "--width", 24]
    learning = ["--set", "epochs=6", "--set", "batch=6", "--set", "learning_rate=3e-3"]
    done = watchword("encoder", "train", "--data", dataset, "--output", "runs/cnn.safetensors", *form, *learning)
    assert done.status == 0, done.err
    assert "18 photos to learn from, 6 to judge by, 3 classes" in done.out
    assert len([line for line in done.lines if line.startswith("epoch")]) == 6
    network = encoders["plain_cnn:weights=runs/cnn.safetensors"](frozen=7)
    assert network.labels == ("blue", "green", "red")
    name = "plain_cnn:weights=runs/cnn.safetensors"
    done = watchword("encoder", "pca", name, "--frozen", 7, "--data", dataset, "--axes", 5, "--output", "runs/axes.npz")
    assert done.status == 0, done.err
    assert f"5 axes of 18 photos: runs/axes.npz; next: watchword train ... --set encoder={name},pca=runs" in done.out
    done = trained_on(watchword, dataset, f"{name},pca=runs/axes.npz", "runs/words", "--set", "frozen=7")
    assert done.status == 0, done.err
    assert len(list((dataset.parent / "features").iterdir())) == 1  # both looked once
    done = watchword("evaluate", "runs/words/best", "--data", dataset)
    assert done.status == 0, done.err


def test_imported_features_are_learnt_from(watchword, dataset):
    rows = np.eye(3, 7)[np.arange(24) % 3]
    np.save("rows.npy", rows)
    done = watchword("encoder", "import", "rows.npy", "--data", dataset, "--name", "given")
    assert done.status == 0, done.err
    assert "24 of 24 photos have features 7 wide; next: " in done.out
    assert "encoder=from_file:name=given,width=7" in done.out
    done = trained_on(watchword, dataset, "from_file:name=given,width=7", "runs/given", "--set", "frozen=13")
    assert done.status == 0, done.err
    assert f"next: watchword evaluate runs/given/best --data {dataset}" in done.out
    done = watchword("export", "runs/given/best", "bundle")
    assert done.status == 2
    assert "its encoder reads features from files, which no bundle does" in done.err
    done = watchword("evaluate", "runs/given/best", "--data", dataset, "--json")
    assert done.status == 0, done.err
    history = json.loads((dataset.parent / "runs" / "given" / "history.json").read_text())
    figures = json.loads(done.out)
    assert figures["photos"] == 6
    assert figures["CIDEr-D"] == pytest.approx(max(row["CIDEr-D"] for row in history))
    assert figures.keys() >= {"BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "in_training_set"}
    asked = ["--beam", 4, "--groups", 2, "--predictions", "said.json", "--consensus", dataset]
    done = watchword("evaluate", "runs/given/best", "--data", dataset, "--json", *asked)
    assert done.status == 0, done.err
    assert json.loads(done.out)["search"]["groups"] == 2
    assert len(json.loads(Path("said.json").read_text())) == 6
    done = watchword("evaluate", "runs/given/best", "--data", dataset, "--weights", "1:2")
    assert done.status == 2
    assert "leave out --way and --weights" in done.err
    done = watchword("evaluate", "runs/given/best", "--data", dataset, "--features", "elsewhere")
    assert done.status == 2
    assert "some of these photos have none of that name and width: import them" in done.err
    done = watchword("evaluate", "small", "--data", dataset, "--features", "features")
    assert done.status == 2
    assert "this model looks for itself" in done.err
    done = trained_on(watchword, dataset, "from_file:name=given,width=7", "runs/views", "--set", "views=2")
    assert done.status == 0, done.err
    assert "views=2: of features that come from files there is one, and it is learnt from" in done.err
    done = trained_on(watchword, dataset, "from_file:name=given,width=5", "runs/five")
    assert done.status == 2
    assert "from_file-given-5: these features come from a file" in done.err


def test_imported_features_are_projected_and_learnt_from(watchword, dataset):
    """Paper 1 on published features: 4,096 numbers of others become 512."""
    np.save("rows.npy", np.random.default_rng(0).normal(size=(24, 7)) + np.eye(3, 7)[np.arange(24) % 3] * 9)
    assert watchword("encoder", "import", "rows.npy", "--data", dataset, "--name", "given").status == 0
    name = "from_file:name=given,width=7"
    done = watchword("encoder", "pca", name, "--data", dataset, "--axes", 3, "--output", "axes.npz")
    assert done.status == 0, done.err
    done = trained_on(watchword, dataset, f"{name},pca=axes.npz", "runs/axes", "--set", "frozen=0")
    assert done.status == 0, done.err
    done = watchword("evaluate", "runs/axes/best", "--data", dataset, "--json")
    assert done.status == 0, done.err
    assert json.loads(done.out)["photos"] == 6
    assert load_file("runs/axes/best/weights.safetensors")["encoder.axes"].shape == (3, 7)


@pytest.mark.parametrize("output", ["data", "data/images/0.png", "mine.txt"])
def test_trained_weights_take_the_place_of_nothing_else(watchword, dataset, output):
    """Neither of what is learnt from, nor of a file of another kind; and that is said before the training."""
    Path("mine.txt").write_text("mine")
    place = {"data": dataset, "data/images/0.png": sorted(dataset.rglob("*.png"))[0]}.get(output, Path(output))
    before = place.read_bytes() if place.is_file() else None
    done = watchword("encoder", "train", "--data", dataset, "--output", place, "--size", 32, "--channels", 4)
    assert done.status == 2
    assert "--output" in done.err
    assert "photos to learn from" not in done.out
    assert (place.read_bytes() if place.is_file() else None) == before


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--channels", 0), "0 is not in the range"),
        (("--width", -1), "-1 is not in"),
        (("--set", "seed=-1"), "seed='-1'"),
    ],
)
def test_numbers_that_no_network_has_are_refused(watchword, dataset, given, message):
    done = watchword("encoder", "train", "--data", dataset, "--output", "runs/cnn.safetensors", *given)
    assert done.status == 2
    assert message in done.err


def test_other_features_of_the_same_name_are_refused(watchword, dataset):
    np.save("rows.npy", np.eye(24, 7))
    np.save("others.npy", np.eye(24, 7) * 2)
    for again in range(2):
        done = watchword("encoder", "import", "rows.npy", "--data", dataset, "--name", "given")
        assert done.status == 0, (again, done.err)
    done = watchword("encoder", "import", "others.npy", "--data", dataset, "--name", "given")
    assert done.status == 2
    assert "holds other features of these photos: choose another --name" in done.err


def test_rows_for_other_photos_are_refused(watchword, dataset):
    np.save("rows.npy", np.eye(23))
    done = watchword("encoder", "import", "rows.npy", "--data", dataset, "--name", "given")
    assert (done.status, "23 rows for 24 examples" in done.err) == (2, True)


def test_photos_without_labels_teach_no_classes(watchword, dataset):
    (dataset / "list.csv").write_text("path,sentence\nimages/0.png,a red square\nimages/1.png,a green one\n")
    done = watchword("encoder", "train", "--data", dataset / "list.csv", "--output", "x.safetensors")
    assert done.status == 2
    assert "0 labelled photos to learn from and 0 to judge by, 0 classes" in done.err


def test_a_folder_of_classes_is_enough(watchword, dataset):
    for number in range(20):
        folder = dataset.parent / "classes" / ("red", "green")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (32, 32), ("red", "green")[number % 2]).save(folder / f"{number}.png")
    form = ["--depth", 6, "--size", 16, "--channels", 2, "--width", 4, "--set", "epochs=1"]
    done = watchword("encoder", "train", "--data", "classes", "--output", "x.safetensors", *form)
    assert done.status == 0, done.err
    assert "18 photos to learn from, 2 to judge by, 2 classes" in done.out


def test_axes_take_the_place_of_no_other_file(watchword, dataset):
    table = dataset / "dataset.json"
    before = table.read_bytes()
    for output in (table, dataset / "images" / "3.png", "mine.txt"):
        (dataset.parent / "mine.txt").write_text("mine")
        done = watchword(
            "encoder", "pca", "plain_cnn:depth=8,size=32", "--data", table, "--axes", 2, "--output", output
        )
        assert done.status == 2
        assert "is one of the files to be read" in done.err or "is there already and is no file of axes" in done.err
    assert (table.read_bytes(), (dataset.parent / "mine.txt").read_text()) == (before, "mine")


def test_features_of_no_photo_are_refused(watchword, dataset):
    np.save("rows.npy", np.eye(24, 7))
    asked = ("encoder", "import", "rows.npy", "--data", dataset / "dataset.json", "--name", "given")
    done = watchword(*asked, "--images", dataset.parent)
    assert done.status == 2
    assert "none of the 24 photos is there, as" in done.err
    assert "say with --images where they are" in done.err
    assert not (dataset.parent / "features").exists()


@pytest.mark.parametrize("name", ["a,b", "../out", "", ".", "..", "a b", "a/b"])
def test_a_name_that_is_no_name_is_refused(watchword, dataset, name):
    np.save("rows.npy", np.eye(24, 7))
    done = watchword("encoder", "import", "rows.npy", "--data", dataset, "--name", name)
    assert (done.status, "letters, digits, - and _" in done.err) == (2, True)
    assert not (dataset.parent / "features").exists()
