"""Pixels to `Features`: one file a network, one import line here to register it."""

from watchword.encoders import (
    alexnet,
    caffenet,
    clip_features,
    efficientnet_lite,
    frames,
    from_file,
    from_tuples,
    installed,
    mobilenet,
    plain_cnn,
    regions,
    vgg,
)
from watchword.encoders.base import Encoder
from watchword.encoders.named import encoders

__all__ = ["Encoder", "encoders"]
