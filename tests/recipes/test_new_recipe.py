"""A model that nobody thought of: one file with a decoder and a recipe of its own, one line that imports it."""

import importlib
import json
import sys

import pytest

from tests.cli.test_training_commands import COLOURS, dataset, run
from watchword.recipes import recipes

__all__ = ["dataset"]  # the fixture

ONE_FILE = '''
"""A bag of words: the next word from the picture and the sum of the words so far.

Paper: none. Data: made pictures, and sentences of a few words that name their colour.
"""

from dataclasses import dataclass

import torch
from torch import nn

from watchword.core.settings import Count
from watchword.decoders.base import Decoder
from watchword.encoders import encoders
from watchword.recipes.base import recipe
from watchword.training.model import CaptioningModel
from watchword.training.settings import Captioning


class Bag(Decoder):
    def __init__(self, *, vocabulary, features, width):
        super().__init__()
        self.picture = nn.Linear(features, width)
        self.embedding = nn.Embedding(vocabulary, width)
        self.last = nn.Linear(width, width)
        self.output = nn.Linear(width, vocabulary)

    def say(self, picture, bag, embedded):
        return self.output(torch.tanh(picture + bag + self.last(embedded)))

    def start(self, features):
        picture = self.picture(features.whole)[:, None]
        return {"picture": picture}, {"bag": torch.zeros_like(picture)}

    def step(self, words, memory, state):
        embedded = self.embedding(words)
        bag = state["bag"] + embedded
        return self.say(memory["picture"], bag, embedded).log_softmax(-1), {"bag": bag}

    def forward(self, features, words):
        embedded = self.embedding(words)
        return self.say(self.picture(features.whole)[:, None, None], embedded.cumsum(2), embedded)


@dataclass(frozen=True)
class Settings(Captioning):
    encoder: str = "plain_cnn"
    width: Count = 32


@recipe("bag_of_words", settings=Settings, tiny={}, published={"made pictures": {"BLEU-1": 1.0}})
def build(settings, vocabulary):
    encoder = encoders[settings.encoder]()
    return CaptioningModel(
        encoder, Bag(vocabulary=len(vocabulary), features=encoder.whole_width, width=settings.width)
    )
'''
SETTINGS = ["minimum=1", "batch=8", "warmup=5", "encoder_rate=3e-3", "learning_rate=1e-2", "epochs=20", "patience=20"]


@pytest.fixture
def registered(tmp_path, monkeypatch):
    """The registry with the new recipe in it, for as long as the test runs."""
    (tmp_path / "bag_of_words.py").write_text(ONE_FILE.lstrip(), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(recipes, "_things", dict(recipes._things))
    importlib.import_module("bag_of_words")  # the one line
    yield recipes["bag_of_words"]
    del sys.modules["bag_of_words"]


def test_it_is_listed_trained_scored_exported_and_describes(registered, dataset, tmp_path):
    assert registered.about.startswith("A bag of words: the next word")
    listed = json.loads(run("recipes", "--json"))
    assert "bag_of_words" in json.dumps(listed)
    output = tmp_path / "run"
    settings = [part for setting in SETTINGS for part in ("--set", setting)]
    run("train", "bag_of_words", "--data", dataset, "--output", output, "--features", tmp_path / "features", *settings)
    losses = [epoch["loss"] for epoch in json.loads((output / "history.json").read_text())]
    assert len(losses) == 20
    assert losses[-1] < losses[0] / 2
    scores = json.loads(run("evaluate", output / "best", "--data", dataset, "--json"))
    run("export", output / "best", tmp_path / "bundle")
    photos = [str(dataset / "images" / f"{number}.png") for number in range(36, 48)]
    rows = [
        json.loads(line) for line in run("describe", *photos, "--model", tmp_path / "bundle", "--json").splitlines()
    ]
    named = [list(COLOURS)[number % 4] in row["sentence"].lower() for number, row in enumerate(rows)]
    assert len(named) == 12
    assert sum(named) / 12 == pytest.approx(scores["sentences_right"])
    assert sum(named) >= 9
    assert json.loads((tmp_path / "bundle" / "bundle.json").read_text())["recipe"] == "bag_of_words"


def test_afterwards_it_is_gone():
    assert "bag_of_words" not in list(recipes)
