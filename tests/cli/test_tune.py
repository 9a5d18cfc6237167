"""The search for settings: what is tried, what is kept, what is stopped, and how it goes on. Most runs are made up."""

import json
import shlex
import shutil
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from watchword.cli import trial as trials_of
from watchword.cli.main import app
from watchword.core.errors import CheckpointError, DataError, SettingsError, UnknownName
from watchword.training.checkpoints import Progress

pytest.importorskip("optuna")

COLOURS = {"red": (200, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 200), "yellow": (220, 220, 40)}
TINY = ["encoder=plain_cnn", "frozen=0", "width=16", "minimum=1", "batch=8", "warmup=2", "encoder_rate=3e-3"]
SETTINGS = [argument for setting in [*TINY, "epochs=3"] for argument in ("--set", setting)]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """24 pictures of one colour each, with two sentences that name it; a third for validation."""
    folder = tmp_path_factory.mktemp("colours")
    (folder / "images").mkdir()
    rows = []
    for number in range(24):
        name = list(COLOURS)[number % 4]
        Image.fromarray(np.full((40, 40, 3), COLOURS[name], np.uint8)).save(folder / "images" / f"{number}.png")
        sentences = [{"raw": f"a {name} square"}, {"raw": f"It is {name}."}]
        split = "val" if number >= 16 else "train"
        rows.append({"filename": f"{number}.png", "imgid": number, "split": split, "sentences": sentences})
    (folder / "dataset.json").write_text(json.dumps({"images": rows}))
    return folder


def call(dataset, folder, *more):
    """Run a search in `folder`; what went wrong is let through."""
    places = ["--data", dataset, "--output", folder / "search", "--features", folder / "features"]
    return CliRunner().invoke(app, list(map(str, ["tune", "show_tell", *places, *more])), catch_exceptions=False)


def tune(dataset, folder, *more):
    """Run a search to its end, and return what it says as JSON."""
    done = call(dataset, folder, *more, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def tried(said):
    """The trials of a search in the order in which they were begun, without what is never the same."""
    rows = sorted(said["trials"], key=lambda row: row["trial"])
    return [{name: row[name] for name in row if name not in ("seconds", "folder")} for row in rows]


class Made:
    """Stands in for training: the score of an epoch is made up of the learning rate, best at 1e-3."""

    def __init__(self):
        self.runs, self.at_epoch = [], lambda settings, epoch: None

    def prepare(self, origin, settings, learn, judge, output, features, console):
        if settings.width == 13:
            raise SettingsError("width=13 is unlucky")
        return SimpleNamespace(learning=settings, folder=output, watched="CIDEr-D")

    def fit(self, run, resume):
        progress = Progress()
        if resume:
            progress = Progress(**json.loads((run.folder / "last" / "progress.json").read_text()))
        self.runs.append((run.folder.name, progress.epoch))
        for epoch in range(progress.epoch, run.learning.epochs):
            self.at_epoch(run.learning, epoch)
            score = (epoch + 1) * (1 - abs(np.log10(run.learning.learning_rate) + 3) / 4)
            progress.history.append({"epoch": epoch + 1, "CIDEr-D": score, "seconds": 1.0})
            progress.best, progress.epoch = max(progress.best, score), epoch + 1
            for kept in ("best", "last"):
                (run.folder / kept).mkdir(exist_ok=True)
                (run.folder / kept / "weights.safetensors").write_bytes(b"many")
            (run.folder / "last" / "progress.json").write_text(json.dumps(vars(progress)))
            run.on_epoch(progress)
        return progress


@pytest.fixture
def made(monkeypatch):
    """Training that takes no time; settable `at_epoch`, and `runs` that were begun or gone on with."""
    made = Made()
    shown = SimpleNamespace(epoch=lambda progress: None, close=lambda: None)
    monkeypatch.setattr(trials_of, "Report", lambda folder, console: shown)
    monkeypatch.setattr(trials_of, "prepare", made.prepare)
    monkeypatch.setattr(trials_of, "fit", made.fit)
    return made


WIDE = ["--range", "learning_rate=1e-5:1e-1"]


def test_it_finds_the_best_rate_and_says_how_to_train_with_it(made, dataset, tmp_path):
    folder = tmp_path / "a b"
    done = call(dataset, folder, *SETTINGS, "--trials", 16, *WIDE, "--range", "width=8:32", "--set", "beam=2")
    assert done.exit_code == 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("trial ")]
    assert len(lines) == 16
    assert lines[0].startswith("trial 0  learning_rate=0.001 width=16  CIDEr-D 3.000  3 epochs  0 s")
    assert any(line.endswith("stopped early") for line in lines)
    assert not lines[0].endswith("stopped early")
    assert "importance: learning_rate 0." in done.stdout
    best, again = done.stdout.splitlines()[-2:]
    assert best.startswith("best CIDEr-D 3.0000: ")
    export = shlex.split(best.partition("; next: ")[2])
    assert export == ["watchword", "export", str(folder / "search" / "trial-000" / "best"), "BUNDLE"]
    command = shlex.split(again.partition(": ")[2])
    assert command[:5] == ["watchword", "train", "show_tell", "--data", str(dataset)]
    given = {command[place + 1] for place, word in enumerate(command) if word == "--set"}
    assert {"width=16", "epochs=3", "beam=2", "encoder=plain_cnn"} <= given
    assert not any(each.startswith("learning_rate") for each in given)  # the best has the recipe's own
    assert command[command.index("--features") + 1] == str(folder / "features")


