"""Pixels to `Features`: one file a network, one import line here to register it."""

from watchword.encoders import alexnet, efficientnet_lite, from_file, installed, mobilenet, plain_cnn, regions, vgg
from watchword.encoders.base import Encoder
from watchword.encoders.named import encoders

__all__ = [
    "Encoder",
    "alexnet",
    "efficientnet_lite",
    "encoders",
    "from_file",
    "installed",
    "mobilenet",
    "plain_cnn",
    "regions",
    "vgg",
]
