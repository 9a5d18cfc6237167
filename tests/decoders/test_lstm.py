import numpy as np
import pytest
import torch

from watchword.decoders.lstm import LSTMCell


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def paper_lstm(wx, wh, b, xs):
    """Paper 1, equations (3)-(9), one vector at a time."""
    width = wh.shape[1]
    h, c, states = np.zeros(width), np.zeros(width), []
    for x in xs:
        a = wx @ x + wh @ h + b
        i, f, o, g = (a[k * width : (k + 1) * width] for k in range(4))
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.array(states)


@pytest.fixture
def cell():
    torch.manual_seed(0)
    return LSTMCell(5, 7).double()


def run(cell, xs):
    h = c = torch.zeros(1, cell.width, dtype=xs.dtype)
    states = []
    for x in xs:
        h, c = cell(x[None], h, c)
        states.append(h[0])
    return torch.stack(states)


def test_equals_the_equations(cell):
    xs = torch.randn(9, 5, dtype=torch.float64)
    wx, b, wh = (p.detach().numpy() for p in (cell.input.weight, cell.input.bias, cell.hidden.weight))
    assert np.allclose(run(cell, xs).detach().numpy(), paper_lstm(wx, wh, b, xs.numpy()), atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_equals_torchs_fused_lstm(cell, dtype):
    cell = cell.to(dtype)
    fused = torch.nn.LSTM(5, 7).to(dtype)
    order = [0, 1, 3, 2]  # torch has i, f, g, o

    def reorder(weight):
        return torch.cat([weight.chunk(4)[k] for k in order])

    with torch.no_grad():
        fused.weight_ih_l0.copy_(reorder(cell.input.weight))
        fused.weight_hh_l0.copy_(reorder(cell.hidden.weight))
        fused.bias_ih_l0.copy_(reorder(cell.input.bias))
        fused.bias_hh_l0.zero_()
    xs = torch.randn(20, 5, dtype=dtype)
    assert (run(cell, xs) - fused(xs[:, None])[0][:, 0]).abs().max() < 1e-5


def test_gradients_are_right(cell):
    x, h, c = (torch.randn(2, n, dtype=torch.float64, requires_grad=True) for n in (5, 7, 7))
    assert torch.autograd.gradcheck(cell, (x, h, c))


def test_parameters_are_as_many_as_the_matrices_hold(cell):
    assert sum(p.numel() for p in cell.parameters()) == 4 * 7 * (5 + 7 + 1)


def test_reading_ahead_changes_nothing(cell):
    x, h, c = torch.randn(3, 5).double(), torch.randn(3, 7).double(), torch.randn(3, 7).double()
    assert torch.equal(cell(x, h, c)[0], cell.advance(cell.read(x), h, c)[0])
