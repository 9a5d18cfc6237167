"""A bundle of a few kilobytes, made by hand: it says which colour a picture has, and where it looked.

The encoder gives the mean colour of each quarter; the decoder is a table of what follows what, to which the
colours are added after "a". Its log-probabilities can be computed in three lines of NumPy (`expected`).
"""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS = ("<pad>", "<start>", "<end>", "<unk>", "a", "picture", "red", "green", "blue", "of", "dark", "bright")
COLOURS = ("red", "green", "blue")
SIZE = 8
BEST = 5
SURE = 12.0


def table() -> np.ndarray:
    """Return the logits (V, V) of each word after each word, before a picture is seen."""
    logits = np.random.default_rng(0).normal(0, 0.1, (len(WORDS), len(WORDS))).astype(np.float32)
    for word, following, logit in (
        ("<start>", "a", 5),
        *((colour, "picture", 5) for colour in COLOURS),
        ("picture", "<end>", 4),
        ("picture", "of", 2),
        ("of", "a", 3),
        ("dark", "picture", 3),
        ("bright", "picture", 3),
    ):
        logits[WORDS.index(word), WORDS.index(following)] += logit
    return logits


def colour_map() -> np.ndarray:
    """Return (3, V): which word each colour makes likely."""
    rows = np.zeros((3, len(WORDS)), np.float32)
    for row, colour in zip(rows, COLOURS, strict=True):
        row[WORDS.index(colour)] = SURE
    return rows


def after_a() -> np.ndarray:
    """Return (V, 1): 1 for the word that lets the picture speak, else 0."""
    return np.eye(len(WORDS), dtype=np.float32)[:, [WORDS.index("a")]]


def expected(whole: np.ndarray, word: str, spoken: float) -> np.ndarray:
    """Return the log-probabilities (V,) after `word` for a mean colour (3,), `spoken` words into the sentence."""
    i = WORDS.index(word)
    logits = table()[i] + after_a()[i] * (whole @ colour_map())
    logits[2] += 0.25 * spoken  # the end gets likelier with every word: so the state matters
    return logits - np.log(np.exp(logits).sum())


