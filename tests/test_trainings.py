"""What the scripts in bench/ share: what is trained is left, what was stopped goes on, unlike runs are told apart."""

import json
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent.parent / "bench"
CHANGES = "width=256 epochs=6 dropout=0.4 encoder_rate=2e-4"
MADE = {"width": 256, "epochs": 6, "dropout": 0.4, "encoder_rate": 2e-4, "patience": 5, "seed": 0}


@pytest.fixture
def trainings(monkeypatch):
    """The module, with the commands that it would run in `asked`."""
    monkeypatch.syspath_prepend(str(BENCH))
    for name in ("trainings", "table"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import trainings

    trainings.asked = []
    monkeypatch.setattr(trainings, "watchword", lambda command, output, mode="a": trainings.asked.append(command))
    return trainings


def begun(folder, epoch, **settings):
    """Write what a run leaves that was stopped after so many epochs."""
    (folder / "last").mkdir(parents=True)
    (folder / "last" / "checkpoint.json").write_text(json.dumps({"settings": MADE | settings}))
    history = [{"epoch": 1, "seconds": 60.0}]
    (folder / "last" / "progress.json").write_text(json.dumps({"epoch": epoch, "stale": 0, "history": history}))
    return folder


def test_what_is_there_is_not_trained_again(trainings, tmp_path, capsys):
    done = begun(tmp_path / "done", epoch=6)
    assert trainings.trained("show_tell", CHANGES, ["data"], done) == done / "best"
    assert (trainings.asked, capsys.readouterr().err) == ([], "")
    trainings.trained("show_tell", CHANGES, ["data"], tmp_path / "new")
    trainings.trained("show_tell", CHANGES, ["data"], begun(tmp_path / "stopped", epoch=3))
    assert ["--resume" in command for command in trainings.asked] == [False, True]
    assert all("dropout=0.4" in command for command in trainings.asked)


def test_what_was_trained_otherwise_is_said(trainings, tmp_path, capsys):
    done = begun(tmp_path / "done", epoch=10, epochs=10)
    trainings.trained("show_tell", CHANGES, ["data"], done)
    assert trainings.asked == []
    assert f"{done} was trained with epochs=10, not 6; to have it anew remove it" in capsys.readouterr().err


def test_what_was_begun_otherwise_is_not_gone_on_with(trainings, tmp_path):
    stopped = begun(tmp_path / "stopped", epoch=3, width=64, seed=4)
    with pytest.raises(SystemExit, match=r"stopped was begun with width=64, not 256: remove it, or give the settings"):
        trainings.trained("show_tell", CHANGES, ["data"], stopped)
    assert trainings.asked == []


def test_a_dry_table_trains_nothing(trainings, tmp_path, monkeypatch, capsys):
    import table

    figures = dict.fromkeys(table.FIGURES, 0.25) | {"in_training_set": 0.1, "photos_per_second": 70.0}
    folder = begun(tmp_path / "neuraltalk-0", epoch=3)
    (folder / "scores.json").write_text(json.dumps(figures))
    monkeypatch.setattr(sys, "argv", ["table.py", "data", str(tmp_path), "--dry"])
    table.main()
    assert trainings.asked == []
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("| neuraltalk | 1 | .250 ")]


def test_a_figure_over_seeds_is_mean_and_deviation(trainings):
    assert trainings.told([0.25, 0.75], 3) == ".500 ± .354"
    assert trainings.told([0.25], 3) == ".250"
    assert trainings.told([61.2, 63.2], 0) == "62 ± 1"