def test_what_is_worse_than_half_of_the_others_stops_early(made, dataset, tmp_path):
    rows = tried(tune(dataset, tmp_path, *SETTINGS, "--trials", 12, *WIDE, "--set", "epochs=5"))
    assert {row["outcome"] for row in rows} == {"finished", "stopped early"}
    assert all(row["outcome"] == "finished" for row in rows[:5])
    for row in rows:
        assert (row["epochs"] == 5) == (row["outcome"] == "finished")
        assert row["epochs"] >= 2


def test_the_same_seed_tries_the_same(made, dataset, tmp_path):
    one, other, third = (
        tried(tune(dataset, tmp_path / name, *SETTINGS, "--trials", 13, "--seed", seed))
        for name, seed in (("a", 4), ("b", 4), ("c", 5))
    )
    assert one == other
    assert one[0] == third[0]  # the settings as they are given
    assert one[1:] != third[1:]
    assert all(set(row["values"]) == {"learning_rate", "weight_decay"} for row in one)


def test_of_what_is_over_only_the_best_keeps_weights(made, dataset, tmp_path):
    said = tune(dataset, tmp_path, *SETTINGS, "--trials", 8, "--set", "learning_rate=1e-2", *WIDE)
    kept = sorted(path.relative_to(tmp_path / "search") for path in tmp_path.rglob("*.safetensors"))
    best = f"trial-{said['trials'][0]['trial']:03d}"
    assert [path.as_posix() for path in kept] == [f"{best}/best/weights.safetensors"]
    scores = [row["CIDEr-D"] for row in said["trials"]]
    assert scores == sorted(scores, reverse=True)
    assert not list(tmp_path.rglob("lock"))
    assert not list(tmp_path.rglob("*.pkl"))


def interrupt_at(trial, epoch):
    count = iter(range(10_000))

    def interrupt(settings, at):
        if at == 0:
            interrupt.trial = next(count)
        if (interrupt.trial, at) == (trial, epoch):
            raise KeyboardInterrupt

    return interrupt


@pytest.mark.parametrize("torn", [b"", b'{"op_code":7,"worker'])
def test_a_search_that_was_stopped_goes_on_as_if_it_never_was(made, dataset, tmp_path, torn):
    whole = tried(tune(dataset, tmp_path / "a", *SETTINGS, "--trials", 12, *WIDE))
    made.at_epoch, made.runs = interrupt_at(trial=3, epoch=2), []
    done = call(dataset, tmp_path / "b", *SETTINGS, "--trials", 12, *WIDE)
    assert done.exit_code == 130
    assert "stopped; the same with --resume goes on" in done.stderr
    assert (tmp_path / "b" / "search" / "trial-003" / "last").is_dir()
    with (tmp_path / "b" / "search" / "trials.jsonl").open("ab") as file:
        file.write(torn)  # a kill in the midst of a line
    (tmp_path / "b" / "search" / "trials.jsonl.lock").touch()
    made.at_epoch, made.runs = (lambda settings, epoch: None), []
    assert tried(tune(dataset, tmp_path / "b", "--trials", 12, "--resume")) == whole
    assert made.runs[0] == ("trial-003", 2)
    again = tune(dataset, tmp_path / "b", "--trials", 12, "--resume")
    assert tried(again) == whole
    more = tried(tune(dataset, tmp_path / "b", "--trials", 14, "--resume", *SETTINGS, *WIDE, "--seed", 0))
    assert more[:12] == whole
    assert len(more) == 14


