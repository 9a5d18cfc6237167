import numpy as np
import pytest
import torch

from watchword.decoders.rnn import RNNCell

ACTIVATIONS = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0)}


def run(cell, xs):
    h, states = torch.zeros(1, cell.width, dtype=xs.dtype), []
    for x in xs:
        h = cell(x[None], h)
        states.append(h[0])
    return torch.stack(states)


@pytest.fixture(params=ACTIVATIONS)
def cell(request):
    torch.manual_seed(0)
    return RNNCell(5, 7, activation=request.param).double()


def paper_rnn(cell, f, xs, rectified=False):
    """Paper 1, equation (1), with the bias of (11), one vector at a time."""
    wx, b, wh = (p.detach().numpy() for p in (cell.input.weight, cell.input.bias, cell.hidden.weight))
    h, states = np.zeros(7), []
    for x in xs.numpy():
        read = f(wx @ x) if rectified else wx @ x
        h = f(wh @ h + read + b)
        states.append(h)
    return np.array(states)


@pytest.mark.parametrize("rectified", [False, True])
@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_equals_the_equation(kind, rectified):
    torch.manual_seed(0)
    cell = RNNCell(5, 7, activation=kind, rectified=rectified).double()
    xs = torch.randn(9, 5, dtype=torch.float64)
    expected = paper_rnn(cell, ACTIVATIONS[kind], xs, rectified)
    assert np.allclose(run(cell, xs).detach().numpy(), expected, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_equals_torchs_fused_rnn(kind, dtype):
    torch.manual_seed(0)
    cell, fused = RNNCell(5, 7, activation=kind).to(dtype), torch.nn.RNN(5, 7, nonlinearity=kind).to(dtype)
    with torch.no_grad():
        fused.weight_ih_l0.copy_(cell.input.weight)
        fused.weight_hh_l0.copy_(cell.hidden.weight)
        fused.bias_ih_l0.copy_(cell.input.bias)
        fused.bias_hh_l0.zero_()
    xs = torch.randn(20, 5, dtype=dtype)
    assert (run(cell, xs) - fused(xs[:, None])[0][:, 0]).abs().max() < 1e-5


def test_gradients_are_right(cell):
    x, h = (torch.randn(2, n, dtype=torch.float64, requires_grad=True) for n in (5, 7))
    assert torch.autograd.gradcheck(cell, (x, h))


def test_what_it_carries_neither_fades_nor_swells_at_first(cell):
    wh = cell.hidden.weight.detach()
    assert torch.allclose(wh @ wh.T, torch.eye(7, dtype=wh.dtype), atol=1e-6)
