import pytest
import torch
from torch import nn

from watchword.core.errors import SettingsError
from watchword.training.optimizers import FLOOR, optimizer_for, rate_factor, set_rates
from watchword.training.settings import Learning


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(2, 2)
        self.head = nn.Linear(2, 3)


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam", "adamw"])
def test_each_optimizer_descends(name):
    torch.manual_seed(0)
    model = Model()
    learning = Learning(optimizer=name, learning_rate=0.01, encoder_rate=0.01)
    optimizer = optimizer_for(model, learning)
    x, losses = torch.randn(8, 2), []
    for _ in range(30):
        loss = (model.head(model.encoder(x)) - 1).square().mean()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert losses[-1] < losses[0]


def test_momentum_is_that_of_the_settings():
    optimizer = optimizer_for(Model(), Learning(optimizer="sgd", momentum=0.7))
    assert {group["momentum"] for group in optimizer.param_groups} == {0.7}


def test_a_frozen_encoder_is_not_moved():
    groups = optimizer_for(Model(), Learning(encoder_rate=0.0)).param_groups
    assert {group["part"] for group in groups} == {"head"}


def test_a_rate_for_an_encoder_that_cannot_learn_is_refused():
    model = Model()
    model.encoder.requires_grad_(False)
    with pytest.raises(SettingsError, match=r"encoder_rate=0\.1: no weight of the encoder learns; lower frozen"):
        optimizer_for(model, Learning(encoder_rate=0.1))


def test_vectors_are_not_decayed():
    groups = optimizer_for(Model(), Learning(weight_decay=0.1, encoder_rate=1e-4)).param_groups
    for group in groups:
        dims = {p.ndim for p in group["params"]}
        assert group["weight_decay"] == (0.1 if dims == {2} else 0.0)
    assert len(groups) == 4


def test_rates_warm_up_then_fall():
    learning = Learning(warmup=10, schedule="cosine")
    factors = [rate_factor(step, 100, learning) for step in range(100)]
    assert factors[:10] == pytest.approx([(i + 1) / 10 for i in range(10)])
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert rate_factor(100, 100, learning) == pytest.approx(FLOOR)


def test_steps_halve_every_quarter():
    learning = Learning(warmup=0, schedule="step")
    assert [rate_factor(step, 8, learning) for step in range(8)] == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]


def test_constant_stays():
    assert {rate_factor(step, 10, Learning(warmup=0, schedule="constant")) for step in range(10)} == {1.0}


def test_the_encoder_waits_for_its_epoch():
    learning = Learning(warmup=0, schedule="constant", learning_rate=1e-3, encoder_rate=1e-5)
    optimizer = optimizer_for(Model(), learning)
    set_rates(optimizer, 0, 10, learning, joint=False)
    assert {g["part"]: g["lr"] for g in optimizer.param_groups} == {"head": 1e-3, "encoder": 0.0}
    set_rates(optimizer, 0, 10, learning, joint=True)
    assert {g["part"]: g["lr"] for g in optimizer.param_groups} == {"head": 1e-3, "encoder": 1e-5}