def test_an_epoch_that_was_kept_but_not_told_of_is_told_of(made, dataset, tmp_path, monkeypatch):
    """A kill between the checkpoint and the hook."""

    def killed(self, progress):
        if progress.epoch == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(trials_of.Following, "epoch", killed)
        assert call(dataset, tmp_path, *SETTINGS, "--trials", 1, *WIDE).exit_code == 130
    (row,) = tried(tune(dataset, tmp_path, "--trials", 1, "--resume"))
    assert (row["epochs"], row["outcome"]) == (3, "finished")
    journal = (tmp_path / "search" / "trials.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in journal if '"step":' in line and 'op_code":7' in line] == [1, 2, 3]


def test_what_was_hopeless_when_it_was_killed_is_not_gone_on_with(made, dataset, tmp_path, monkeypatch):
    """A kill between the score of an epoch and the end of the trial, of which nobody was told."""
    whole = tried(tune(dataset, tmp_path / "a", *SETTINGS, "--trials", 12, *WIDE, "--set", "epochs=5"))
    stopped = next(row for row in whole if row["outcome"] == "stopped early")
    keep = trials_of.Following.keep

    def killed(self, progress):
        keep(self, progress)
        if (self.trial.number, progress.epoch) == (stopped["trial"], stopped["epochs"]):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(trials_of.Following, "keep", killed)
        done = call(dataset, tmp_path / "b", *SETTINGS, "--trials", 12, *WIDE, "--set", "epochs=5")
        assert done.exit_code == 130
    assert tried(tune(dataset, tmp_path / "b", "--trials", 12, "--resume")) == whole


def test_training_that_diverges_ends_a_trial_and_not_the_search(made, dataset, tmp_path):
    def diverge(settings, epoch):
        if settings.learning_rate > 2e-3 and epoch == 1:
            raise SettingsError("the loss is nan: training diverged")

    made.at_epoch = diverge
    rows = tried(tune(dataset, tmp_path, *SETTINGS, "--trials", 10, *WIDE))
    diverged = [row for row in rows if row["outcome"] == "diverged"]
    assert diverged
    assert all(row["epochs"] == 1 and row["why"].endswith("training diverged") for row in diverged)
    assert len(rows) == 10


def test_settings_that_do_not_go_together_end_a_trial(made, dataset, tmp_path):
    rows = tried(tune(dataset, tmp_path, *SETTINGS, "--trials", 12, "--range", "width=13,16"))
    refused = [row for row in rows if row["values"]["width"] == 13]
    assert refused
    said = ("refused", "width=13 is unlucky", None)
    assert all((row["outcome"], row["why"], row["CIDEr-D"]) == said for row in refused)


def test_values_that_the_data_cannot_have_end_a_trial(dataset, tmp_path):
    """Really prepared: words that are all too rare, and weights that are not there."""
    encoders = "encoder=plain_cnn,plain_cnn:weights=nowhere.safetensors"
    ranges = ["--range", "minimum=1,999", "--range", encoders]
    quick = ["--set", "epochs=1"]
    rows = tried(tune(dataset, tmp_path, *SETTINGS, *quick, "--trials", 6, *ranges))
    assert rows[0]["outcome"] == "finished"
    refused = [row for row in rows if row["values"] != {"minimum": 1, "encoder": "plain_cnn"}]
    assert refused
    for row in refused:
        assert row["outcome"] == "refused"
        wrong = "no word occurs 999 times" if row["values"]["minimum"] == 999 else "nowhere.safetensors"
        assert wrong in row["why"]


def test_data_that_are_amiss_are_no_fault_of_the_values(made, dataset, tmp_path, monkeypatch):
    def broken(*given):
        raise DataError("the store is damaged")

    monkeypatch.setattr(trials_of, "prepare", broken)
    with pytest.raises(DataError, match="the store is damaged"):
        call(dataset, tmp_path, *SETTINGS, "--trials", 2, *WIDE)
    monkeypatch.setattr(trials_of, "prepare", made.prepare)
    assert tried(tune(dataset, tmp_path, "--trials", 2, "--resume"))[0]["outcome"] == "finished"


def test_a_search_in_which_nothing_was_learnt_says_why(made, dataset, tmp_path):
    def diverge(settings, epoch):
        raise SettingsError("the loss is nan: training diverged")

    made.at_epoch = diverge
    with pytest.raises(SettingsError, match=r"no trial came to a CIDEr-D.*training diverged Search another --range"):
        call(dataset, tmp_path, *SETTINGS, "--trials", 2, *WIDE)


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        (["--set", "width=32"], SettingsError, "--set width=32: the search in .* has other settings; leave it out"),
        (["--range", "width=8,16"], SettingsError, "--range width=8,16: the search in .* has other ranges"),
        (["--seed", "7"], SettingsError, "--seed 7: the search in .* has 0; leave it out, or name another --output"),
        (["--weight", "2"], CheckpointError, r"begun with other data \(16 photos with 32 sentences and 8 photos"),
    ],
)
def test_a_search_goes_on_with_its_own(made, dataset, tmp_path, more, error, message):
    tune(dataset, tmp_path, *SETTINGS, "--trials", 1, *WIDE)
    with pytest.raises(error, match=message):
        call(dataset, tmp_path, "--resume", *more)


