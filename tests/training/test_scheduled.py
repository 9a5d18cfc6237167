import numpy as np
import pytest
import torch
from torch import nn

from watchword.core.errors import SettingsError
from watchword.core.settings import override
from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.decoders.attending import Attending
from watchword.training.objectives import CrossEntropy
from watchword.training.scheduled import Scheduled
from watchword.training.settings import Captioning

PAD, START, END, UNKNOWN, V = 0, 1, 2, 3, 9
NEVER = (PAD, START, END, UNKNOWN)
WORDS = np.tile(np.array([START, 4, 5, 6, 7, 8]), (3, 40, 1))


class Counting(nn.Module):
    """A decoder that says the word after the last one, if it is sure, and keeps count of what it has read."""

    def __init__(self, sure):
        super().__init__()
        self.sure, self.heard = sure, []
        self.weight = nn.Parameter(torch.zeros(V))

    def start(self, features):
        return {}, {"read": torch.zeros(len(features.whole), 1, 1)}

    def step(self, words, memory, state):
        assert not self.training
        assert state["read"].shape[:2] == words.shape
        self.heard.append((words.clone(), state["read"].clone()))
        logits = nn.functional.one_hot((words + 1) % V, V).float() * self.sure + self.weight
        return logits.log_softmax(-1), {"read": state["read"] + 1}

    def forward(self, features, words):
        self.read = words
        return nn.functional.one_hot((words + 1) % V, V).float() + self.weight


def batch():
    targets = np.concatenate([WORDS[..., 1:], np.full((3, 40, 1), END)], -1)
    numbers, views = np.tile(np.arange(40), (3, 1)), np.zeros(3, np.int64)
    real, weights = np.ones_like(WORDS, bool), np.ones(3, "f4")
    return Batch(["a", "b", "c"], np.arange(3), WORDS.copy(), targets, real, weights, numbers, views)


@pytest.fixture
def features():
    return Features(torch.zeros(3, 5), torch.zeros(3, 4, 5), torch.ones(3, 4, dtype=torch.bool))


def scheduled(share, epochs=1, epoch=0):
    made = Scheduled(CrossEntropy(0.0), share, epochs, NEVER)
    made.begin(epoch)
    return made


@pytest.mark.parametrize(("epochs", "shares"), [(1, [0.4]), (2, [0.0, 0.4]), (5, [0.0, 0.1, 0.2, 0.3, 0.4])])
def test_the_share_rises_evenly_from_nothing(epochs, shares):
    made = Scheduled(CrossEntropy(0.0), 0.4, epochs, NEVER)
    found = []
    for epoch in range(epochs):
        made.begin(epoch)
        found.append(made.now)
    assert found == pytest.approx(shares)


def test_without_a_share_it_is_the_objective_itself(features):
    decoder = Counting(1.0)
    assert scheduled(0.4, epochs=3)(decoder, features, batch())[0] == CrossEntropy(0.0)(decoder, features, batch())[0]
    assert decoder.heard == []


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_as_many_words_are_its_own_as_the_share_says(features, share):
    torch.manual_seed(0)
    mixed = scheduled(share).mixed(Counting(0.0), features, torch.from_numpy(WORDS))
    changed = (mixed != torch.from_numpy(WORDS)).float()
    assert changed[..., 0].sum() == 0  # every sentence opens as it did
    assert float(changed[..., 1:].mean()) == pytest.approx(share * 4 / 5, abs=0.06)  # one of five is the same word
    assert set(mixed[..., 1:].unique().tolist()) == {4, 5, 6, 7, 8}


def test_each_word_is_drawn_after_the_words_that_were_read(features):
    """A sure decoder says the next word; the naive walk repeats it, one sentence at a time."""
    torch.manual_seed(1)
    words = torch.from_numpy(WORDS).flip(-1).clone()
    words[..., 0] = 4
    made, decoder = scheduled(0.5), Counting(60.0)
    mixed = made.mixed(decoder, features, words)
    for told, given in zip(mixed.flatten(0, 1).tolist(), words.flatten(0, 1).tolist(), strict=True):
        for before, now, taught in zip(told, told[1:], given[1:], strict=False):
            assert now == taught or now == before + 1 or before + 1 == V
    heard = torch.stack([words for words, _ in decoder.heard], -1)
    assert torch.equal(heard, mixed[..., :-1])
    assert [int(read.unique()) for _, read in decoder.heard] == [0, 1, 2, 3, 4]


def test_what_has_to_be_said_stays_what_people_said(features):
    torch.manual_seed(0)
    decoder = Counting(0.0).train()
    loss, count = scheduled(1.0)(decoder, features, batch())
    assert count == 120
    assert decoder.training
    expected = torch.nn.functional.cross_entropy(
        decoder(features, decoder.read).flatten(0, 2), torch.from_numpy(batch().targets).flatten(), reduction="sum"
    )
    assert loss.item() == pytest.approx(expected.item() / 120, rel=1e-5)
    loss.backward()
    assert decoder.weight.grad.abs().max() > 0


def test_a_decoder_at_evaluation_stays_there(features):
    decoder = Counting(0.0).eval()
    scheduled(1.0).mixed(decoder, features, torch.from_numpy(WORDS))
    assert not decoder.training


def test_real_decoders_take_it(features):
    torch.manual_seed(0)
    decoder = Attending(vocabulary=V, whole=5, cells=5, width=8, attention="additive", heads=1, dropout=0.1, tied=True)
    loss, _ = scheduled(0.5)(decoder, features, batch())
    loss.backward()
    assert decoder.embedding.weight.grad.isfinite().all()


def test_it_is_a_setting_that_drawn_sentences_do_not_read():
    assert override(Captioning(), ["scheduled=0.25"]).scheduled == 0.25
    with pytest.raises(SettingsError, match=r"scheduled=0.25 does nothing unless draws is 0"):
        override(Captioning(), ["scheduled=0.25", "draws=5"])
    with pytest.raises(SettingsError, match=r"scheduled='1.5': from 0 to 1"):
        override(Captioning(), ["scheduled=1.5"])
