"""Stand-ins for torchvision and timm, which the tests do not need: the same calls, a few layers."""

import sys
from types import SimpleNamespace

import torch
from torch import nn


class Chain(nn.Module):
    """As torchvision's networks: `features`, pooling, `classifier`."""

    def __init__(self, between=False):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU(), nn.Conv2d(4, 6, 3, 2, 1))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(6, 5)
        self.between = between

    def forward(self, x):
        maps = self.features(x)
        return self.classifier(self.avgpool(maps.relu() if self.between else maps).flatten(1))


class Tokens(nn.Module):
    """As timm's transformers: one token for the picture and one for each of 2 x 2 patches."""

    num_features, num_prefix_tokens = 6, 1
    pretrained_cfg = {"input_size": (3, 32, 32), "mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}  # noqa: RUF012

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 6, 16, 16)

    def forward_features(self, x):
        tokens = self.patches(x).flatten(2).transpose(1, 2)
        return torch.cat((tokens.mean(1, keepdim=True), tokens), 1)


class ChannelsLast(Tokens):
    """As timm's Swin: maps whose widths come last."""

    def forward_features(self, x):
        return self.patches(x).permute(0, 2, 3, 1)


def get_model(name, weights=None):
    """Return a stand-in for a network of torchvision."""
    if weights is not None:
        raise OSError("nobody is reached")
    return {"chain": Chain, "branching": lambda: Chain(between=True)}[name]()


def create_model(name, pretrained=False):
    """Return a stand-in for a network of timm."""
    return {"tokens": Tokens, "channels_last": ChannelsLast}[name]()


def stand_in(monkeypatch):
    """Put the stand-ins where the libraries would be."""
    models = SimpleNamespace(get_model=get_model)
    for name, module in {
        "torchvision": SimpleNamespace(models=models),
        "torchvision.models": models,
        "timm": SimpleNamespace(create_model=create_model),
    }.items():
        monkeypatch.setitem(sys.modules, name, module)
