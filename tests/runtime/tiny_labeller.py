"""A labeller of a few kilobytes, made by hand: the class of a clip is the colour that there is most of."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper

from tests.runtime import tiny

CLASSES = ("red", "green", "blue")
SHARP = 5.0


def labels() -> onnx.ModelProto:
    nodes = [
        helper.make_node("ReduceMean", ["cells"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("Mul", ["mean", "sharp"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]
    inputs, outputs = [tiny._port("cells", ("B", "C", 3))], [tiny._port("probabilities", ("B", 3))]
    return tiny._model(nodes, inputs, outputs, {"sharp": SHARP})


def expected(colours: np.ndarray) -> np.ndarray:
    """Return the probabilities (3,) of a clip whose frames have these mean colours (T, 3), 0 to 255."""
    shares = np.exp(SHARP * colours.mean(0) / 255)
    return shares / shares.sum()


def write_bundle(folder: Path, **changes) -> Path:
    """Write the bundle into `folder`; `changes` replace members of its bundle.json, None takes one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in (("encoder", tiny.encoder()), ("labels", labels())):
        onnx.save(model, folder / f"{name}.onnx")
    own = {"kind": "labeller", "classes": list(CLASSES), "frames": {"count": 3}}
    gone = dict.fromkeys(("shapes", "labels", "search", "vocabulary", "calibration"))
    tiny.seal(folder, **{**gone, **own, **changes})
    return folder
