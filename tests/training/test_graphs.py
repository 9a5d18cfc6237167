import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from watchword.training.graphs import LARGE, write


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3))


def run(path, x):
    return onnxruntime.InferenceSession(str(path)).run(None, {"x": x})[0]


def test_halved_weights_are_rounded_and_nothing_else(network, tmp_path):
    x = torch.randn(5, 64)
    for half in (False, True):
        write(network, (x,), tmp_path / f"{half}.onnx", ["x"], ["y"], half)
    with torch.no_grad():
        whole = network(x).numpy()
        network[0].weight.copy_(network[0].weight.half().float())
        rounded = network(x).numpy()
    assert np.abs(run(tmp_path / "False.onnx", x.numpy()) - whole).max() < 1e-5
    assert np.abs(run(tmp_path / "True.onnx", x.numpy()) - rounded).max() < 1e-5


def test_only_large_weights_are_halved(network, tmp_path):
    write(network, (torch.randn(2, 64),), tmp_path / "g.onnx", ["x"], ["y"], True)
    weights = {w.name: w for w in onnx.load(str(tmp_path / "g.onnx")).graph.initializer}
    halved = {name for name, w in weights.items() if w.data_type == onnx.TensorProto.FLOAT16}
    assert {int(np.prod(weights[name].dims)) >= LARGE for name in halved} == {True}
    assert all(int(np.prod(w.dims)) < LARGE for name, w in weights.items() if name not in halved)
    assert len(halved) == 1


def test_any_number_of_photos_goes_through(network, tmp_path):
    write(network, (torch.randn(2, 64),), tmp_path / "g.onnx", ["x"], ["y"], False)
    for photos in (1, 2, 7):
        assert run(tmp_path / "g.onnx", np.zeros((photos, 64), np.float32)).shape == (photos, 3)
