"""Attention on attention (Huang et al. 2019, section 3) against its formulas, one photo, word and head at a time."""

import numpy as np
import pytest
import torch

from watchword.core.types import Features
from watchword.decoders.attention_on_attention import AttentionOnAttention, Refining, Relevance

V, W, CELLS, H, HEADS = 11, 6, 5, 8, 2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def array(tensor):
    return tensor.detach().numpy().astype(np.float64)


def linear(layer, x):
    return array(layer.weight) @ x + (0 if layer.bias is None else array(layer.bias))


def attended(attention, value, query, cells):
    """f_att: for each head a softmax over the cells of what its part of query and key have in common."""
    asked, found = linear(attention.query, query), []
    keys, values = ([linear(layer, cell) for cell in cells] for layer in (attention.key, value))
    for head in range(HEADS):
        part = slice(head * H // HEADS, (head + 1) * H // HEADS)
        scores = np.array([asked[part] @ key[part] / np.sqrt(H // HEADS) for key in keys])
        weights = np.exp(scores - scores.max())
        weights /= weights.sum()
        found.append(sum(weight * one[part] for weight, one in zip(weights, values, strict=True)))
    return np.concatenate(found)


def relevant(layer, found, query):
    """The information i times the gate g, each of what was found and what was asked."""
    both = np.concatenate((found, query))
    weight, bias = array(layer.both.weight), array(layer.both.bias)
    return (weight[:H] @ both + bias[:H]) * sigmoid(weight[H:] @ both + bias[H:])


def refined(layer, cells):
    """LayerNorm(A + AoA(A, A, A))."""
    added = [
        cell + relevant(layer.relevance, attended(layer.attention, layer.value, cell, cells), cell) for cell in cells
    ]
    return [(one - one.mean()) / np.sqrt(one.var() + layer.norm.eps) for one in added]


def said(decoder, whole, cells, words):
    """Log-probabilities (T, V) of what follows each word."""
    cells = [linear(decoder.narrow, cell) for cell in cells]
    for layer in decoder.refining:
        cells = refined(layer, cells)
    h, c = np.split(np.tanh(linear(decoder.begin, whole)), 2)
    answer, rows = np.zeros(H), []
    for word in words:
        embedded = array(decoder.embedding.weight)[word]
        a = linear(decoder.cell.input, embedded) + linear(decoder.picture, whole)
        a = a + array(decoder.cell.hidden.weight) @ np.concatenate((h, answer))
        i, f, o, g = np.split(a, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        answer = relevant(decoder.relevance, attended(decoder.attention, decoder.value, h, cells), h)
        logits = linear(decoder.output, answer + embedded)
        rows.append(logits - np.log(np.exp(logits).sum()))
    return np.stack(rows)


@pytest.mark.parametrize("layers", [0, 1, 3])
def test_it_is_its_formulas_one_photo_at_a_time(layers):
    torch.manual_seed(layers)
    decoder = AttentionOnAttention(
        vocabulary=V, whole=W, cells=CELLS, width=H, heads=HEADS, layers=layers, dropout=0.5, tied=True
    ).eval()
    there = [4, 1, 3]  # cells of each photo; the rest are not there, and must not be looked at
    mask = torch.arange(4)[None] < torch.tensor(there)[:, None]
    features = Features(torch.randn(3, W), torch.randn(3, 4, CELLS), mask)
    words = torch.randint(0, V, (3, 2, 5))
    with torch.inference_mode():
        rows = decoder(features, words).log_softmax(-1)
    for photo, count in enumerate(there):
        for sentence in range(2):
            cells = list(array(features.cells[photo, :count]))
            expected = said(decoder, array(features.whole[photo]), cells, words[photo, sentence].tolist())
            assert np.allclose(array(rows[photo, sentence]), expected, atol=1e-5)


def test_an_answer_that_does_not_bear_on_the_question_is_shut_out():
    relevance = Relevance(H)
    with torch.no_grad():
        relevance.both.bias[H:] = -100.0
    assert torch.equal(relevance(torch.randn(3, H), torch.randn(3, H)), torch.zeros(3, H))


def test_a_cell_that_is_not_there_changes_no_other():
    torch.manual_seed(0)
    refining = Refining(H, HEADS, 0.0).eval()
    cells, mask = torch.randn(1, 4, H), torch.tensor([[True, True, True, False]])
    other = cells.clone()
    other[0, 3] = 7.0
    assert torch.allclose(refining(cells, mask)[0, :3], refining(other, mask)[0, :3])
    assert not torch.allclose(refining(cells, mask)[0, :3], refining(other, torch.ones(1, 4, dtype=torch.bool))[0, :3])