def encoder() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Cast", ["pixels"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["floats", "full"], ["scaled"]),
        helper.make_node("Transpose", ["scaled"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node(
            "AveragePool", ["planes"], ["quarters"], kernel_shape=[SIZE // 2] * 2, strides=[SIZE // 2] * 2
        ),
        helper.make_node("Reshape", ["quarters", "flat"], ["rows"]),
        helper.make_node("Transpose", ["rows"], ["cells"], perm=[0, 2, 1]),
        helper.make_node("ReduceMean", ["rows"], ["whole"], axes=[2], keepdims=0),
        helper.make_node("Mul", ["whole", "sharp"], ["label_logits"]),
        helper.make_node("Softmax", ["label_logits"], ["label_probs"], axis=-1),
        helper.make_node("ReduceMax", ["cells"], ["brightest"], axes=[2], keepdims=0),
        helper.make_node("GreaterOrEqual", ["brightest", "zero"], ["mask"]),
    ]
    constants = {"full": 255.0, "sharp": 3.0, "zero": 0.0, "flat": np.array([0, 3, 4])}
    outputs = [
        _port("cells", ("B", 4, 3)),
        _port("whole", ("B", 3)),
        _port("mask", ("B", 4), TensorProto.BOOL),
        _port("label_probs", ("B", 3)),
    ]
    return _model(nodes, [_port("pixels", ("B", SIZE, SIZE, 3), TensorProto.UINT8)], outputs, constants)


def start() -> onnx.ModelProto:
    nodes = [
        helper.make_node("ReduceMean", ["cells"], ["grey"], axes=[2], keepdims=0),
        helper.make_node("Unsqueeze", ["grey", "one"], ["memory_bright"]),
        helper.make_node("Unsqueeze", ["whole", "one"], ["memory_colour"]),
        helper.make_node("Mul", ["memory_bright", "zero"], ["state_looked"]),
        helper.make_node("ReduceSum", ["state_looked", "last"], ["state_spoken"], keepdims=1),
    ]
    outputs = [
        _port("memory_bright", ("B", 1, 4)),
        _port("memory_colour", ("B", 1, 3)),
        _port("state_looked", ("B", 1, 4)),
        _port("state_spoken", ("B", 1, 1)),
    ]
    inputs = [_port("whole", ("B", 3)), _port("cells", ("B", 4, 3))]
    return _model(nodes, inputs, outputs, {"zero": 0.0, "one": np.array([1]), "last": np.array([2])})


def step() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Gather", ["table", "words"], ["usual"]),
        helper.make_node("Gather", ["after_a", "words"], ["asks"]),
        helper.make_node("MatMul", ["memory_colour", "colour_map"], ["hints"]),
        helper.make_node("Mul", ["asks", "hints"], ["seen"]),
        helper.make_node("Add", ["usual", "seen"], ["known"]),
        helper.make_node("Mul", ["state_spoken", "to_end"], ["ending"]),
        helper.make_node("Add", ["known", "ending"], ["logits"]),
        helper.make_node("LogSoftmax", ["logits"], ["log_probs"], axis=-1),
        helper.make_node("TopK", ["log_probs", "best"], ["best_log_probs", "best_words"], axis=-1),
        helper.make_node("Add", ["state_spoken", "unit"], ["next_spoken"]),
        helper.make_node("Mul", ["next_spoken", "memory_bright"], ["attention"]),
        helper.make_node("Softmax", ["attention"], ["next_looked"], axis=-1),
    ]
    to_end = np.zeros((1, len(WORDS)), np.float32)
    to_end[0, 2] = 0.25
    constants = {
        "table": table(),
        "after_a": after_a(),
        "colour_map": colour_map(),
        "to_end": to_end,
        "best": np.array([BEST]),
        "unit": 1.0,
    }
    inputs = [
        _port("words", ("B", "K"), TensorProto.INT64),
        _port("memory_bright", ("B", 1, 4)),
        _port("memory_colour", ("B", 1, 3)),
        _port("state_spoken", ("B", "K", 1)),
    ]
    outputs = [
        _port("log_probs", ("B", "K", len(WORDS))),
        _port("best_words", ("B", "K", BEST), TensorProto.INT64),
        _port("best_log_probs", ("B", "K", BEST)),
        _port("next_spoken", ("B", "K", 1)),
        _port("next_looked", ("B", "K", 4)),
    ]
    return _model(nodes, inputs, outputs, constants)


def write_bundle(folder: Path, **changes) -> Path:
    """Write the bundle into `folder`; `changes` replace members of its bundle.json, None takes one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in (("encoder", encoder()), ("start", start()), ("step", step())):
        onnx.save(model, folder / f"{name}.onnx")
    (folder / "vocabulary.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    (folder / "card.md").write_text("# tiny\n\nSays which colour a picture has.\n", encoding="utf-8")
    seal(folder, **changes)
    return folder


def manifest() -> dict:
    """The members of bundle.json, but for "files"."""
    return {
        "format": 1,
        "watchword": "0.1.0",
        "recipe": "by_hand",
        "settings": {},
        "vocabulary": "vocabulary.txt",
        "preprocessing": {"size": SIZE, "resize": "squash", "mode": "RGB"},
        "shapes": {"cells": [4, 3], "whole": [3], "grid": [2, 2]},
        "labels": list(COLOURS),
        "scores": {"CIDEr-D": 0.5},
        "licence": "CC0-1.0",
        "calibration": {"features": ["mean_log_prob", "words"], "weights": [2.0, -0.1], "bias": 1.5},
        "search": {"beam": 3, "length_normalization": 0.0, "max_words": 8},
    }


def seal(folder: Path, **changes) -> None:
    """Write bundle.json to fit the files that lie in `folder`."""
    files = {
        path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != "bundle.json"
    }
    members = {**manifest(), "files": files, **changes}
    text = json.dumps({name: value for name, value in members.items() if value is not None})
    (folder / "bundle.json").write_text(text, encoding="utf-8")


def zip_bundle(folder: Path, path: Path) -> Path:
    """Write the files of `folder` as one .zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path


def picture(colour: str, size: int = 32) -> np.ndarray:
    """Return pixels (size, size, 3) uint8 of one colour, its upper left quarter brighter."""
    pixels = np.full((size, size, 3), 20, np.uint8)
    pixels[:, :, COLOURS.index(colour)] = 180
    pixels[: size // 2, : size // 2] += 40
    return pixels


def _port(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def _model(nodes, inputs, outputs, constants):
    weights = [
        numpy_helper.from_array(np.array(value, np.float32) if isinstance(value, float) else value, name)
        for name, value in constants.items()
    ]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