def test_searches_are_not_mixed(made, dataset, tmp_path):
    with pytest.raises(CheckpointError, match="holds no search that could be resumed: leave out --resume"):
        call(dataset, tmp_path, "--resume")
    assert not (tmp_path / "search").exists()
    tune(dataset, tmp_path, *SETTINGS, "--trials", 1, *WIDE)
    with pytest.raises(CheckpointError, match="holds a search: add --resume to go on with it, or name another"):
        call(dataset, tmp_path)
    places = ["--data", dataset, "--output", tmp_path / "search", "--resume"]
    with pytest.raises(CheckpointError, match="is of recipe 'show_tell': give that one"):
        CliRunner().invoke(app, list(map(str, ["tune", "show_attend_tell", *places])), catch_exceptions=False)
    about = tmp_path / "search" / "search.json"
    about.write_text(about.read_text().replace('"width"', '"breadth"'))
    with pytest.raises(CheckpointError, match=r"search\.json is damaged, or of another version"):
        call(dataset, tmp_path, "--resume")
    about.unlink()
    with pytest.raises(CheckpointError, match=r"holds trials, but no search\.json"):
        call(dataset, tmp_path)
    shutil.rmtree(tmp_path / "search")
    (tmp_path / "search" / "last").mkdir(parents=True)
    with pytest.raises(CheckpointError, match="holds a run of `watchword train`: name another --output"):
        call(dataset, tmp_path)


def test_a_damaged_list_of_trials_is_named(made, dataset, tmp_path):
    tune(dataset, tmp_path, *SETTINGS, "--trials", 1, *WIDE)
    journal = tmp_path / "search" / "trials.jsonl"
    journal.write_text("no JSON\n" + journal.read_text())
    with pytest.raises(CheckpointError, match=r"trials\.jsonl is damaged .*name another --output"):
        call(dataset, tmp_path, "--resume")


