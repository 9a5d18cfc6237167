"""The folder of a training run: whose it is, and when it goes."""

import subprocess
import sys

import pytest

from watchword.cli.run_folder import run_folder
from watchword.core.errors import CheckpointError

HOLD = """
import pathlib, sys, time
from watchword.cli.run_folder import run_folder
with run_folder(pathlib.Path(sys.argv[1]), resume=False):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_run_lets_the_next_one_in(tmp_path):
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(CheckpointError, match="another `watchword train` is at work"):
            run_folder(tmp_path, resume=False).__enter__()
        other.kill()
        other.wait()
    assert (tmp_path / "lock").exists()
    with run_folder(tmp_path, resume=False) as last:
        assert last is None


def test_a_run_that_came_to_nothing_leaves_nothing(tmp_path):
    output = tmp_path / "runs" / "a"
    with run_folder(output, resume=False):
        assert output.is_dir()
    assert not (tmp_path / "runs").exists()
    with pytest.raises(CheckpointError, match="holds no run that could be resumed"):
        run_folder(output, resume=True).__enter__()
    assert not (tmp_path / "runs").exists()


def test_what_was_there_before_stays(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    for output in (tmp_path / "mine", tmp_path / "mine" / "run"):
        with run_folder(output, resume=False):
            pass
        with pytest.raises(CheckpointError, match="holds no run that could be resumed"):
            run_folder(output, resume=True).__enter__()
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_run_that_is_there_is_resumed_or_left_alone(tmp_path):
    (tmp_path / "last.old").mkdir()  # a kill between two renames
    with run_folder(tmp_path, resume=True) as last:
        assert last == tmp_path / "last"
    with pytest.raises(CheckpointError, match="holds a run: add --resume"):
        run_folder(tmp_path, resume=False).__enter__()
    assert last.is_dir()
