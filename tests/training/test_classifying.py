import numpy as np
import pytest
import torch

from watchword.core.errors import SettingsError
from watchword.encoders import encoders
from watchword.training.classifying import Classifying, Labelled, fit_classes, said

SETTINGS = Classifying(epochs=8, batch=8, learning_rate=2e-3)


def stripes(count, seed):
    """Pictures (N, 32, 32, 3) of stripes along or across, with noise."""
    random = np.random.default_rng(seed)
    classes = random.integers(0, 2, count)
    lines = (np.arange(32) // 4 % 2 * 200)[:, None, None] + np.zeros((32, 32, 3))
    pictures = np.stack([lines.transpose(1, 0, 2) if one else lines for one in classes])
    return Labelled((pictures + random.uniform(0, 50, pictures.shape)).astype(np.uint8), classes)


def network(seed=0):
    torch.manual_seed(seed)
    return encoders["plain_cnn"]()


def share_right(model, judge):
    return (said(model, judge) == judge.classes).mean()


def test_it_learns_to_tell_stripes_apart():
    told, model = [], network()
    history = fit_classes(model, stripes(64, 0), stripes(32, 1), SETTINGS, told.append)
    assert history == told
    assert history[-1]["loss"] < history[0]["loss"] / 2
    assert [row["epoch"] for row in history] == list(range(1, 9))
    assert share_right(model, stripes(64, 2)) > 0.9


def test_the_best_epoch_is_kept():
    model, judge = network(), stripes(32, 1)
    history = fit_classes(model, stripes(64, 0), judge, SETTINGS)
    assert share_right(model, judge) == max(row["accuracy"] for row in history)


def test_the_same_seed_gives_the_same_network():
    first, second = network(), network()
    for model in (first, second):
        fit_classes(model, stripes(16, 0), stripes(8, 1), Classifying(epochs=2, batch=8))
    assert first.fingerprint() == second.fingerprint()
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


def test_divergence_is_said():
    with pytest.raises(SettingsError, match="training diverged in epoch 1: lower learning_rate"):
        fit_classes(network(), stripes(64, 0), stripes(8, 1), Classifying(learning_rate=1e30, clip=0, batch=4))
