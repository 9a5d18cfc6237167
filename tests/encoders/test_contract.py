"""The contract: what every encoder must do, whatever it is made of. A new one needs a line in FORMS and no more."""

import math
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from tests.encoders.libraries import stand_in
from watchword.core.errors import SettingsError
from watchword.data.pca import PCA
from watchword.encoders import encoders
from watchword.encoders.named import Encoders
from watchword.encoders.projected import Projected
from watchword.training.graphs import EncoderGraph, write
from watchword.training.trunks import Trunk

# Small forms, and how many units each can freeze.
FORMS = {
    "alexnet:pretrained=false,size=64,channels=2,hidden=8": 6,
    "alexnet:pretrained=false,size=64,channels=2,hidden=8,whole=fc6,cells=pool5": 6,
    "caffenet:pretrained=false,size=67,channels=6,hidden=8": 6,
    "efficientnet_lite0:pretrained=false": 18,
    "efficientnet_lite2:pretrained=false": 23,
    "frames:of=plain_cnn,count=3": 5,
    "frames:of=plain_cnn,count=3,stream=flow,method=farneback,rate=15": 5,
    "frames:of=vgg16:pretrained=false+size=32+channels=2+hidden=8,count=2,play=pan": 14,
    "mobilenet_v2:pretrained=false,size=64": 19,
    "plain_cnn": 5,
    "plain_cnn:depth=10,size=48,classes=3": 9,
    "regions:of=plain_cnn": 5,
    "regions:of=vgg16:pretrained=false+size=64+channels=2+hidden=8,boxes=grid:levels=2x2-1x3": 14,
    "timm:network=tokens": 1,
    "timm:network=channels_last": 1,
    "torchvision:network=chain,pretrained=false,size=32": 3,
    "vgg16:pretrained=false,size=32,channels=2,hidden=8": 14,
    "vgg16:pretrained=false,size=32,channels=2,hidden=8,whole=fc8,cells=whole": 14,
}
NEVER_LOOKS = {"clip_features", "from_file", "tuples"}


@pytest.fixture(autouse=True)
def libraries(monkeypatch):
    stand_in(monkeypatch)


@pytest.fixture(params=FORMS)
def form(request):
    return request.param


def built(form, frozen):
    torch.manual_seed(0)
    return encoders[form](frozen=frozen).eval()


def pictures(encoder, count=2):
    random = np.random.default_rng(0)
    return torch.from_numpy(random.integers(0, 256, (count, encoder.size, encoder.size, 3), dtype=np.uint8))


