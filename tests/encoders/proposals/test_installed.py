import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from watchword.core.errors import DataError, SettingsError
from watchword.encoders.proposals import proposals
from watchword.encoders.proposals.installed import Detector

PIXELS = np.full((50, 100, 3), 255, np.uint8)


class Made(nn.Module):
    """As torchvision's detectors: a list of pictures in, a table for each out."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, pictures):
        assert [(picture.shape, picture.max().item()) for picture in pictures] == [((3, 50, 100), 1)]
        boxes = torch.tensor([[10.0, 10, 60, 30], [0, 0, 120, 50], [-9, 0, -3, 50], [20, 20, 40, 40]])
        return [{"boxes": boxes * self.scale, "scores": torch.tensor([0.2, 0.9, 0.8, 0.5]), "labels": torch.arange(4)}]


@pytest.fixture
def library(monkeypatch):
    def get_model(name, weights=None, weights_backbone=None):
        if weights:
            raise OSError("nobody is reached")
        return Made()

    monkeypatch.setitem(sys.modules, "torchvision", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "torchvision.models", SimpleNamespace(get_model=get_model))


def test_what_a_detector_finds():
    boxes, scores = Detector(Made().eval(), name="made", count=2).propose(PIXELS)
    assert np.allclose(boxes, [[0, 0, 1, 1], [0.2, 0.4, 0.4, 0.8]])  # cut off; what lies outside is left out
    assert np.allclose(scores, [0.9, 0.5])


def test_it_is_made_by_name(library, tmp_path):
    torch.save({"scale": torch.full((1,), 0.5)}, tmp_path / "w.pth")
    found = proposals[f"torchvision:network=any,weights={tmp_path / 'w.pth'}"]()
    assert np.allclose(found.propose(PIXELS)[0][1], [0.1, 0.2, 0.2, 0.4])
    other = proposals["torchvision:network=any,pretrained=false"]()
    assert len({found.name, other.name}) == 2
    with pytest.raises(DataError, match="this detector cannot be had: nobody is reached; give weights=FILE"):
        proposals["torchvision"]()


def test_torchvision_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.setitem(sys.modules, "torchvision.models", None)
    with pytest.raises(SettingsError, match="need torchvision: pip install torchvision"):
        proposals["torchvision"]()


@pytest.mark.slow
def test_the_real_library():
    pytest.importorskip("torchvision")
    boxes, scores = proposals["torchvision:pretrained=false"]().propose(PIXELS)
    assert len(boxes) == len(scores) <= 19
