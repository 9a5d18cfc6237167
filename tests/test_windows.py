"""bench/windows.py: windows of clips as rows of a data set."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.data.motion.made import write

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def windows(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    monkeypatch.delitem(sys.modules, "windows", raising=False)
    import windows

    return windows


def test_windows_of_two_seconds_are_evenly_placed(windows, tmp_path, monkeypatch, capsys):
    write(tmp_path / "in" / "b.mp4", np.zeros((150, 16, 16, 3), np.uint8))
    write(tmp_path / "a.mp4", np.zeros((15, 16, 16, 3), np.uint8))
    monkeypatch.setattr(sys, "argv", ["windows.py", str(tmp_path), "calm", "--judge"])
    windows.main()
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == {"file": "a.mp4", "label": "calm", "group": "a.mp4", "start": 0.0, "end": 1.0, "split": "train"}
    assert [(row["start"], row["end"]) for row in rows[1:]] == [(0.0, 2.0), (2.67, 4.67), (5.33, 7.33), (8.0, 10.0)]
    assert {(row["file"], row["split"]) for row in rows[1:]} == {("in/b.mp4", "val")}
