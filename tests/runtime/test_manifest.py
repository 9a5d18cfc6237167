"""bundle.json written by someone who means harm, or by a newer or broken exporter."""

import json
import math

import pytest

from tests.runtime import tiny
from watchword.core.errors import BundleError
from watchword.runtime.fields import Fields
from watchword.runtime.manifest import Manifest, Search

FILE = {"sha256": "0" * 64, "bytes": 1}
FILES = dict.fromkeys(("encoder.onnx", "start.onnx", "step.onnx", "vocabulary.txt"), FILE)


def parse(**changes):
    members = {**tiny.manifest(), "files": FILES, **changes}
    return Manifest.parse(json.dumps({k: v for k, v in members.items() if v is not None}).encode(), "bundle.json")


def test_what_is_given_is_read():
    manifest = parse(settings={"width": 3})
    assert manifest.recipe == "by_hand"
    assert manifest.settings == {"width": 3}
    assert manifest.size == tiny.SIZE
    assert manifest.labels == tiny.COLOURS
    assert manifest.licence == "CC0-1.0"
    assert manifest.search == Search(beam=3, length_normalization=0.0, max_words=8)
    assert manifest.calibration.names == ("mean_log_prob", "words")
    assert manifest.files["step.onnx"].size == 1


def test_phrases_that_are_worn_are_read():
    found = parse(search={"worn": ["a dog", "a cat"], "worn_cost": 2}).search
    assert (found.worn, found.worn_cost) == (("a dog", "a cat"), 2.0)


def test_labels_may_be_of_several_words_and_of_any_script():
    labels = ("golden retriever", "نمی\u200cدانم", "日本語")
    assert parse(labels=labels).labels == labels


def test_what_may_be_left_out_has_a_default():
    bare = parse(labels=None, scores=None, licence=None, calibration=None, settings=None, search={})
    assert (bare.labels, bare.scores, bare.licence, bare.calibration, bare.settings) == ((), {}, "", None, {})
    assert bare.search == Search(3, 0.0, 20)
    assert parse(shapes={"cells": [5, 3], "whole": [3]}).shapes.grid is None


@pytest.mark.parametrize(
    "name", ["format", "watchword", "recipe", "vocabulary", "preprocessing", "shapes", "search", "files"]
)
def test_what_has_to_be_there_is_missed(name):
    with pytest.raises(BundleError, match=rf"bundle\.json has no '{name}' \("):
        parse(**{name: None})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"format": "1"}, "'format' in bundle.json is '1'; it is to be a whole number"),
        ({"format": True}, "it is to be a whole number"),
        ({"format": 0}, "formats begin at 1"),
        ({"recipe": 5}, "'recipe' in bundle.json is '5'; it is to be text"),
        ({"labels": "red"}, "it is to be a list"),
        ({"labels": ["red", None]}, "a member of 'labels' in bundle.json is 'None'; it is to be text"),
        ({"labels": ["red", "\x1b[31m"]}, r"'labels' in bundle\.json: number 1, '\\x1b\[31m', cannot be shown"),
        ({"labels": ["\ud800"]}, "number 0, .* cannot be shown"),
        ({"scores": [1]}, "it is to be an object"),
        (
            {"preprocessing": {"size": 8, "resize": "crop", "mode": "RGB"}},
            "is 'crop'; this version knows 'squash' only",
        ),
        ({"preprocessing": {"size": 8, "resize": "squash", "mode": "BGR"}}, "is 'BGR'"),
        ({"preprocessing": {"size": 10**9, "resize": "squash", "mode": "RGB"}}, "it is from 1 to 4096"),
        ({"preprocessing": {"size": 8.5, "resize": "squash", "mode": "RGB"}}, "whole number"),
        ({"shapes": {"cells": [4, 3, 2], "whole": [3]}}, "has 3 members; it has 2"),
        ({"shapes": {"cells": [4, -3], "whole": [3]}}, "holds a number below 1"),
        ({"shapes": {"cells": [4, 3], "whole": [3], "grid": [2, 3]}}, "a grid of 2 x 3 has not 4 cells"),
        ({"search": {"beam": 10**6}}, "'beam' in 'search' in bundle.json is 1000000; it is from 1 to 1000"),
        ({"search": {"max_words": 0}}, "it is from 1 to 1000"),
        ({"search": {"worn": ["a dog", "a black dog"]}}, r"holds phrases of \[2, 3\] words; all are of one length"),
        ({"search": {"worn": ["dog"]}}, r"holds phrases of \[1\] words"),
        ({"search": {"worn": [5]}}, "a member of 'worn' in 'search' in bundle.json is '5'"),
        ({"search": {"worn_cost": -1}}, "'worn_cost' in 'search' in bundle.json is -1"),
        ({"files": {}}, "does not name 'encoder.onnx'"),
        ({"vocabulary": "words.txt"}, "does not name 'words.txt'"),
        ({"files": {**FILES, "encoder.onnx": {"sha256": "xyz", "bytes": 1}}}, "has no SHA-256"),
        ({"files": {**FILES, "encoder.onnx": {"sha256": "0" * 64, "bytes": -1}}}, "or a size below 0"),
        ({"files": {**FILES, "encoder.onnx": 7}}, "it is to be an object"),
        ({"calibration": {"features": ["words"], "weights": [1, 2], "bias": 0}}, "has 2 members; it has 1"),
        (
            {"calibration": {"features": ["word"], "weights": [1], "bias": 0}},
            r"no figure 'word' \(did you mean 'words'",
        ),
        ({"calibration": {"features": [], "weights": [], "bias": "0"}}, "it is to be a number"),
    ],
)
def test_wrong_values_are_refused(changes, complaint):
    with pytest.raises(BundleError, match=complaint):
        parse(**changes)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[1, 2", b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000]
)
def test_what_is_no_json_is_refused(data):
    with pytest.raises(BundleError, match=r"bundle\.json is not JSON"):
        Fields.parse(data, "bundle.json")


@pytest.mark.parametrize("data", [b"[]", b"3", b"null", b'"text"'])
def test_json_that_is_no_object_is_refused(data):
    with pytest.raises(BundleError, match="it is to be an object"):
        Fields.parse(data, "bundle.json")


def test_a_number_too_large_for_a_float_is_refused():
    with pytest.raises(BundleError, match="is inf; it is to be finite"):
        Fields.parse(b'{"a": 1e999}', "x").take("a", float)


def test_whole_numbers_are_numbers():
    assert math.isclose(Fields.parse(b'{"a": 2}', "x").take("a", float), 2)
