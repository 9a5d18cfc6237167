"""An LSTM that says at every step which class it sees."""

import pytest
import torch

from watchword.core.types import Features
from watchword.decoders.labelling import StepClassifier


def features(cells):
    return Features(cells.mean(1), cells, torch.ones_like(cells[:, :, 0], dtype=torch.bool))


def classifier(**options):
    torch.manual_seed(0)
    return StepClassifier(features=6, classes=3, width=5, **options).eval()


@pytest.mark.parametrize(
    ("frames", "starts"), [(1, [0]), (16, [0]), (17, [0, 1]), (24, [0, 8]), (30, [0, 8, 14]), (32, [0, 8, 16])]
)
def test_stretches_of_16_begin_every_8_frames_and_reach_the_end(frames, starts):
    assert classifier().starts(frames) == starts


def test_a_stretch_is_told_as_if_it_were_the_whole_clip():
    model, cells = classifier(length=4, stride=2), torch.randn(2, 7, 6)
    alone = [model(features(cells[:, first : first + 4])) for first in (0, 2, 3)]
    said = model(features(cells))
    assert said.shape == (2, 12, 3)
    assert torch.allclose(said, torch.cat(alone, 1), atol=1e-6)
    mean = torch.stack([each.softmax(-1).mean(1) for each in alone]).mean(0)
    assert torch.allclose(model.probabilities(features(cells)), mean, atol=1e-6)


def test_the_order_of_frames_counts_for_the_lstm_and_not_for_the_baseline():
    cells = torch.randn(1, 5, 6)
    for cell, same in (("lstm", False), ("none", True)):
        model = classifier(cell=cell)
        there, back = (model.probabilities(features(each)) for each in (cells, cells.flip(1)))
        assert torch.allclose(there, back, atol=1e-5) == same


def test_what_is_told_at_a_step_depends_on_no_later_frame():
    model, cells = classifier(), torch.randn(1, 6, 6)
    other = cells.clone()
    other[:, 4:] += 1
    assert torch.equal(model(features(cells))[:, :4], model(features(other))[:, :4])
    assert not torch.allclose(model(features(cells))[:, 4:], model(features(other))[:, 4:])


def test_dropout_only_acts_in_training():
    model, cells = classifier(dropout=0.5, dropout_after=0.5), torch.randn(1, 6, 6)
    assert torch.equal(model(features(cells)), model(features(cells)))
    model.train()
    assert not torch.equal(model(features(cells)), model(features(cells)))
