"""CaffeNet from its equations, and Caffe's own files: both forms, other networks, damage."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from watchword.core.errors import DataError, SettingsError
from watchword.encoders import encoders
from watchword.encoders.caffemodel import message
from watchword.encoders.imagenet import normalised

SMALL = "caffenet:size=67,channels=6,hidden=8"
LAYERS = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"]
MEAN = np.float32([104.007, 116.669, 122.679])  # blue, green, red


def drawn(seed=0):
    """Weights of every layer, large enough for normalisation to matter."""
    random = np.random.default_rng(seed)
    wide = [(6, 3, 11, 11), (16, 3, 5, 5), (24, 16, 3, 3), (24, 12, 3, 3), (16, 12, 3, 3), (8, 16), (8, 8), (1000, 8)]
    return [
        (random.normal(0, (2 / np.prod(s[1:])) ** 0.5, s).astype(np.float32), random.normal(0, 1, s[0]).astype("f4"))
        for s in wide
    ]


def written(path, weights, *, old, names=LAYERS):
    """A .caffemodel: `layer` with shapes, or `layers` with shapes of four numbers, as before 2015."""
    net = message()
    for name, blobs in zip(names, weights, strict=True):
        layer = (net.layers if old else net.layer).add(name=name)
        for value in blobs:
            blob = layer.blobs.add(data=value.tobytes())
            if old:
                blob.num, blob.channels, blob.height, blob.width = [1] * (4 - value.ndim) + list(value.shape)
            else:
                blob.shape.dim.extend(value.shape)
        (net.layers if old else net.layer).add(name=f"relu of {name}")  # a layer without weights
    path.write_bytes(net.SerializeToString())
    return path


def shown(pixels, weights):
    """conv5, fc6, fc7 and fc8 as Caffe has them: blue, green, red less the mean; groups, pooling, normalisation."""
    x = torch.from_numpy((pixels[..., ::-1].astype(np.float32) - MEAN).transpose(0, 3, 1, 2).copy())
    weights = [tuple(map(torch.from_numpy, pair)) for pair in weights]
    for number, (stride, padding, groups) in enumerate([(4, 0, 1), (1, 2, 2), (1, 1, 1), (1, 1, 2), (1, 1, 2)]):
        weight, bias = weights[number]
        parts = zip(x.chunk(groups, 1), weight.chunk(groups), bias.chunk(groups), strict=True)
        x = torch.cat([F.conv2d(part, w, b, stride, padding) for part, w, b in parts], 1).relu()
        if number < 2:
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            squares = F.pad(x**2, (0, 0, 0, 0, 2, 2)).unfold(1, 5, 1).sum(-1)
            x = x / (1 + 1e-4 / 5 * squares) ** 0.75
    conv5, x = x, F.max_pool2d(x, 3, 2, ceil_mode=True).flatten(1)
    six = F.linear(x, *weights[5]).relu()
    seven = F.linear(six, *weights[6]).relu()
    return conv5.flatten(2).transpose(1, 2), six, seven, F.linear(seven, *weights[7])


def pictures(size=67):
    return np.random.default_rng(1).integers(0, 256, (2, size, size, 3), dtype=np.uint8)


@pytest.mark.parametrize("old", [False, True])
def test_a_file_of_caffe_gives_what_caffe_gives(old, tmp_path):
    """Though Caffe sees blue first, from 0 to 255, and our encoders red first, in deviations."""
    weights, pixels = drawn(), pictures()
    file = written(tmp_path / "small.caffemodel", weights, old=old)
    conv5, *fully = shown(pixels, weights)
    assert conv5.abs().mean() > 1
    for whole, expected in zip(("fc6", "fc7", "fc8"), fully, strict=True):
        network = encoders[f"{SMALL},weights={file},whole={whole}"]()
        with torch.inference_mode():
            seen = network(torch.from_numpy(pixels))
        assert expected.abs().mean() > 0.1
        assert torch.allclose(seen.cells, conv5, rtol=1e-4, atol=1e-3)
        assert torch.allclose(seen.whole, expected, rtol=1e-4, atol=1e-3)
        assert torch.allclose(network.classify(seen), fully[2].softmax(-1), atol=1e-4)


def test_normalisation_may_come_before_pooling():
    torch.manual_seed(0)
    kinds = {}
    for first in ("pool", "norm"):
        network = encoders[f"{SMALL},pretrained=false,first={first}"]()
        kinds[first] = [type(layer).__name__ for layer in network.features[:8]]
        assert network.grid == (3, 3)
    behind = ["MaxPool2d", "LocalResponseNorm"]
    assert kinds["pool"] == ["Conv2d", "ReLU", *behind] * 2
    assert kinds["norm"] == ["Conv2d", "ReLU", *behind[::-1]] * 2
    assert encoders[f"{SMALL},pretrained=false"]().name != network.name


def test_caffenet_has_as_many_parameters_as_by_hand():
    """Of a group, a convolution reads half of the maps."""
    with torch.device("meta"):
        network = encoders["caffenet"](pretrained=False)
    convolutions = [(3, 96, 11), (48, 256, 5), (256, 384, 3), (192, 384, 3), (192, 256, 3)]
    by_hand = sum(b * (a * k * k + 1) for a, b, k in convolutions)
    by_hand += sum(b * (a + 1) for a, b in [(9216, 4096), (4096, 4096), (4096, 1000)])
    assert sum(p.numel() for p in network.parameters()) == by_hand == 60_965_224
    assert (network.grid, network.size) == ((13, 13), 227)


def test_grids_are_pooled_as_caffe_does():
    """Its windows go over the edge: 230 pixels give 55 rows like 227, 231 give 56, of which 28 and 14 remain."""
    for size, conv5, pool5 in [(55, 3, 1), (67, 3, 1), (227, 13, 6), (230, 13, 6), (231, 14, 7)]:
        for cells, side in (("conv5", conv5), ("pool5", pool5)):
            network = encoders[f"caffenet:pretrained=false,channels=6,hidden=2,size={size},cells={cells}"]()
            with torch.inference_mode():
                seen = network(torch.zeros(1, size, size, 3, dtype=torch.uint8))
            assert network.grid == (side, side)
            assert seen.cells.shape == (1, side * side, 16)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("size=54", "size=54: CaffeNet takes pictures of 55 pixels or more"),
        ("channels=8", "channels=8: a multiple of 6"),
        ("channels=0", "channels=0: a multiple of 6"),
    ],
)
def test_what_caffenet_cannot_be(option, message):
    with pytest.raises(SettingsError, match=message):
        encoders[f"caffenet:pretrained=false,{option}"]()


def test_vggs_own_file_loads(tmp_path):
    """The file that neuraltalk read: where nothing is padded in the first layer, to the digit; else within a shade."""
    torch.manual_seed(0)
    small = "vgg16:size=32,channels=2,hidden=8"
    random = encoders[f"{small},pretrained=false"]()
    values = list(random.state_dict().values())
    names = [f"layer {number}" for number in range(16)]
    weights = [(values[2 * n].numpy(), values[2 * n + 1].numpy()) for n in range(16)]
    network = encoders[f"{small},weights={written(tmp_path / 'vgg.caffemodel', weights, old=True, names=names)}"]()
    pixels = pictures(32)
    theirs = torch.from_numpy((pixels[..., ::-1] - np.float32([103.939, 116.779, 123.68])).transpose(0, 3, 1, 2).copy())
    expected = random.features[0](theirs)
    found = network.features[0](normalised(torch.from_numpy(pixels)))
    assert torch.allclose(found[..., 1:-1, 1:-1], expected[..., 1:-1, 1:-1], atol=1e-3)
    assert (found - expected).abs().max() < 0.5 * float(random.features[0].weight.abs().sum((1, 2, 3)).max())
    assert all(torch.equal(a, b) for a, b in zip(list(network.state_dict().values())[2:], values[2:], strict=True))


def test_a_file_of_another_network_is_told(tmp_path):
    weights = drawn()
    fewer = written(tmp_path / "fewer.caffemodel", weights[:7], old=False, names=LAYERS[:7])
    with pytest.raises(DataError, match=r"fewer.caffemodel is not of this network: it has no classifier.6.bias"):
        encoders[f"{SMALL},weights={fewer}"]()
    more = written(tmp_path / "more.caffemodel", [*weights, weights[7]], old=False, names=[*LAYERS, "fc9"])
    with pytest.raises(DataError, match=r"it has fc9\.bias, which is not in it"):
        encoders[f"{SMALL},weights={more}"]()
    whole = written(tmp_path / "whole.caffemodel", weights, old=True)
    with pytest.raises(DataError, match=r"classifier.0.bias of shape \(8,\), not \(2,\)"):
        encoders[f"caffenet:hidden=2,weights={whole}"]()
    with pytest.raises(DataError, match="file of Caffe's, for caffenet or vgg16"):
        encoders[f"alexnet:size=64,channels=2,hidden=8,weights={whole}"]()


def test_damaged_files_are_told(tmp_path):
    good = written(tmp_path / "good.caffemodel", drawn(), old=False).read_bytes()
    random = np.random.default_rng(0)
    kinds = {
        "empty": b"",
        "text": b"name: 'CaffeNet'\nlayer { }",
        "half": good[: len(good) // 2],
        "noise": random.bytes(5000),
        "page": b"<html>404</html>",
    }
    for kind, content in kinds.items():
        file = tmp_path / f"{kind}.caffemodel"
        file.write_bytes(content)
        with pytest.raises(DataError, match=rf"{kind}.caffemodel (is damaged or holds|holds no table)"):
            encoders[f"{SMALL},weights={file}"]()


def test_changed_bytes_never_raise_anything_else(tmp_path):
    good = bytearray(written(tmp_path / "good.caffemodel", drawn(), old=True).read_bytes())
    random = np.random.default_rng(0)
    told = 0
    for _ in range(200):
        changed = bytearray(good)
        for place in random.integers(0, 60, 2):
            changed[place] = random.integers(256)
        file = tmp_path / "changed.caffemodel"
        file.write_bytes(changed)
        try:
            encoders[f"{SMALL},weights={file}"]()
        except DataError:
            told += 1
    assert told > 50


def test_caffes_file_is_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    wanted = r"of caffenet are not here: put http\S+/bvlc_reference_caffenet.caffemodel into \S+checkpoints"
    with torch.device("meta"):
        with pytest.raises(DataError, match=wanted):
            encoders["caffenet"]()
        with pytest.raises(DataError, match=r"bvlc_alexnet\.caffemodel"):
            encoders["caffenet:first=norm"]()
    Path(tmp_path / "checkpoints").mkdir()
    written(tmp_path / "checkpoints" / "bvlc_reference_caffenet.caffemodel", drawn(), old=True)
    assert encoders[SMALL]().key.startswith("caffenet-67-conv5-fc7-6-")
