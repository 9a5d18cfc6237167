import numpy as np
import onnxruntime
import pytest
import torch

from watchword.decoders.attention import AdditiveAttention, DotAttention
from watchword.training.graphs import write

MAKERS = {
    "additive": lambda: AdditiveAttention(cells=6, query=5, width=8),
    "dot": lambda: DotAttention(cells=6, query=5, width=8, heads=2),
}


def naive_additive(attention, query, cells):
    """Xu et al. 2015, equations (4) and (5), a cell at a time."""
    scores = [attention.score(torch.tanh(attention.key(cell) + attention.query(query))) for cell in cells]
    return torch.cat(scores).softmax(0)


def naive_dot(attention, query, cells, head):
    part = slice(head * 4, head * 4 + 4)
    scores = [attention.key(cell)[part] @ attention.query(query)[part] / 2.0 for cell in cells]
    return torch.stack(scores).softmax(0)


@pytest.mark.parametrize("kind", MAKERS)
def test_equals_a_cell_at_a_time(kind):
    torch.manual_seed(0)
    attention = MAKERS[kind]()
    cells, query = torch.randn(3, 4, 6), torch.randn(3, 2, 5)
    weights = attention(query, attention.keys(cells), torch.ones(3, 4, dtype=torch.bool))
    looked_at = 0
    for photo in range(3):
        for beam in range(2):
            for head in range(weights.shape[2]):
                one = (query[photo, beam], cells[photo])
                expected = naive_additive(attention, *one) if kind == "additive" else naive_dot(attention, *one, head)
                assert torch.allclose(weights[photo, beam, head], expected, atol=1e-6)
                looked_at += 1
    assert looked_at == 6 * weights.shape[2]


@pytest.mark.parametrize("kind", MAKERS)
def test_cells_that_are_not_real_get_nothing(kind):
    torch.manual_seed(0)
    attention = MAKERS[kind]()
    cells, query = torch.randn(2, 4, 6), torch.randn(2, 3, 5)
    mask = torch.tensor([[True, True, False, False], [True, True, True, True]])
    weights = attention(query, attention.keys(cells), mask)
    assert weights[0, ..., 2:].abs().max() == 0
    assert torch.allclose(weights.sum(-1), torch.ones_like(weights.sum(-1)))
    alone = attention(query[:1], attention.keys(cells[:1, :2]), mask[:1, :2])
    assert torch.allclose(weights[:1, ..., :2], alone, atol=1e-6)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_are_of_the_type_of_the_module(kind, dtype):
    torch.manual_seed(0)
    attention = MAKERS[kind]()
    cells, query, mask = torch.randn(2, 4, 6), torch.randn(2, 3, 5), torch.ones(2, 4, dtype=torch.bool)
    expected = attention(query, attention.keys(cells), mask)
    attention = attention.to(dtype)
    weights = attention(query.to(dtype), attention.keys(cells.to(dtype)), mask)
    assert weights.dtype == dtype
    assert torch.allclose(weights.float(), expected, atol=2e-2)


class Weighing(torch.nn.Module):
    """Keys and weights as one module."""

    def __init__(self, attention):
        super().__init__()
        self.attention = attention

    def forward(self, query, cells, mask):
        return self.attention(query, self.attention.keys(cells), mask)


@pytest.mark.parametrize("kind", MAKERS)
def test_an_exported_graph_says_the_same(kind, tmp_path):
    torch.manual_seed(0)
    weighing, path = Weighing(MAKERS[kind]()).eval(), tmp_path / "weighing.onnx"
    given = {"query": torch.randn(2, 3, 5), "cells": torch.randn(2, 4, 6), "mask": torch.ones(2, 4, dtype=torch.bool)}
    given["mask"][0, 2:] = False
    with torch.inference_mode():
        write(weighing, tuple(given.values()), path, list(given), ["weights"], half=False)
        expected = weighing(*given.values()).numpy()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (weights,) = session.run(None, {name: value.numpy() for name, value in given.items()})
    assert np.allclose(weights, expected, atol=1e-6)
