"""`watchword train motion_kernels`, and what follows: evaluate, export, label."""

import json

import pytest
from typer.testing import CliRunner

from tests.data.motion.made import frames, write
from watchword.cli.main import app

pytest.importorskip("sklearn")
pytest.importorskip("cv2")

TINY = ["--set", "encoder=plain_cnn", "--set", "frozen=0", "--set", "gaussians=2", "--set", "axes=4"]


@pytest.fixture
def runner():
    return CliRunner()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for number in range(12):
        label = ("calm", "wild")[number % 2]
        step = 5 if label == "wild" else 1.5
        write(folder / f"{number}.mp4", frames(16, step=step, side=60 + number, at=(10 + number, 20), seed=number))
        rows.append({"file": f"{number}.mp4", "label": label, "fold": 1 + number // 2 % 2, "group": number // 2})
    (folder / "clips.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder / "clips.jsonl"


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    done = CliRunner().invoke(app, arguments(data, folder / "moves"))
    assert done.exit_code == 0, done.output
    assert "accuracy 1.0000" in done.output
    assert "next: watchword export" in done.output
    return folder / "moves"


def arguments(data, output, *more):
    kept = ["--features", str(output.parent / "features"), "--output", str(output)]
    return ["train", "motion_kernels", "--data", str(data), "--hold-out", "fold=1", *TINY, *kept, *more]


def test_a_fold_is_told_and_a_bundle_labels(run, data, runner, tmp_path):
    done = runner.invoke(app, ["evaluate", str(run / "best"), "--data", str(data), "--hold-out", "fold=1", "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert (figures["accuracy"], figures["clips"]) == (1.0, 6)
    done = runner.invoke(app, ["export", str(run / "best"), str(tmp_path / "moves.zip")])
    assert "label with  watchword label --model" in done.output
    clips = [str(data.parent / f"{number}.mp4") for number in (0, 1)]
    done = runner.invoke(app, ["label", *clips, "--model", str(tmp_path / "moves.zip"), "--json"])
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["label"] for line in done.stdout.splitlines()] == ["calm", "wild"]


def test_a_run_is_not_written_over(run, data, runner):
    done = runner.invoke(app, arguments(data, run))
    assert done.exit_code != 0
    assert "holds a run: name another --output, or remove it" in str(done.exception) + done.output


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--set", "epochs=3"], "no setting 'epochs'"),
        (["--way", "pooled"], "--way: motion_kernels is fitted at once, and has no use for it"),
        (["--resume"], "holds no run that could be resumed"),
        (["--set", "kernels=speed"], "one of statistics, change, fisher"),
    ],
)
def test_what_it_has_no_use_for_is_refused(data, tmp_path, runner, more, message):
    done = runner.invoke(app, arguments(data, tmp_path / "other", *more))
    assert done.exit_code != 0
    assert message in str(done.exception) + done.output
    assert not (tmp_path / "other").exists()


def test_it_is_not_tuned(data, runner, tmp_path):
    done = runner.invoke(app, ["tune", "motion_kernels", "--data", str(data), "--output", str(tmp_path / "tuned")])
    assert done.exit_code != 0
    assert "is fitted at once" in done.output


def test_another_encoder_is_not_shared(run, runner, tmp_path):
    done = runner.invoke(app, ["export", str(run / "best"), str(tmp_path / "shared"), "--encoder-of", "small"])
    assert "is not the one that this model learnt with" in str(done.exception) + done.output


def test_scikit_learn_is_asked_for(data, tmp_path, runner, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    done = runner.invoke(app, arguments(data, tmp_path / "other"))
    assert 'pip install ".[train,video,kernels]"' in str(done.exception) + done.output
