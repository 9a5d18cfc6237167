import os
import threading

import numpy as np
import pytest

from tests.runtime import tiny
from watchword.core.errors import BundleError
from watchword.runtime import sessions
from watchword.runtime.sessions import Session, usable_cpus


@pytest.mark.parametrize(("quota", "expected"), [("max 100000", 4), ("200000 100000", 2), ("5000 100000", 1), ("?", 4)])
def test_processors_are_those_that_may_be_used(tmp_path, monkeypatch, quota, expected):
    (tmp_path / "cpu.max").write_text(quota, encoding="utf-8")
    monkeypatch.setattr(sessions, "_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2, 3}, raising=False)
    assert usable_cpus() == expected


def test_processors_are_counted_where_there_is_no_affinity(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "_QUOTA", tmp_path / "absent")
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cpus() == 1


def test_a_session_knows_its_ports():
    start = Session("start.onnx", tiny.start().SerializeToString(), threads=1)
    assert start.inputs["cells"] == ("B", 4, 3)
    assert start.outputs["state_spoken"] == ("B", 1, 1)


def test_a_graph_that_fails_is_a_bad_bundle(capfd):
    start = Session("start.onnx", tiny.start().SerializeToString(), threads=1)
    with pytest.raises(BundleError, match=r"'start\.onnx' failed as it ran: .*cells"):
        start.run(["state_spoken"], {"whole": np.zeros((1, 3), np.float32), "cells": np.zeros((1, 2), np.float32)})
    assert capfd.readouterr().err == ""


def test_what_onnx_runtime_cannot_run_is_no_bundle():
    with pytest.raises(BundleError, match=r"'start\.onnx' cannot be run by ONNX Runtime"):
        Session("start.onnx", b"\x08\x08", threads=1)


def test_threads_may_share_a_session(captioner):
    pictures = [tiny.picture(colour) for colour in tiny.COLOURS] * 4
    wanted = captioner.describe(pictures)
    said = {}

    def work(number):
        said[number] = captioner.describe(pictures, batch=5)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(said[number] == wanted for number in range(4))