@pytest.mark.parametrize("line", ["no JSON", "{}", "[]", "3", '{"op_code": 77}', '{"op_code": 4, "trial_id": 9}'])
def test_damage_in_the_last_line_is_named_before_anything_is_tried(made, dataset, tmp_path, line):
    tune(dataset, tmp_path, *SETTINGS, "--trials", 1, *WIDE)
    with (tmp_path / "search" / "trials.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    made.runs = []
    with pytest.raises(CheckpointError, match=r"trials\.jsonl is damaged .*name another --output"):
        call(dataset, tmp_path, "--resume", "--trials", 2)
    assert made.runs == []


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 2},
        {"recipe": "show_tel"},
        {"recipe": []},
        {"settings": 3},
        {"ranges": {"learning_rat": "1:2"}},
        {"ranges": []},
        {"seed": "many"},
        {"data": None},
        {"data": {"learn": 3}},
    ],
)
def test_a_damaged_search_is_named(made, dataset, tmp_path, damage):
    tune(dataset, tmp_path, *SETTINGS, "--trials", 1, *WIDE)
    about = tmp_path / "search" / "search.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | damage))
    with pytest.raises(
        CheckpointError, match=r"search\.json is damaged, or of another version .*name another --output"
    ):
        call(dataset, tmp_path, "--resume")


def test_two_searches_do_not_share_a_folder(made, dataset, tmp_path):
    def meanwhile(settings, epoch):
        with pytest.raises(CheckpointError, match=r"another `watchword tune` is at work in .*search: let it end"):
            call(dataset, tmp_path, "--resume")
        raise KeyboardInterrupt

    made.at_epoch = meanwhile
    assert call(dataset, tmp_path, *SETTINGS).exit_code == 130


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        (["--set", "widht=3"], SettingsError, "did you mean 'width'"),
        (["--range", "dropout=0:1"], SettingsError, "dropout='1': from 0 to below 1"),
        (["--set", "encoder=nope"], UnknownName, "no encoder named 'nope'"),
        (["--set", "frozen=13"], SettingsError, "frozen=13: from 0 to 5"),
        (["--set", "draws=1"], SettingsError, "draws=1: 2 or more"),
        (["--set", "minimum=99"], DataError, "no word occurs 99 times"),
        (["--weight", "-1"], DataError, "weight"),
        (["--weight", "1", "--weight", "2"], DataError, "2 --weight for 1 --data"),
    ],
)
def test_mistakes_are_named_before_anything_is_kept(dataset, tmp_path, more, error, message):
    with pytest.raises(error, match=message):
        call(dataset, tmp_path, *SETTINGS, *more)
    assert not list(tmp_path.iterdir())


def test_without_optuna_it_says_what_to_install(dataset, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(SettingsError, match=r"needs optuna, which cannot be imported .*install '\.\[train,tune\]'"):
        call(dataset, tmp_path, *SETTINGS)
    assert not list(tmp_path.iterdir())


def test_trials_are_runs_like_any_other(dataset, tmp_path, monkeypatch):
    """Really trained: one is stopped, gone on with by `train`, then the search goes on; the best is evaluated."""
    train, real = trials_of.fit, {"epochs": 0}

    def stopped(run, resume):
        followed = run.on_epoch

        def stop(progress):
            followed(progress)
            real["epochs"] += 1
            if real["epochs"] == 4:
                raise KeyboardInterrupt

        run.on_epoch = stop
        return train(run, resume=resume)

    with monkeypatch.context() as patch:
        patch.setattr(trials_of, "fit", stopped)
        assert call(dataset, tmp_path, *SETTINGS, "--trials", 2).exit_code == 130
    trial = tmp_path / "search" / "trial-001"
    places = ["--data", dataset, "--output", trial, "--features", tmp_path / "features"]
    done = CliRunner().invoke(app, list(map(str, ["train", "show_tell", *places, "--resume"])), catch_exceptions=False)
    assert done.exit_code == 0
    said = tune(dataset, tmp_path, "--trials", 2, "--resume")
    assert [(row["epochs"], row["outcome"]) for row in tried(said)] == [(3, "finished")] * 2
    assert len(json.loads((trial / "history.json").read_text())) == 3
    best = f"{said['trials'][0]['folder']}/best"
    again = CliRunner().invoke(app, ["evaluate", best, "--data", str(dataset), "--json"], catch_exceptions=False)
    assert json.loads(again.stdout)["CIDEr-D"] == pytest.approx(said["trials"][0]["CIDEr-D"], abs=1e-3)
