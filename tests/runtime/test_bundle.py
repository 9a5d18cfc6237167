"""Bundles that are as they should be, or merely old, new, missing or damaged."""

import re
import shutil

import pytest

from tests.runtime import tiny
from watchword.core.errors import BundleError
from watchword.runtime import shipped as shipped_module
from watchword.runtime.bundle import Bundle, find
from watchword.runtime.captioner import Captioner
from watchword.runtime.shipped import shipped


@pytest.fixture
def folder(sealed, tmp_path):
    return shutil.copytree(sealed, tmp_path / "tiny")


@pytest.fixture
def shipping(sealed, tmp_path, monkeypatch):
    """An installation with two models."""
    models = tmp_path / "models"
    for name in ("small", "large"):
        shutil.copytree(sealed, models / name)
    (models / "no_model").mkdir()
    monkeypatch.setattr(shipped_module, "_MODELS", models)
    return models


def test_folder_and_zip_hold_the_same(folder, tmp_path):
    packed = tiny.zip_bundle(folder, tmp_path / "tiny.zip")
    one, other = Bundle.open(folder), Bundle.open(str(packed))
    assert one.name == str(folder)
    assert (one.manifest, one.graphs, one.card, one.size) == (other.manifest, other.graphs, other.card, other.size)
    assert one.vocabulary.words == tiny.WORDS
    assert one.manifest.search.max_words == 8
    assert one.manifest.shapes.grid == (2, 2)
    assert one.size == sum(file.stat().st_size for file in folder.iterdir())


def test_zip_is_read_in_memory(folder, tmp_path):
    place = tmp_path / "alone"
    place.mkdir()
    packed = tiny.zip_bundle(folder, place / "tiny.zip")
    Bundle.open(packed)
    assert list(place.iterdir()) == [packed]


def test_hidden_files_of_a_folder_do_not_matter(folder):
    (folder / ".DS_Store").write_bytes(b"x")
    assert Bundle.open(folder).manifest.recipe == "by_hand"


def test_a_folder_may_be_reached_by_a_link(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    assert Bundle.open(tmp_path / "link").vocabulary.words == tiny.WORDS


def test_shipped_models_go_by_name(shipping, tmp_path, monkeypatch):
    assert shipped() == {"large": shipping / "large", "small": shipping / "small"}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small").mkdir()
    assert find("small") == shipping / "small"
    assert Captioner.load().name == "small"


def test_a_name_that_does_not_ship_gets_a_suggestion(shipping):
    with pytest.raises(BundleError, match=r"no model 'smal' \(did you mean 'small'\?\).*large, small.*bundle.json"):
        Bundle.open("smal")


def test_without_shipped_models_the_message_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(shipped_module, "_MODELS", tmp_path)
    with pytest.raises(BundleError, match="this installation has none"):
        Bundle.open("small")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\x89PNG"])
def test_a_file_that_is_no_zip_is_no_bundle(tmp_path, content):
    (tmp_path / "model.zip").write_bytes(content)
    with pytest.raises(BundleError, match=r"model\.zip' is no bundle; a checkpoint becomes one with: watchword export"):
        Bundle.open(tmp_path / "model.zip")


def test_a_name_too_long_for_a_path_is_no_bundle():
    with pytest.raises(BundleError, match="no model 'xxx"):
        Bundle.open("x" * 5000)


def test_a_newer_format_asks_for_an_upgrade(folder):
    tiny.seal(folder, format=2, watchword="7.0", shapes="of another kind")
    with pytest.raises(
        BundleError, match=r"format 2, written by watchword 7\.0.*reads up to 1.*checkout.*pip install \.$"
    ):
        Bundle.open(folder)


def test_a_changed_file_is_noticed(folder):
    graph = (folder / "step.onnx").read_bytes()
    (folder / "step.onnx").write_bytes(graph[:-1] + bytes([graph[-1] ^ 1]))
    with pytest.raises(BundleError, match=r"'step\.onnx' is not the file that was exported \(SHA-256 differs\)"):
        Bundle.open(folder)


def test_a_cut_off_file_is_noticed(folder):
    graph = (folder / "step.onnx").read_bytes()
    (folder / "step.onnx").write_bytes(graph[:-100])
    with pytest.raises(BundleError, match=f"has {len(graph) - 100} bytes, not the {len(graph)} declared"):
        Bundle.open(folder)


@pytest.mark.parametrize("name", ["encoder.onnx", "vocabulary.txt", "card.md"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"{re.escape(name)} missing"):
        Bundle.open(folder)


def test_a_file_more_than_listed_is_named(folder):
    (folder / "setup.py").write_text("print('hello')", encoding="utf-8")
    with pytest.raises(BundleError, match=r"'setup\.py' not named in bundle\.json"):
        Bundle.open(folder)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"\xff\xfe", "its vocabulary cannot be read"),
        (b"a\nb\nc\n", "a vocabulary begins with <pad>"),
        (
            b"<pad>\n<start>\n<end>\n\x1b[31mdog\n",
            r"its vocabulary: number 3, '\\x1b\[31mdog', cannot be shown; get or export the bundle again",
        ),
        ("<pad>\n<start>\n<end>\n\u202egod\n".encode(), r"number 3, '\\u202egod', cannot be shown"),
    ],
)
def test_a_vocabulary_that_is_none_is_refused(folder, text, complaint):
    (folder / "vocabulary.txt").write_bytes(text)
    tiny.seal(folder)
    with pytest.raises(BundleError, match=complaint):
        Bundle.open(folder)


def test_a_vocabulary_of_another_length_is_refused(folder):
    (folder / "vocabulary.txt").write_text("\n".join((*tiny.WORDS, "purple")) + "\n", encoding="utf-8")
    tiny.seal(folder)
    with pytest.raises(BundleError, match=r"'step\.onnx' scores 12 words; the vocabulary has 13"):
        Captioner.load(folder)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"shapes": {"cells": [4, 5], "whole": [3]}}, r"gives cells of shape \(4, 3\); bundle.json declares \(4, 5\)"),
        ({"shapes": {"cells": [4, 3], "whole": [7]}}, "gives whole of shape"),
        ({"labels": ["red", "green"]}, "gives label_probs of shape"),
    ],
)
def test_an_encoder_of_other_shapes_is_refused(folder, changes, complaint):
    tiny.seal(folder, **changes)
    with pytest.raises(BundleError, match=complaint):
        Captioner.load(folder)


def test_a_graph_in_the_place_of_another_is_refused(folder):
    shutil.copy(folder / "start.onnx", folder / "step.onnx")
    tiny.seal(folder)
    with pytest.raises(BundleError, match=r"'step\.onnx' lacks input 'words', output 'log_probs'"):
        Captioner.load(folder)
