"""bench/activities.py: folds put together, RGB and flow fused, and the line of its table."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from watchword.core.types import Example

BENCH = Path(__file__).parent.parent / "bench"
NAMES = ("calm", "fight")


@pytest.fixture
def activities(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    for name in ("trainings", "activities"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import activities

    return activities


def examples(count=40):
    """Clips of two classes by turns; four of a scene, which are in one fold."""
    return [
        Example(str(i), Path(f"{i}.mp4"), labels=(NAMES[i % 2],), extra={"fold": 1 + i // 4 % 2, "group": f"{i // 4}"})
        for i in range(count)
    ]


def chances(right):
    """Probabilities (calm, fight) of as many clips, of the true class .8 where it is right."""
    return {str(i): np.array([0.8, 0.2] if (i % 2 == 0) == good else [0.2, 0.8]) for i, good in enumerate(right)}


def test_the_line_of_a_row_is_mean_deviation_and_interval(activities):
    runs = {0: chances([i % 4 != 0 for i in range(40)]), 1: chances([True] * 40)}
    row, seeds, accuracy, within = activities.line("LRCN", runs, examples())
    assert (row, seeds, accuracy) == ("LRCN", "2", ".875 ± .177")
    assert within == "0.875 to 0.875"  # every scene is told alike
    (_, _, alone, within) = activities.line("LRCN", {0: chances([i // 4 % 2 == 0 for i in range(40)])}, examples())
    assert (alone, within) == (".500", "0.200 to 0.800")


def test_fused_is_the_weighted_mean(activities):
    rgb, flow = chances([True, True]), chances([False, True])
    assert activities.fused(rgb, flow, 2 / 3)["0"].tolist() == pytest.approx(
        [0.8 / 3 + 0.2 * 2 / 3, 0.2 / 3 + 0.8 * 2 / 3]
    )


def test_what_is_there_is_told_without_training(activities, tmp_path, monkeypatch, capsys):
    data = tmp_path / "clips.jsonl"
    rows = [{"file": f"{one.path}", "label": one.labels[0], **one.extra} for one in examples()]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for stream in ("RGB", "flow"):
        for fold in (1, 2):
            run = tmp_path / "runs" / f"LRCN-{stream}-efficientnet_lite0-{fold}-0"
            (run / "last").mkdir(parents=True)
            (run / "last" / "checkpoint.json").write_text(json.dumps({"settings": {"epochs": 1, "patience": 1}}))
            (run / "last" / "progress.json").write_text(json.dumps({"epoch": 1, "stale": 0}))
            told = {row["file"]: [0.9, 0.1] for row in rows if row["fold"] == fold}
            told |= {name: [0.4, 0.6] for name in told if stream == "flow"}
            (run / "told.json").write_text(json.dumps({"classes": ["fight", "calm"], "told": told}))
    monkeypatch.setattr(sys, "argv", ["activities.py", str(data), str(tmp_path / "runs"), "--seeds", "0", "1", "--dry"])
    activities.main()
    table = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[:3] for line in table[2:]] == [
        ["| LRCN, RGB", "1", ".500"],
        ["| LRCN, flow", "1", ".500"],
        ["| LRCN, 1/2 RGB, 1/2 flow", "1", ".500"],
        ["| LRCN, 1/3 RGB, 2/3 flow", "1", ".500"],
    ]
