"""Sentences of the nearest photos through the command, on pictures of one colour each."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from watchword.cli.neighbouring import Taken, take
from watchword.core.types import Example
from watchword.data.pictures import open_picture
from watchword.encoders import encoders
from watchword.encoders.whole_only import WholeOnly
from watchword.metrics.cider import Cider
from watchword.metrics.treebank.batch import tokenize_batch

COLOURS = {"red": (200, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 200), "yellow": (220, 220, 40)}
ENCODER = "plain_cnn:width=16"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """24 pictures, four of them to validate on, in data.jsonl; the same random network at each call."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    random, lines = np.random.default_rng(0), []
    for number in range(24):
        name = list(COLOURS)[number % 4]
        pixels = np.full((40, 40, 3), COLOURS[name]) + random.integers(-20, 20, (40, 40, 3))
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(f"photos/{number}.png")
        said = [f"photo {number}, {name}", f"It is a {name} square.", f"A {name} square on a wall."]
        row = {"path": f"photos/{number}.png", "sentences": said, "split": "val" if number >= 20 else "train"}
        lines.append(json.dumps(row) + "\n")
    Path("data.jsonl").write_text("".join(lines), encoding="utf-8")

    def seeded(*arguments):
        torch.manual_seed(0)
        return encoders[ENCODER](*arguments)

    monkeypatch.setattr("watchword.cli.neighbouring.encoders", {ENCODER: seeded})
    return "data.jsonl"


def whole(number):
    torch.manual_seed(0)
    pixels = torch.from_numpy(open_picture(f"photos/{number}.png", 32))[None]
    with torch.inference_mode():
        return encoders[ENCODER]().eval()(pixels).whole[0].double().numpy()


def by_brute_force(number):
    mine = whole(number)
    cosines = [mine @ other / np.linalg.norm(mine) / np.linalg.norm(other) for other in map(whole, range(20))]
    return int(np.argmax(cosines))


def test_figures_are_those_of_the_nearest_photos(watchword, data):
    arguments = ("--data", data, "--encoder", ENCODER, "--k", "1,3", "--json", "--output", "page.html")
    done = watchword("analyse", "neighbours", *arguments)
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert (found["photos"], found["training_photos"], found["encoder"]) == (4, 20, ENCODER)
    assert [row["k"] for row in found["neighbours"]] == [1, 3]
    assert {"BLEU-1", "BLEU-4", "ROUGE-L", "CIDEr-D"} <= found["neighbours"][0].keys()
    page = Path("page.html").read_text(encoding="utf-8")
    nearest = [by_brute_force(number) for number in range(20, 24)]
    assert [number % 4 for number in nearest] == [0, 1, 2, 3]
    for number in nearest:
        assert f"<dt>nearest</dt><dd>photo {number}, " in page
    assert page.count("<img ") == 8
    assert page.count("<dt>of 3</dt><dd>") == 4


def test_features_are_computed_once(watchword, data, monkeypatch):
    arguments = ("analyse", "neighbours", "--data", data, "--encoder", ENCODER, "--k", "1", "--json")
    first = watchword(*arguments).out
    looked = []
    trunk = WholeOnly.trunk
    monkeypatch.setattr(WholeOnly, "trunk", lambda self, pixels: looked.append(len(pixels)) or trunk(self, pixels))
    monkeypatch.setattr(
        "watchword.training.trunks.Trunk.__call__", lambda self, pixels: looked.append(1) or np.zeros((1, 16))
    )
    assert watchword(*arguments).out == first
    assert len(looked) <= 2  # the graph is made, no photo goes through it


def test_of_several_neighbours_the_sentence_most_agreed_on_is_taken():
    rows = [
        Example("a", None, ("Dog in the grass.", "A dog runs in the grass")),
        Example("b", None, ("A brown dog runs in the grass!",)),
        Example("c", None, ("Two men.", "A bus")),
    ]
    known, queries = np.array([[1.0, 0.1], [1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 0.05], [0.0, 2.0]])
    taken = take(rows, known, queries, [1, 2])
    assert isinstance(taken, Taken)
    assert taken.sentences[1] == [rows[int(taken.nearest[0, 0])].sentences[0], "Two men."]
    assert taken.sentences[2][0] == "A dog runs in the grass"
    words = [tokenize_batch(list(row.sentences)) for row in rows]
    likeness = Cider(words).between([*words[0], *words[1]])
    means = (likeness.sum(1) - np.diag(likeness)) / 2
    assert [*rows[0].sentences, *rows[1].sentences][means.argmax()] == taken.sentences[2][0]


