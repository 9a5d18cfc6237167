"""A matcher of a few kilobytes, made by hand: words are colours, regions the whole picture and its quarters.

A region is its colour less its own mean; a word that names a colour is a vector along that colour; other words are of
no length.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from tests.runtime import tiny

WORDS = ("<pad>", "<start>", "<end>", "<unk>", "a", "picture", "of", "red", "green", "blue")
BOXES = [[0, 0, 1, 1], [0, 0, 0.5, 0.5], [0.5, 0, 1, 0.5], [0, 0.5, 0.5, 1], [0.5, 0.5, 1, 1]]
CALIBRATION = {"per_word": 20.0, "words": 0.0, "bias": -4.0, "photos": 0.0, "least": 0.5}


def regions() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Unsqueeze", ["whole", "one"], ["first"]),
        helper.make_node("Concat", ["first", "cells"], ["colours"], axis=1),
        helper.make_node("ReduceMean", ["colours"], ["grey"], axes=[2], keepdims=1),
        helper.make_node("Sub", ["colours", "grey"], ["vectors"]),
    ]
    inputs = [tiny._port("whole", ("B", 3)), tiny._port("cells", ("B", 4, 3))]
    return tiny._model(nodes, inputs, [tiny._port("vectors", ("B", 5, 3))], {"one": np.array([1])})


def words() -> onnx.ModelProto:
    table = np.zeros((len(WORDS), 3), np.float32)
    for place, colour in enumerate(tiny.COLOURS):
        table[WORDS.index(colour), place] = 1
    inputs = [tiny._port("words", ("S", "T"), TensorProto.INT64), tiny._port("mask", ("S", "T"), TensorProto.BOOL)]
    nodes = [helper.make_node("Gather", ["table", "words"], ["vectors"], axis=0)]
    return tiny._model(nodes, inputs, [tiny._port("vectors", ("S", "T", 3))], {"table": table})


def write_bundle(folder: Path, **changes) -> Path:
    """Write the bundle into `folder`; `changes` replace members of its bundle.json, None takes one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in (("encoder", tiny.encoder()), ("regions", regions()), ("words", words())):
        onnx.save(model, folder / f"{name}.onnx")
    (folder / "vocabulary.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    own = {"kind": "matcher", "boxes": BOXES, "width": 3, "max_words": 8, "calibration": CALIBRATION}
    tiny.seal(folder, **{**dict.fromkeys(("shapes", "labels", "search")), **own, **changes})
    return folder