def cuts(form):
    """None frozen, some, all but one, all."""
    return sorted({0, FORMS[form] // 2, FORMS[form] - 1, FORMS[form]})


def test_every_encoder_is_tested():
    assert {form.partition(":")[0] for form in FORMS} | NEVER_LOOKS == set(encoders)
    assert isinstance(encoders, Encoders)


def test_every_encoder_is_in_the_documents():
    table = (Path(__file__).parents[2] / "docs" / "encoders.md").read_text(encoding="utf-8")
    assert [name for name in encoders if f"\n| `{name}` |" not in table] == []


def test_shapes_are_those_that_it_says(form):
    for frozen in cuts(form):
        encoder = built(form, frozen)
        with torch.inference_mode():
            whole, cells, mask = encoder(pictures(encoder))
        places = math.prod(encoder.grid)
        assert whole.shape == (2, encoder.whole_width)
        assert cells.shape == (2, places, encoder.cells_width)
        assert mask.shape == (2, places)
        assert mask.all()
        assert (whole.dtype, cells.dtype, mask.dtype) == (torch.float32, torch.float32, torch.bool)
        assert encoder.cut == frozen
        assert all(part.isfinite().all() for part in (whole, cells))


def test_the_cut_changes_nothing_but_what_learns(form):
    encoder = built(form, 0)
    seen = pictures(encoder)
    with torch.inference_mode():
        expected = encoder(seen)
    learnt = []
    for frozen in cuts(form):
        other = built(form, frozen)
        other.load_state_dict(encoder.state_dict())
        with torch.inference_mode():
            found = other.top(other.trunk(seen))
        assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(found, expected, strict=True))
        frozen_ones = {id(p) for p in other.frozen_units().parameters()}
        assert all(p.requires_grad is False for p in other.parameters() if id(p) in frozen_ones)
        learnt.append(sum(p.numel() for p in other.parameters() if p.requires_grad))
    assert learnt == sorted(learnt, reverse=True)
    assert learnt[0] > learnt[-1]


def test_what_learns_gets_a_gradient_and_nothing_else_does(form):
    encoder = built(form, FORMS[form] // 2)
    features = encoder(pictures(encoder))
    (features.whole.square().sum() + features.cells.square().sum()).backward()
    missing = {n for n, p in encoder.named_parameters() if p.requires_grad and p.grad is None}
    assert {name for name in missing if "classifier" not in name} == set()
    assert all(p.grad is None for p in encoder.frozen_units().parameters())


def test_a_photo_is_seen_alike_alone_and_among_others(form):
    encoder = built(form, FORMS[form])
    seen = pictures(encoder, 3)
    with torch.inference_mode():
        together, alone = encoder(seen), encoder(seen[1:2])
    assert torch.allclose(together.whole[1:2], alone.whole, atol=1e-5)
    assert torch.allclose(together.cells[1:2], alone.cells, atol=1e-5)


def test_nothing_moves_in_training_but_by_gradient(form):
    encoder = built(form, 0).train()
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    with torch.no_grad():
        first, second = encoder(pictures(encoder)), encoder(pictures(encoder))
    assert torch.equal(first.whole, second.whole)
    assert all(torch.equal(before[name], value) for name, value in encoder.state_dict().items())


def test_what_it_saw_is_filed_under_its_weights(form):
    encoder, same, cut = built(form, FORMS[form]), built(form, FORMS[form]), built(form, FORMS[form] - 1)
    assert encoder.key == same.key != cut.key
    next(same.frozen_units().parameters()).data.add_(0.1)
    assert encoder.key != same.key
    assert encoder.key.startswith(encoder.name)
    assert not set(encoder.key) & set("/\\:,= ")  # it names a folder


def test_no_more_is_frozen_than_there_is(form):
    for frozen in (-1, FORMS[form] + 1):
        with pytest.raises(SettingsError, match=rf"frozen={frozen}: from 0 to {FORMS[form]}"):
            encoders[form](frozen=frozen)


def test_its_graphs_are_the_network(form, tmp_path):
    """Through ONNX Runtime as through PyTorch: what the trunk sees, features, and labels if there are."""
    for frozen in (FORMS[form] // 2, FORMS[form]):
        encoder = built(form, frozen)
        seen = pictures(encoder)
        trunk = Trunk(encoder)
        with torch.inference_mode():
            maps, features = encoder.trunk(seen).numpy(), encoder(seen)
        assert trunk.shape == maps.shape[1:]
        assert np.allclose(trunk(seen.numpy()), maps, rtol=1e-3, atol=1e-4)
    names = ["whole", "cells", "mask", *(["labels"] if encoder.labels else [])]
    write(EncoderGraph(encoder), (seen,), tmp_path / "e.onnx", ["pixels"], names, half=False)
    more = pictures(encoder, 3)  # not as many as it was made with
    with torch.inference_mode():
        features = encoder(more)
    found = onnxruntime.InferenceSession(str(tmp_path / "e.onnx")).run(None, {"pixels": more.numpy()})
    assert np.allclose(found[0], features.whole, rtol=1e-3, atol=1e-4)
    assert np.allclose(found[1], features.cells, rtol=1e-3, atol=1e-4)
    assert np.array_equal(found[2], features.mask)
    if encoder.labels:
        assert found[3].shape == (3, len(encoder.labels))
        assert np.allclose(found[3].sum(1), 1, atol=1e-4)


def test_its_whole_can_be_projected(form):
    inner = built(form, FORMS[form])
    random = np.random.default_rng(0)
    axes, mean = random.normal(size=(2, inner.whole_width)), random.normal(size=inner.whole_width)
    encoder = Projected(inner, PCA(mean, axes, np.ones(2)))
    with torch.inference_mode():
        seen, expected = encoder(pictures(encoder)), inner(pictures(inner))
    assert encoder.whole_width == 2
    assert np.allclose(seen.whole, (expected.whole.numpy() - mean) @ axes.T, rtol=1e-3, atol=1e-3)
    assert torch.equal(seen.cells, expected.cells)
    assert encoder.key == inner.key  # kept features serve any projection
