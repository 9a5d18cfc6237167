"""Pixels to `Features`: one file a network, one import line here to register it."""

from watchword.encoders import efficientnet_lite, plain_cnn
from watchword.encoders.base import Encoder, encoders

__all__ = ["Encoder", "efficientnet_lite", "encoders", "plain_cnn"]
