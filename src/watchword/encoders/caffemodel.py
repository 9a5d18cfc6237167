"""Weights in Caffe's own files (.caffemodel), and what they are in a network that takes torchvision's shades.

A .caffemodel is a protocol buffer of Caffe's `NetParameter` (caffe.proto). Of it are read the layers that have
weights, in either form that public files have: `layer`, and `layers` of before 2015 (V1). The format is declared
here, as far as it is read, so that Caffe is not needed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from watchword.encoders.imagenet import DEVIATION, MEAN

# Messages of caffe.proto: each field with its number and type, "[]" for repeated ones. Packed floats are bytes.
MESSAGES = {
    "BlobShape": {"dim": (1, "int64[]")},
    "BlobProto": {
        "num": (1, "int32"),
        "channels": (2, "int32"),
        "height": (3, "int32"),
        "width": (4, "int32"),
        "data": (5, "bytes"),
        "shape": (7, "BlobShape"),
    },
    "LayerParameter": {"name": (1, "string"), "blobs": (7, "BlobProto[]")},
    "V1LayerParameter": {"name": (4, "string"), "blobs": (6, "BlobProto[]")},
    "NetParameter": {"layers": (2, "V1LayerParameter[]"), "layer": (100, "LayerParameter[]")},
}
KINDS = ("weight", "bias")  # what the blobs of a layer are, in their order


def message() -> Any:
    """Return a new, empty `NetParameter`, as far as it is declared here."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="caffemodel.proto", package="caffe", syntax="proto2")
    for title, fields in MESSAGES.items():
        declared = file.message_type.add(name=title)
        for name, (number, told) in fields.items():
            kind, label = told.removesuffix("[]"), field.LABEL_REPEATED if "[]" in told else field.LABEL_OPTIONAL
            if kind in MESSAGES:
                declared.field.add(
                    name=name, number=number, label=label, type=field.TYPE_MESSAGE, type_name=f".caffe.{kind}"
                )
            else:
                declared.field.add(name=name, number=number, label=label, type=getattr(field, f"TYPE_{kind.upper()}"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("caffe.NetParameter"))()


def read_caffemodel(path: Path) -> dict[str, Tensor]:
    """Return the weights of a file as LAYER.weight and LAYER.bias, layer by layer in its order.

    Raises some error for a file that is damaged or of another format.
    """
    net = message()
    net.ParseFromString(path.read_bytes())
    return {
        f"{layer.name}.{kind}": _tensor(blob)
        for layer in (*net.layers, *net.layer)
        if layer.blobs
        for kind, blob in zip(KINDS, layer.blobs, strict=True)
    }


def _tensor(blob: Any) -> Tensor:
    """Return a blob; older files pad its shape to four numbers with ones in front."""
    shape = list(blob.shape.dim) or [blob.num, blob.channels, blob.height, blob.width]
    while len(shape) > 1 and shape[0] == 1 and not blob.shape.dim:
        del shape[0]
    return torch.from_numpy(np.frombuffer(blob.data, "<f4").astype(np.float32).reshape(shape))


def in_our_shades(
    found: Mapping[str, Tensor], network: nn.Module, mean: tuple[float, float, float]
) -> dict[str, Tensor]:
    """Return weights that Caffe trained by the names of `network`, whose layers are in the same order.

    Caffe's networks see blue, green and red from 0 to 255 less `mean` (here of red, green and blue); ours see
    red, green and blue as torchvision has them. The first convolution takes that difference on itself:
    what comes out is the same, but for half a shade where its padding lies.
    """
    own, theirs = network.state_dict(), list(found)
    names = [*list(own)[: len(theirs)], *theirs[len(own) :]]
    named = dict(zip(names, found.values(), strict=True))
    first, bias = list(own)[:2]
    if all(name in named and named[name].shape == own[name].shape for name in (first, bias)):
        weight, shift = named[first].flip(1), torch.tensor(MEAN) * 255 - torch.tensor(mean)
        named[first] = weight * torch.tensor(DEVIATION).view(3, 1, 1) * 255
        named[bias] = named[bias] + weight.sum((2, 3)) @ shift
    return named