def test_held_out_photos_are_not_their_own_neighbours(watchword, data):
    rows = [json.loads(line) | {"split": "train"} for line in Path(data).read_text(encoding="utf-8").splitlines()]
    Path("all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = watchword("analyse", "neighbours", "--data", "all.jsonl", "--encoder", ENCODER, "--k", "1", "--json")
    found = json.loads(done.out)
    assert (found["photos"], found["training_photos"]) == (3, 21)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--k", "21"], "--k 21 of 20 photos to learn from in split 'train': give a smaller --k"),
        (["--k", "1,,2"], "'1,,2': whole numbers of 1 or more"),
        (["--split", "train"], "each photo would be its own nearest; name another split"),
        (["--k", "1", "--output", "photos/0.png"], "is one of the files to be read"),
        (["--k", "1", "--output", "notes.html"], "'notes.html' is there already and is no HTML page"),
    ],
)
def test_mistakes_are_named_before_a_photo_is_looked_at(watchword, data, arguments, complaint):
    Path("notes.html").write_text("mine", encoding="utf-8")
    done = watchword("analyse", "neighbours", "--data", data, "--encoder", ENCODER, *arguments)
    assert done.status == 2
    assert complaint in done.err.replace("\n", " ")
    assert not Path("features").exists()
    assert Path("notes.html").read_text(encoding="utf-8") == "mine"


def test_a_layer_is_an_option_of_the_encoder(watchword, data, monkeypatch):
    monkeypatch.setattr("watchword.cli.neighbouring.encoders", encoders)
    asked = ("analyse", "neighbours", "--data", data, "--k", "1")
    done = watchword(*asked, "--layer", "fc7")
    assert done.status == 2
    assert "encoder 'efficientnet_lite0' has no option 'whole'; it has: pretrained," in done.err
    small = "vgg16:pretrained=false,size=32,channels=2,hidden=8"
    seen = [
        json.loads(watchword(*asked, "--encoder", small, "--layer", layer, "--json").out) for layer in ("fc7", "fc8")
    ]
    assert [each["encoder"] for each in seen] == [f"{small},whole=fc7", f"{small},whole=fc8"]


def test_the_whole_alone_is_that_of_the_encoder():
    torch.manual_seed(0)
    network = encoders["plain_cnn:width=16"]().eval()
    alone, pixels = WholeOnly(network), torch.randint(0, 256, (3, 32, 32, 3), dtype=torch.uint8)
    features = alone(pixels)
    assert torch.equal(features.whole, network(pixels).whole)
    assert features.cells.shape == (3, 1, 16)
    other = WholeOnly(encoders["plain_cnn:width=16"]())
    assert alone.key != other.key  # other weights, other features
    assert alone.key.startswith(f"{network.name}-whole-")


@pytest.mark.data
@pytest.mark.slow
def test_on_real_photos_neighbours_do_better_than_strangers(watchword, tmp_path):
    """On a hundred photos: the first two thirds to learn from."""
    folder = Path(os.environ["WATCHWORD_DATA"], "flickr8k")
    images = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["images"][:150]
    for number, row in enumerate(images):
        row["split"] = "train" if number < 120 else "val"
    (tmp_path / "dataset.json").write_text(json.dumps({"images": images}), encoding="utf-8")
    (tmp_path / "images").symlink_to((folder / "images").resolve())
    done = watchword("analyse", "neighbours", "--data", tmp_path, "--features", tmp_path / "f", "--k", "1,10", "--json")
    near, agreed = json.loads(done.out)["neighbours"]
    assert agreed["CIDEr-D"] > near["CIDEr-D"] > 0.05
