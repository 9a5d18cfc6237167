"""The labeller that ships."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import watchword
from tests.data.motion.made import frames
from watchword.core.errors import ClipError
from watchword.runtime.shipped import shipped

pytest.importorskip("cv2")


@pytest.fixture(scope="module")
def fights():
    return watchword.load("fights")


def test_it_is_small_and_says_what_it_is():
    folder = shipped()["fights"]
    assert sum(path.stat().st_size for path in folder.iterdir()) < 4_000_000
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert all(part in card for part in ("What it cannot do", "False alarms", "How it was made", "Licence"))
    assert "encoder.onnx" not in json.loads((folder / "bundle.json").read_text())["files"]


@pytest.mark.parametrize("clip", [frames(1)[0], frames(1), frames(14, step=0), frames(40, step=4), frames(100)])
def test_anything_can_be_told(fights, clip):
    said = fights.label(clip)
    assert {name for name, _ in said} == {"fight", "noFight"}
    assert sum(share for _, share in said) == pytest.approx(1, abs=1e-5)


def test_what_stands_still_is_no_fight(fights):
    assert fights.label(frames(30, step=0))[0] == ("noFight", pytest.approx(1, abs=0.1))


def test_a_broken_clip_is_an_error(fights, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no clip")
    with pytest.raises(ClipError, match=r"broken\.mp4"):
        fights.label(tmp_path / "broken.mp4")


@pytest.mark.data
def test_it_tells_clips_that_it_learnt_from(fights):
    folder = Path(os.environ["WATCHWORD_DATA"]) / "fights"
    rows = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()][::40]
    right = [fights.label(folder / row["file"])[0][0] == row["label"] for row in rows]
    assert np.mean(right) >= 0.8
