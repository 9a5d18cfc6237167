"""The two ends of a model as ONNX graphs: encoder, start and step. `docs/formats.md` names their inputs and outputs."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from watchword.core.types import Features

OPSET = 17
BEST = 16  # how many of the likeliest words a step hands back
LARGE = 1024  # smaller weights are not worth halving
SEEN = ["whole", "cells", "mask"]


class EncoderGraph(nn.Module):
    """pixels -> whole, cells, mask and, where the encoder classifies, label_probs."""

    def __init__(self, encoder: Any) -> None:
        """Wrap an encoder."""
        super().__init__()
        self.encoder = encoder

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        """Return what the graph returns, of pixels (B, H, W, 3) uint8."""
        features = self.encoder(pixels)
        labels = (self.encoder.classify(features),) if self.encoder.labels else ()
        return (*features, *labels)


def write_encoder(encoder: Any, path: Path, half: bool) -> None:
    """Write encoder.onnx: the graph of an encoder of single pictures. half: as `export_graphs` has it."""
    pixels = torch.zeros(2, encoder.size, encoder.size, 3, dtype=torch.uint8)
    free = {"pixels": {0: "B", 1: "H", 2: "W"}} if encoder.any_size else None
    write(EncoderGraph(encoder), (pixels,), path, ["pixels"], given_by(encoder), half, free)


def given_by(encoder: Any) -> list[str]:
    """Return what the graph of an encoder gives, by name."""
    return [*SEEN, *(["label_probs"] if encoder.labels else [])]


class StartGraph(nn.Module):
    """whole, cells, mask -> memory and state, each in the order of its sorted names."""

    def __init__(self, decoder: Any) -> None:
        """Wrap a decoder."""
        super().__init__()
        self.decoder = decoder

    def forward(self, whole: Tensor, cells: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return memory, then state."""
        memory, state = self.decoder.start(Features(whole, cells, mask))
        return (*(memory[name] for name in sorted(memory)), *(state[name] for name in sorted(state)))


class StepGraph(nn.Module):
    """words, memory, state -> log_probs, the best of them, and the new state."""

    def __init__(self, decoder: Any, memory: Sequence[str], state: Sequence[str], best: int) -> None:
        """Wrap a decoder whose memory and state have these names, in this order."""
        super().__init__()
        self.decoder, self.memory, self.state, self.best = decoder, memory, state, best

    def forward(self, words: Tensor, *arrays: Tensor) -> tuple[Tensor, ...]:
        """Return log_probs (B, K, V), best_words and best_log_probs (B, K, N), then the state."""
        memory = dict(zip(self.memory, arrays, strict=False))
        state = dict(zip(self.state, arrays[len(memory) :], strict=True))
        log_probs, after = self.decoder.step(words, memory, state)
        best = log_probs.topk(self.best, -1)
        return (log_probs, best.indices, best.values, *(after[name] for name in sorted(after)))


def export_graphs(model: Any, folder: Path, *, half: bool) -> None:
    """Write encoder.onnx, start.onnx and step.onnx of a `CaptioningModel` into `folder`.

    Of an encoder of clips it is that of their single frames, which the runtime joins.
    half: weights are stored as float16 and widened when the graph is loaded; arithmetic stays float32.
    """
    model.eval()
    size = model.encoder.size
    pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    with torch.inference_mode():
        features = model.encoder(pixels)
        memory, state = model.decoder.start(features)
    names = [f"memory_{name}" for name in sorted(memory)], [f"state_{name}" for name in sorted(state)]
    write_encoder(model.encoder.single, folder / "encoder.onnx", half)
    write(StartGraph(model.decoder), tuple(features), folder / "start.onnx", SEEN, names[0] + names[1], half)
    arrays = [memory[n] for n in sorted(memory)] + [state[n].expand(-1, 3, *state[n].shape[2:]) for n in sorted(state)]
    step = StepGraph(model.decoder, sorted(memory), sorted(state), min(BEST, model.decoder.output.out_features))
    words = torch.ones(2, 3, dtype=torch.int64)
    best = ["log_probs", "best_words", "best_log_probs"]
    after = [f"next_{name}" for name in sorted(state)]  # a graph may not use one name for an input and an output
    write(step, (words, *arrays), folder / "step.onnx", ["words", *names[0], *names[1]], best + after, half)


def write(
    module: nn.Module,
    inputs: tuple[Tensor, ...],
    path: Path,
    names: list[str],
    outputs: list[str],
    half: bool,
    free: Mapping[str, dict[int, str]] | None = None,
) -> None:
    """Write one graph, its axes B and K free; of inputs and outputs in `free`, the axes named there."""
    beams = {name: {0: "B", 1: "K"} for name in ("words", "log_probs", "best_words", "best_log_probs")}
    axes = {
        name: beams.get(name, {0: "B", 1: "K"} if name.startswith(("state_", "next_")) else {0: "B"})
        for name in {*names, *outputs}
    }
    if path.name == "start.onnx":
        axes |= {name: {0: "B"} for name in outputs}
    axes |= free or {}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracer warns of every shape it reads
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        torch.onnx.export(
            module.eval(),  # the exporter puts all parts back into the mode that the whole was in
            inputs,
            str(path),
            input_names=names,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=False,
        )
    graph = onnx.load(str(path))
    used = {name for node in graph.graph.node for name in node.input} | {out.name for out in graph.graph.output}
    kept = [item for item in graph.graph.input if item.name in used]
    del graph.graph.input[:]
    graph.graph.input.extend(kept)
    if half:
        halve(graph)
    onnx.save(graph, str(path))


def halve(graph: onnx.ModelProto) -> None:
    """Store large float32 weights as float16 with a Cast behind each, which loading folds away."""
    casts = []
    for weight in graph.graph.initializer:
        if weight.data_type != onnx.TensorProto.FLOAT or int(np.prod(weight.dims)) < LARGE:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.graph.node]
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
