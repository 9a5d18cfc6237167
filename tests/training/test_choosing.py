"""Hard attention's loss against the sum over all cells that could have been drawn."""

from itertools import product

import numpy as np
import pytest
import torch

from watchword.core.types import Features
from watchword.data.batches import Batch
from watchword.decoders.hard_attending import HardAttending
from watchword.training import checkpoints
from watchword.training.choosing import Choosing
from watchword.training.losses import sentence_loss
from watchword.training.objectives import tensors

V, W, CELLS, C, T = 7, 3, 4, 3, 2


@pytest.fixture
def decoder():
    torch.manual_seed(1)
    options = {"vocabulary": V, "whole": W, "cells": CELLS, "width": 5, "attention": "additive", "heads": 1}
    made = HardAttending(soft=0.0, dropout=0.0, tied=False, **options)
    with torch.no_grad():
        for name in ("attention.score.weight", "value.weight", "output.weight"):
            made.get_parameter(name).mul_(4)  # so that the cells differ and matter
    return made.train()


@pytest.fixture
def features():
    torch.manual_seed(2)
    return Features(torch.randn(1, W), 2 * torch.randn(1, C, CELLS), torch.ones(1, C, dtype=torch.bool))


def batch(sentences=1, mask=None):
    words, targets = (np.tile(np.array([[ids]]), (1, sentences, 1)) for ids in ([1, 4], [4, 2]))
    mask = np.ones(words.shape, bool) if mask is None else mask
    numbers, views = np.arange(sentences)[None], np.zeros(1, np.int64)
    return Batch(["x"], np.arange(1), words, targets, mask, np.ones(1, np.float32), numbers, views)


def gradients(decoder):
    return torch.cat([p.grad.flatten() for p in decoder.parameters()])


def bound(decoder, features):
    """The sum over all cells s of p(s) log p(y | s), each way of looking followed by itself."""
    words, targets, mask, weights = tensors(batch())
    total, chances = 0.0, 0.0
    for cells in product(range(C), repeat=T):
        chance, ahead = torch.ones(()), iter(cells)

        def look(h, memory):
            nonlocal chance
            cell = next(ahead)  # noqa: B023
            scores = decoder.attention(h, memory["keys"], memory["mask"])
            chance = chance * scores[0, 0, 0, cell]
            return decoder.gather(torch.eye(C)[cell].expand(1, 1, 1, C), h, memory), scores

        logits = decoder.follow(features, words, look)
        total = total - chance * sentence_loss(logits, targets, mask, weights)
        chances += chance.item()
    assert chances == pytest.approx(1)
    return total


def test_the_expected_gradient_is_that_of_the_bound(decoder, features):
    (-bound(decoder, features)).backward()
    exact = gradients(decoder)
    objective = Choosing(0.0, entropy=0.0)
    torch.manual_seed(3)
    for _ in range(2):  # the second time with a baseline
        decoder.zero_grad()
        loss, sentences = objective(decoder, features, batch(20000))
        loss.backward()
    assert sentences == 20000
    drawn = gradients(decoder)
    assert (drawn - exact).norm() < 0.05 * exact.norm()
    attention = decoder.attention.score.weight.grad
    assert attention.norm() > 0.01 * exact.norm()


def test_without_the_reward_attention_learns_nothing(decoder, features):
    loss, _ = Choosing(0.0, reward=0.0, entropy=0.0)(decoder, features, batch(50))
    loss.backward()
    assert not decoder.attention.score.weight.grad.any()
    assert decoder.value.weight.grad.any()


def test_entropy_flattens_the_weights(decoder, features):
    before = decoder.choose(features, torch.from_numpy(batch().words)).entropies.mean()
    optimizer = torch.optim.SGD(decoder.attention.parameters(), lr=0.1)
    for _ in range(30):
        loss, _ = Choosing(0.0, reward=0.0, entropy=1.0)(decoder, features, batch(10))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    after = decoder.choose(features, torch.from_numpy(batch().words)).entropies.mean()
    assert before < after <= np.log(C) + 1e-6


def test_the_baseline_follows_the_log_probability(decoder, features):
    """Xu et al.'s moving average, of a word: nine tenths of what it was and one tenth of what is new."""
    objective, seen = Choosing(0.0), []
    for _ in range(3):
        with torch.no_grad():
            decoder.output.bias.add_(torch.randn(V))
        state = torch.get_rng_state()
        with torch.no_grad():
            logits = decoder.choose(features, torch.from_numpy(batch(4).words)).logits
        words = torch.from_numpy(batch(4).targets)[..., None]
        seen.append(logits.log_softmax(-1).gather(-1, words).mean().item())
        torch.set_rng_state(state)
        objective(decoder, features, batch(4))
    expected = 0.9 * (0.9 * seen[0] + 0.1 * seen[1]) + 0.1 * seen[2]
    assert decoder.baseline.item() == pytest.approx(expected, rel=1e-5)


def test_the_baseline_is_in_the_checkpoint(decoder, tmp_path):
    """A resumed run goes on with it."""
    decoder.baseline.fill_(-12.5)
    checkpoints.write_tensors(dict(checkpoints.unshared(decoder)), tmp_path / "weights.safetensors")
    read = checkpoints.load_file(tmp_path / "weights.safetensors")
    assert read["baseline"].item() == -12.5


def test_what_is_not_real_counts_for_nothing(decoder, features):
    """Neither its word nor the cell that was drawn for it."""
    mask = np.array([[[True, False]]])
    decoder.baseline.fill_(-1.0)
    state = torch.get_rng_state()
    loss, sentences = Choosing(0.0)(decoder, features, batch(mask=mask))
    decoder.baseline.fill_(-1.0)
    torch.set_rng_state(state)
    other = batch(mask=mask)
    other.targets[..., 1] = 5
    again, _ = Choosing(0.0)(decoder, features, other)
    assert sentences == 1
    assert loss.item() == again.item()


def test_cells_are_drawn_as_often_as_their_weights_say(decoder, features):
    words = torch.ones(1, 30000, 1, dtype=torch.long)
    with torch.no_grad():
        log_chances = decoder.choose(features, words).log_chances
        memory, state = decoder.start(features)
        weights = decoder.attention(state["h"], memory["keys"], memory["mask"]).flatten()
    for weight in weights:
        share = torch.isclose(log_chances, weight.log(), atol=1e-5).float().mean()
        assert share.item() == pytest.approx(weight.item(), abs=0.02)


def test_cells_that_are_not_real_are_never_drawn(decoder, features):
    hidden = features._replace(mask=torch.tensor([[True, False, True]]))
    log_chances = decoder.choose(hidden, torch.ones(1, 2000, 2, dtype=torch.long)).log_chances
    assert log_chances.min() > np.log(1e-6)


def test_half_of_the_photos_are_looked_at_softly(decoder, features):
    decoder.soft = 0.5
    many = Features(*(part.expand(400, *part.shape[1:]) for part in features))
    log_chances = decoder.choose(many, torch.ones(400, 2, 3, dtype=torch.long)).log_chances
    softly = (log_chances == 0).flatten(1).all(1)
    assert ((log_chances < 0).flatten(1).all(1) | softly).all()
    assert softly.float().mean().item() == pytest.approx(0.5, abs=0.1)


def test_outside_training_the_likeliest_cell_is_looked_at(decoder, features):
    decoder.eval()
    memory, state = decoder.start(features)
    weights = decoder.attention(state["h"], memory["keys"], memory["mask"])
    _, after = decoder.step(torch.ones(1, 1, dtype=torch.long), memory, state)
    assert after["looked"][0, 0].tolist() == [float(i == weights.argmax()) for i in range(C)]
