"""What a kill left untold, what a disk spoilt, and numbers beyond use: told in a line, and nothing learnt wrongly."""

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.cli.test_training_commands import dataset, places, run, train
from watchword.core.errors import BundleError, CheckpointError, DataError, SettingsError

__all__ = ["dataset"]  # the fixture


@pytest.fixture(scope="module")
def begun(dataset, tmp_path_factory):
    """A run of two epochs, with an average."""
    folder = tmp_path_factory.mktemp("begun")
    train(dataset, folder, "--set", "epochs=2", "--set", "average=0.5")
    return folder


@pytest.fixture
def folder(begun, tmp_path):
    """The same, to be spoilt."""
    shutil.copytree(begun, tmp_path / "spoilt")
    return tmp_path / "spoilt"


def resume(dataset, folder, *more):
    return run("train", "show_tell", "--data", dataset, *places(folder), "--resume", *more)


def test_an_epoch_that_a_kill_left_untold_is_told(dataset, folder):
    """Its checkpoint was written, history and curves were not."""
    history = folder / "run" / "history.json"
    rows = json.loads(history.read_text())
    history.write_text(json.dumps(rows[:1]))
    (folder / "run" / "curves.png").unlink()
    shown = resume(dataset, folder)
    assert json.loads(history.read_text()) == rows
    assert (folder / "run" / "curves.png").exists()
    assert len(shown.splitlines()) == 3  # headings, the row, and what comes next
    assert len(resume(dataset, folder).splitlines()) == 1  # once
    resume(dataset, folder, "--set", "epochs=3")
    assert [row["epoch"] for row in json.loads(history.read_text())] == [1, 2, 3]


def spoil(path, change):
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)


def without(name):
    return lambda tensors: tensors.pop(name)


def shorter(tensors):
    name = next(name for name, value in tensors.items() if value.dim() == 2)
    tensors[name] = tensors[name][:1].clone()


def of_nobody(tensors):
    tensors["9999.exp_avg"] = torch.zeros(3)


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("learning.safetensors", without("random"), "learning.safetensors is damaged: it has no state of the random"),
        ("learning.safetensors", shorter, r"learning.safetensors is of other weights than learn here: .* is \(1, "),
        ("learning.safetensors", of_nobody, "of other weights than learn here: 9999.exp_avg is"),
        ("average.safetensors", shorter, "the moving average has other shapes than the weights"),
    ],
)
def test_a_state_of_other_shapes_is_not_gone_on_with(dataset, folder, file, change, message):
    spoil(folder / "run" / "last" / file, change)
    with pytest.raises(CheckpointError, match=message):
        resume(dataset, folder, "--set", "epochs=3")


def of_checkpoint(folder, **changes):
    path = folder / "run" / "best" / "checkpoint.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scores": [1, 2]}, "its scores are no numbers by name"),
        ({"scores": {"CIDEr-D": float("nan")}}, "its scores are no numbers by name"),
        ({"regions": 7}, "regions are cropped or pooled, not 7"),
    ],
)
def test_a_checkpoint_that_no_bundle_can_be_made_of_is_refused_before(folder, tmp_path, changes, message):
    of_checkpoint(folder, **changes)
    with pytest.raises(CheckpointError, match=message):
        run("export", folder / "run" / "best", tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_weights_that_are_no_numbers_are_refused(folder, tmp_path):
    best = folder / "run" / "best"
    spoil(best / "weights.safetensors", lambda tensors: next(iter(tensors.values())).fill_(float("nan")))
    for command in (("export", best, tmp_path / "bundle"), ("blend", best, folder / "run" / "last", tmp_path / "both")):
        with pytest.raises(CheckpointError, match="are infinite or no numbers: its training diverged"):
            run(*command)


def test_a_description_that_nests_without_end_is_damaged(folder, tmp_path):
    (folder / "run" / "best" / "checkpoint.json").write_text("[" * 100_000)
    with pytest.raises(CheckpointError, match=r"checkpoint\.json is damaged"):
        run("export", folder / "run" / "best", tmp_path / "bundle")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("width=100000000", "there is no memory for a model of recipe 'show_tell' with these settings"),
        ("width=99999999999999999999999", "width=99999999999999999999999: 4294967296 at most"),
        ("sentences=99999999999999999999999", "sentences='9+': from 1 to 1000"),
        ("views=1000000000", "views='1000000000': from 1 to 1000"),
    ],
)
def test_sizes_beyond_use_are_refused(dataset, tmp_path, given, message):
    with pytest.raises(SettingsError, match=message):
        train(dataset, tmp_path, "--set", given)


def test_a_weight_beyond_use_is_refused(dataset, tmp_path):
    with pytest.raises(DataError, match=r"has the weight 1e\+300; give a number from 0 to 1,000,000"):
        train(dataset, tmp_path, "--weight", "1e300")


def test_training_that_diverges_at_its_last_step_says_so(dataset, tmp_path):
    with pytest.raises(SettingsError, match=r"training diverged\. Lower learning_rate"):
        train(dataset, tmp_path, "--set", "epochs=1", "--set", "batch=64", "--set", "learning_rate=1e38")
    assert not (tmp_path / "run" / "best").exists()


def test_a_file_in_the_way_is_named(dataset, begun, tmp_path):
    (tmp_path / "run").write_text("mine")
    with pytest.raises(CheckpointError, match=r"run' cannot be made \(File exists\): name a folder for --output"):
        train(dataset, tmp_path)
    with pytest.raises(BundleError, match=r"bundle' cannot be made, for '.*run' is a file: name another"):
        run("export", begun / "run" / "best", tmp_path / "run" / "bundle")
    assert (tmp_path / "run").read_text() == "mine"


def test_weights_of_an_ensemble_that_overflow_are_named(dataset, begun):
    best = begun / "run" / "best"
    with np.errstate(over="ignore"), pytest.raises(Exception, match=r"weights 1e\+308:1e\+308 for 2 models"):
        run("evaluate", f"{best}+{best}", "--data", dataset, "--weights", "1e308:1e308")
