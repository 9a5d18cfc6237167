"""A labeller of motion of a few kilobytes, made by hand: what moves fast is a fight."""

from pathlib import Path

import onnx
from onnx import helper

from tests.runtime import tiny

CLASSES = ("noFight", "fight")


def labels() -> onnx.ModelProto:
    """Return a graph: the first statistic, the logarithm of the speed, against that of half a pixel."""
    nodes = [
        helper.make_node("Gather", ["statistics", "first"], ["speed"], axis=1),
        helper.make_node("Add", ["speed", "shift"], ["fast"]),
        helper.make_node("Neg", ["fast"], ["slow"]),
        helper.make_node("Concat", ["slow", "fast"], ["logits"], axis=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]
    inputs, outputs = [tiny._port("statistics", ("B", 380))], [tiny._port("probabilities", ("B", 2))]
    model = tiny._model(nodes, inputs, outputs, {"shift": 0.7})
    first = helper.make_tensor("first", onnx.TensorProto.INT64, [1], [0])
    model.graph.initializer.append(first)
    return model


def write_bundle(folder: Path, **changes) -> Path:
    """Write the bundle into `folder`; `changes` replace members of its bundle.json, None takes one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in (("encoder", tiny.encoder()), ("labels", labels())):
        onnx.save(model, folder / f"{name}.onnx")
    own = {"kind": "labeller", "classes": list(CLASSES), "looks": "motion"}
    gone = dict.fromkeys(("shapes", "labels", "search", "vocabulary", "calibration"))
    tiny.seal(folder, **{**gone, **own, **changes})
    return folder
