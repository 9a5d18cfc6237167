import pytest
import torch
from torch import nn

from watchword.core.errors import CheckpointError
from watchword.training.averages import Average


def test_equals_the_sum_it_stands_for():
    torch.manual_seed(0)
    model = nn.Linear(3, 2)
    average, expected = Average(model, 0.8), model.weight.detach().clone()
    for step in range(1, 60):
        with torch.no_grad():
            model.weight.add_(torch.randn(2, 3))
        average.update()
        decay = min(0.8, step / (step + 10))
        expected = decay * expected + (1 - decay) * model.weight.detach()
    with average.in_place():
        assert torch.allclose(model.weight, expected, atol=1e-5)


def test_the_weights_come_back():
    model = nn.Linear(3, 2)
    average, before = Average(model, 0.9), model.weight.detach().clone()
    with torch.no_grad():
        model.weight.mul_(2)
    with average.in_place():
        assert torch.equal(model.weight, before)
    assert torch.equal(model.weight, before * 2)


@pytest.mark.parametrize("decay", [0.0])
def test_without_decay_it_is_the_last_step(decay):
    model = nn.Linear(3, 2)
    average = Average(model, decay)
    with torch.no_grad():
        model.weight.mul_(3)
    average.update()
    with average.in_place():
        assert torch.equal(average.values["weight"], model.weight)


def test_the_weights_come_back_after_a_mishap():
    model = nn.Linear(3, 2)
    average = Average(model, 0.9)
    with torch.no_grad():
        model.weight.mul_(2)
    kept = model.weight.detach().clone()
    with pytest.raises(ValueError, match="mishap"), average.in_place():
        raise ValueError("mishap")
    assert torch.equal(model.weight, kept)


def test_a_state_is_left_as_it_is_and_has_to_fit():
    state = Average(nn.Linear(3, 2), 0.9).state()
    Average(nn.Linear(3, 2), 0.9).restore(state)
    assert set(state) == {"weight", "bias", "steps"}
    with pytest.raises(CheckpointError, match="is of other weights than learn here"):
        Average(nn.Linear(3, 2, bias=False), 0.9).restore(state)


def test_frozen_weights_are_left_out():
    model = nn.Sequential(nn.Linear(2, 2).requires_grad_(False), nn.Linear(2, 2))
    assert set(Average(model, 0.9).values) == {"1.weight", "1.bias"}


def test_it_goes_on_from_its_state():
    torch.manual_seed(0)
    model = nn.Linear(2, 2)
    first = Average(model, 0.9)
    first.update()
    second = Average(nn.Linear(2, 2), 0.9)
    second.restore({name: value.clone() for name, value in first.state().items()})
    assert second.steps == 1
    assert torch.equal(second.values["weight"], first.values["weight"])
