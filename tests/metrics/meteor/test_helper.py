import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from watchword.metrics.meteor.helper import Helper, cores
from watchword.metrics.meteor.scorer import Meteor
from watchword.metrics.scorer import Scorer

SAID = ["a dog runs", "two men are playing chess", "zebra \ud800", "", "a cat sleeps"]
REFERENCES = [["a dog is running", "the dog runs"], ["two men play chess"], ["a horse"], ["a bus"], ["the cat slept"]]


def test_two_processes_give_what_one_gives():
    alone = Scorer(REFERENCES).score(SAID)
    with Helper() as helper:
        scorer = Scorer(REFERENCES, helper=helper)
        shared = scorer.score(SAID)
        assert dict(shared) == dict(alone)
        assert list(shared) == list(alone)
        assert shared.signature == alone.signature
        for name, values in alone.per_image.items():
            np.testing.assert_array_equal(shared.per_image[name], values)
        assert scorer.score(SAID) == alone  # it works once, and is not asked again


def test_a_helper_that_dies_is_stood_in_for():
    with Helper() as helper:
        helper._process.kill()
        helper.ask(REFERENCES, SAID)
        tally = helper.tally(REFERENCES, SAID)
    np.testing.assert_array_equal(tally.rows, Meteor(REFERENCES).tally(SAID).rows)


def test_files_of_the_current_folder_are_not_taken_for_pythons(tmp_path, monkeypatch):
    for name in ("json.py", "numpy.py", "watchword.py"):
        (tmp_path / name).write_text("open('ran', 'w')\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    with Helper() as helper:
        helper.ask(REFERENCES, SAID)
        answer = helper.answer()
    assert not (tmp_path / "ran").exists()
    assert answer is not None
    np.testing.assert_array_equal(answer, Meteor(REFERENCES[:3]).statistics(SAID[:3]))


def test_the_helper_finds_the_package_where_only_the_caller_knows_it(tmp_path, monkeypatch):
    """Python's own search for installed packages is left out; all but watchword are given otherwise."""
    for package in Path(np.__file__).parents[1].iterdir():
        if "watchword" not in package.name:
            (tmp_path / package.name).symlink_to(package)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda words, **given: real([words[0], "-S", *words[1:]], **given))
    with Helper() as helper:
        helper.ask(REFERENCES, SAID)
        assert helper.answer() is not None


@pytest.mark.parametrize(("images", "words"), [(6000, 1), (10, 50_000)])
def test_more_than_the_pipes_hold_is_asked_without_waiting_and_answered(images, words):
    said = [f"a dog runs {number}" for number in range(images)]
    references = [[f"a dog {'zebra ' * words}"]] * images
    with Helper() as helper:
        helper.ask(references, said)
        tally = helper.tally(references, said)
    np.testing.assert_array_equal(tally.rows, Meteor(references).tally(said).rows)


def test_leaving_while_much_is_still_being_asked():
    references = [["a dog runs " * 1000]] * 1000
    with Helper() as helper:
        helper.ask(references, ["a dog"] * 1000)
    assert helper._process.returncode is not None


PROGRAM = """
import time
from watchword.metrics.meteor.helper import Helper
helper = Helper()
helper.ask([["a secret caption"]] * 9, ["a secret caption"] * 9)
print(helper._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGTERM to speak of")
def test_a_caller_that_is_killed_leaves_no_files(tmp_path, monkeypatch):
    for name in ("TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, env=os.environ) as caller:
        assert caller.stdout is not None
        assert int(caller.stdout.readline())
        caller.send_signal(signal.SIGTERM)
    assert list(tmp_path.iterdir()) == []


def test_a_helper_that_is_not_needed_ends():
    with Helper() as helper:
        pass
    assert helper._process.returncode is not None


def test_only_cores_that_this_process_may_use_count(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0, 3, 5}, raising=False)
    assert cores() == 3
