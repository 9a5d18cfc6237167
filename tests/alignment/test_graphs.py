"""A matcher as two ONNX graphs: regions and words."""

import logging
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from tests.alignment.test_matcher import FORMS, made
from watchword.core.types import Features
from watchword.training.graphs import OPSET


class Regions(nn.Module):
    def __init__(self, matcher):
        super().__init__()
        self.matcher = matcher

    def forward(self, whole, cells, mask):
        return self.matcher.regions(Features(whole, cells, mask))


class Words(nn.Module):
    def __init__(self, matcher):
        super().__init__()
        self.matcher = matcher

    def forward(self, words, mask):
        return self.matcher.words(words, mask)


def session(module, given, outputs, path):
    """Export with example inputs `given`, first two axes free where there are two, and open what was written."""
    names = {0: "N", 1: "M"}
    axes = {name: {axis: names[axis] for axis in range(min(2, part.ndim))} for name, part in given.items()}
    axes["whole"] = {0: "N"}
    axes |= dict.fromkeys(outputs, names)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracer warns of every shape it reads
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        torch.onnx.export(
            module,
            tuple(given.values()),
            str(path),
            input_names=list(given),
            output_names=outputs,
            dynamic_axes={name: free for name, free in axes.items() if name in {*given, *outputs}},
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=False,
        )
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def run(session, given):
    wanted = {each.name for each in session.get_inputs()}
    return session.run(None, {name: part.numpy() for name, part in given.items() if name in wanted})


def ragged(rows, columns, seed):
    torch.manual_seed(seed)
    return torch.arange(columns) < torch.randint(1, columns + 1, (rows, 1))


@pytest.mark.parametrize(("reader", "score"), FORMS)
def test_the_graph_of_words_says_the_same_for_any_number_and_length(reader, score, tmp_path):
    matcher, compared = made(reader, score).eval(), 0
    with torch.no_grad():
        for parameter in matcher.parameters():
            parameter.add_(torch.randn_like(parameter) / 10)
    example = {"words": torch.randint(0, 20, (2, 5)), "mask": ragged(2, 5, 0)}
    graph = session(Words(matcher), example, ["vectors"], tmp_path / "words.onnx")
    for sentences, longest in ((2, 5), (1, 1), (7, 12), (3, 30)):
        given = {"words": torch.randint(0, 20, (sentences, longest)), "mask": ragged(sentences, longest, longest)}
        (found,) = run(graph, given)
        with torch.inference_mode():
            expected = matcher.words(**given).numpy()
        assert found.shape == expected.shape
        assert np.allclose(found, expected, atol=1e-5)
        assert np.abs(expected).max() > 0.01
        compared += 1
    assert compared == 4


@pytest.mark.parametrize("whole", [6, 3])
@pytest.mark.parametrize("score", sorted({score for _, score in FORMS}))
def test_the_graph_of_regions_says_the_same_for_any_number(score, whole, tmp_path):
    matcher, compared = made(score=score, whole=whole).eval(), 0

    def photos(count, cells):
        mask = ragged(count, cells, cells)
        return {"whole": torch.randn(count, whole), "cells": torch.randn(count, cells, 6), "mask": mask}

    graph = session(Regions(matcher), photos(2, 4), ["vectors", "real"], tmp_path / "regions.onnx")
    for given in (photos(2, 4), photos(1, 1), photos(5, 19)):
        found, real = run(graph, given)
        with torch.inference_mode():
            expected, mask = matcher.regions(Features(**given))
        assert np.allclose(found, expected.numpy(), atol=1e-5)
        assert np.array_equal(real, mask.numpy())
        compared += 1
    assert compared == 3


def test_no_identity_is_written_into_the_graph(tmp_path):
    """The operator's matrix that the paper has not would be H x H numbers of 1 and 0, twice."""
    matcher = made(hidden=200).eval()
    example = {"words": torch.randint(0, 20, (2, 5)), "mask": ragged(2, 5, 0)}
    session(Words(matcher), example, ["vectors"], tmp_path / "words.onnx")
    weights = sum(parameter.numel() for parameter in matcher.reader.parameters())
    assert (tmp_path / "words.onnx").stat().st_size < 4 * weights + 20_000
