"""From data to bundle through the commands, on made pictures: train, resume, evaluate, export, describe."""

import json
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from typer.testing import CliRunner

from watchword.cli.datasets import read_all
from watchword.cli.main import app
from watchword.cli.opening import captioner
from watchword.core.errors import (
    BundleError,
    CheckpointError,
    DataError,
    SearchError,
    SettingsError,
    UnknownName,
    WatchwordError,
)
from watchword.data.vocabulary import Vocabulary
from watchword.recipes import recipes
from watchword.training.scheduled import Scheduled

COLOURS = {"red": (200, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 200), "yellow": (220, 220, 40)}
TINY = [
    "encoder=plain_cnn",
    "frozen=0",
    "width=32",
    "minimum=1",
    "batch=8",
    "warmup=5",
    "dropout=0",
    "encoder_rate=3e-3",
    "learning_rate=1e-2",
]
SETTINGS = [argument for setting in TINY for argument in ("--set", setting)]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """48 pictures of one colour each, with two sentences that name it; a quarter for validation."""
    folder = tmp_path_factory.mktemp("colours")
    (folder / "images").mkdir()
    random, rows = np.random.default_rng(0), []
    for number in range(48):
        name = list(COLOURS)[number % 4]
        pixels = np.full((40, 40, 3), COLOURS[name]) + random.integers(-20, 20, (40, 40, 3))
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / "images" / f"{number}.png")
        sentences = [{"raw": f"a {name} square", "tokens": ["a", name, "square"]}, {"raw": f"It is {name}."}]
        split = "val" if number >= 36 else "train"
        rows.append({"filename": f"{number}.png", "imgid": number, "split": split, "sentences": sentences})
    (folder / "dataset.json").write_text(json.dumps({"images": rows}))
    return folder


@pytest.fixture(scope="module")
def doubtful(dataset):
    """The same photos, but people call every third one purple."""
    about = json.loads((dataset / "dataset.json").read_text())
    for row in about["images"][::3]:
        row["sentences"] = [{"raw": "a purple square"}]
    folder = dataset.parent / "doubtful"
    folder.mkdir()
    (folder / "images").symlink_to(dataset / "images")
    (folder / "dataset.json").write_text(json.dumps(about))
    return folder


def run(*arguments):
    """Run a command; return what it printed, and let what went wrong through."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def train(dataset, folder, *more):
    return run(
        "train",
        "show_tell",
        "--data",
        dataset,
        "--output",
        folder / "run",
        "--features",
        folder / "features",
        *SETTINGS,
        *more,
    )


@pytest.fixture(scope="module")
def checkpoint(dataset, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    assert "best CIDEr-D" in train(dataset, folder, "--set", "epochs=12", "--set", "patience=12")
    return folder / "run" / "best"


def test_a_run_leaves_what_it_should(checkpoint):
    names = {path.name for path in checkpoint.parent.iterdir()}
    assert names >= {"best", "last", "curves.png", "history.json", "tensorboard"}
    history = json.loads((checkpoint.parent / "history.json").read_text())
    assert len(history) == 12
    assert history[-1]["loss"] < history[0]["loss"]
    with Image.open(checkpoint.parent / "curves.png") as curves:
        assert curves.size[0] > 200


def test_it_learnt_the_colours(dataset, checkpoint, tmp_path):
    kept = tmp_path / "said.json"
    scores = json.loads(run("evaluate", checkpoint, "--data", dataset, "--json", "--predictions", kept))
    said = json.loads(kept.read_text())
    assert scores["photos"] == len(said) == 12
    right = sum(list(COLOURS)[row["image_id"] % 4] in row["caption"].split() for row in said)
    assert right >= 10
    assert scores["sentences_right"] == pytest.approx(right / 12)
    assert {"BLEU-1", "BLEU-4", "ROUGE-L", "CIDEr-D"} <= set(scores)
    assert {row["filename"] for row in said} == {f"{number}.png" for number in range(36, 48)}


def places(folder):
    return "--output", folder / "run", "--features", folder / "features"


def test_a_resumed_run_goes_on_with_its_own_settings_and_words(dataset, tmp_path):
    train(dataset, tmp_path, "--set", "epochs=1")
    before = json.loads((tmp_path / "run" / "history.json").read_text())
    words = (tmp_path / "run" / "last" / "vocabulary.txt").read_text()
    shown = run("train", "show_tell", "--data", dataset, *places(tmp_path), "--set", "epochs=2", "--resume")
    assert "CIDEr-D" in shown.splitlines()[0]  # headings above the first row of this run
    after = json.loads((tmp_path / "run" / "history.json").read_text())
    assert (len(before), len(after)) == (1, 2)
    assert after[0] == before[0]
    assert (tmp_path / "run" / "best" / "vocabulary.txt").read_text() == words
    settings = json.loads((tmp_path / "run" / "last" / "checkpoint.json").read_text())["settings"]
    assert (settings["width"], settings["encoder"], settings["epochs"]) == (32, "plain_cnn", 2)


def test_a_run_is_resumed_with_its_own_data(dataset, doubtful, tmp_path):
    """Said are the numbers where they differ; the same photos with other sentences or weights are other data too."""
    begin = ["train", "show_tell", *places(tmp_path), "--data"]
    train(dataset, tmp_path, "--set", "epochs=1")
    kept = json.loads((tmp_path / "run" / "last" / "checkpoint.json").read_text())["data"]
    assert {part: (each["photos"], each["sentences"]) for part, each in kept.items()} == {
        "learn": (36, 72),
        "validate": (12, 24),
    }
    fewer = "to learn from it had 36 photos with 72 sentences, now there are 36 photos with 60 sentences; to validate"
    with pytest.raises(CheckpointError, match=fewer):
        run(*begin, doubtful, "--resume", "--set", "epochs=2")
    with pytest.raises(CheckpointError, match=r"the same 36 photos with 72 sentences, but other ids, .* --start-from"):
        run(*begin, dataset, "--resume", "--weight", "2", "--set", "epochs=2")
    run(*begin, dataset, "--resume", "--set", "epochs=2")
    assert json.loads((tmp_path / "run" / "last" / "checkpoint.json").read_text())["data"] == kept


def test_two_runs_do_not_share_a_folder(dataset, tmp_path, monkeypatch):
    """The second is refused while the first is at it, begun anew or resumed; afterwards it may come."""

    def meanwhile(run, resume):
        (tmp_path / "run" / "last.new").mkdir()  # what the first has in hand
        for more in ([], ["--resume"]):
            with pytest.raises(CheckpointError, match=r"another `watchword train` is at work in .*run: let it end"):
                train(dataset, tmp_path, *more)
        (tmp_path / "run" / "last.new").rmdir()
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr("watchword.training.loop.fit", meanwhile)
            arguments = ["train", "show_tell", "--data", dataset, *places(tmp_path), *SETTINGS]
            assert CliRunner().invoke(app, list(map(str, arguments))).exit_code == 130


def test_a_run_is_neither_written_over_nor_resumed_as_another(dataset, tmp_path):
    with pytest.raises(CheckpointError, match="holds no run that could be resumed: leave out --resume"):
        train(dataset, tmp_path, "--resume")
    train(dataset, tmp_path, "--set", "epochs=1")
    with pytest.raises(CheckpointError, match="holds a run: add --resume to go on with it"):
        train(dataset, tmp_path)
    with pytest.raises(SettingsError, match="optimizer=sgd: the run to resume has adamw, which cannot change"):
        train(dataset, tmp_path, "--resume", "--set", "optimizer=sgd")
    with pytest.raises(SettingsError, match="width=16: the run to resume has 32"):
        train(dataset, tmp_path, "--resume", "--set", "width=16")


def test_ctrl_c_says_how_to_go_on(dataset, tmp_path, monkeypatch):
    def stop(run, resume):
        raise KeyboardInterrupt

    for kept, said in ((False, "nothing was kept yet"), (True, "the same with --resume goes on")):
        with monkeypatch.context() as patched:
            patched.setattr("watchword.training.loop.fit", stop)
            arguments = ["train", "show_tell", "--data", dataset, *places(tmp_path), *SETTINGS]
            done = CliRunner().invoke(app, [str(each) for each in (*arguments, *(["--resume"] if kept else []))])
        assert (done.exit_code, said in " ".join(done.stderr.split())) == (130, True)
        if not kept:
            train(dataset, tmp_path, "--set", "epochs=1")


@pytest.mark.parametrize(("baseline", "draws"), [("others", 3), ("greedy", 1)])
def test_a_checkpoint_can_be_gone_on_from(dataset, checkpoint, tmp_path, baseline, draws):
    """Self-critical training from a checkpoint keeps its words and its model, whatever its baseline."""
    learning = ["--set", "epochs=1", "--set", f"draws={draws}", "--set", f"baseline={baseline}", "--set", "batch=8"]
    run("train", "show_tell", "--data", dataset, *places(tmp_path), *learning, "--start-from", checkpoint)
    words = [(folder / "vocabulary.txt").read_text() for folder in (checkpoint, tmp_path / "run" / "best")]
    assert words[0] == words[1]
    settings = json.loads((tmp_path / "run" / "last" / "checkpoint.json").read_text())["settings"]
    assert (settings["width"], settings["encoder"], settings["learning_rate"]) == (32, "plain_cnn", 1e-3)
    assert (settings["draws"], settings["baseline"]) == (draws, baseline)
    with pytest.raises(CheckpointError, match="are not of this model"):
        train(dataset, tmp_path / "other", "--start-from", checkpoint, "--set", "width=16")


def test_a_decoder_may_read_its_own_words(dataset, tmp_path, monkeypatch):
    """Scheduled sampling, from the setting to the words that are read: in the second of two epochs half are drawn."""
    shares = []
    mixed = Scheduled.mixed

    def watched(self, decoder, features, words):
        shares.append(self.now)
        said = mixed(self, decoder, features, words)
        assert not set(said[said != words].tolist()) & {0, 1, 2}
        return said

    monkeypatch.setattr(Scheduled, "mixed", watched)
    train(dataset, tmp_path, "--set", "epochs=2", "--set", "scheduled=0.5")
    assert set(shares) == {0.5}
    assert json.loads((tmp_path / "run" / "best" / "checkpoint.json").read_text())["settings"]["scheduled"] == 0.5


def test_labels_to_keep_are_still_known_when_resuming(dataset, checkpoint, tmp_path):
    begin = ["train", "show_tell", "--data", dataset, *places(tmp_path), "--start-from", checkpoint]
    rates = ["--set", "encoder_rate=1e-3", "--set", "keep_labels=1", "--set", "batch=8"]
    run(*begin, *rates, "--set", "epochs=1")
    with pytest.raises(CheckpointError, match=r"holds on to the labels of .*best: give --start-from"):
        run(*begin[:-2], "--set", "epochs=2", "--resume")
    run(*begin, "--set", "epochs=2", "--resume")
    assert len(json.loads((tmp_path / "run" / "history.json").read_text())) == 2


def test_a_resumed_run_knows_where_it_began(dataset, checkpoint, tmp_path):
    """However often it is resumed, with or without --start-from; another checkpoint is refused."""
    begin = ["train", "show_tell", "--data", dataset, *places(tmp_path)]
    run(*begin, "--start-from", checkpoint, "--set", "batch=8", "--set", "epochs=1")
    for epochs in (2, 3):
        run(*begin, "--resume", "--set", f"epochs={epochs}")
        for name in ("best", "last"):
            about = json.loads((tmp_path / "run" / name / "checkpoint.json").read_text())
            assert about["start_from"] == str(checkpoint)
    other = checkpoint.parent / "last"
    with pytest.raises(CheckpointError, match=r"last: the run to resume went on from .*best; give that one, or leave"):
        run(*begin, "--resume", "--start-from", other)
    with pytest.raises(CheckpointError, match=r"holds on to the labels of .*best: give --start-from"):
        run(*begin, "--resume", "--set", "encoder_rate=1e-3", "--set", "keep_labels=1")
    train(dataset, tmp_path / "anew", "--set", "epochs=1")
    with pytest.raises(CheckpointError, match="was begun without one; leave it out"):
        train(dataset, tmp_path / "anew", "--resume", "--start-from", other)


def test_tied_words_are_not_taken_from_words_that_were_not(dataset, tmp_path):
    attending = ["train", "show_attend_tell", "--data", dataset, *SETTINGS, "--set", "epochs=1"]
    run(*attending, *places(tmp_path), "--set", "tied=false")
    with pytest.raises(CheckpointError, match="are not of this model"):
        run(*attending, *places(tmp_path / "b"), "--set", "tied=true", "--start-from", tmp_path / "run" / "best")


def test_ids_given_twice_do_not_mix_photos_up(dataset, tmp_path):
    about = json.loads((dataset / "dataset.json").read_text())
    for row in about["images"]:
        row["imgid"] //= 2
    (tmp_path / "dataset.json").write_text(json.dumps(about))
    (tmp_path / "images").symlink_to(dataset / "images")
    train(tmp_path, tmp_path, "--set", "epochs=1")
    scores = json.loads(run("evaluate", tmp_path / "run" / "best", "--data", tmp_path, "--json"))
    assert scores["photos"] == 12
    rows = read_all([str(tmp_path), str(tmp_path)], [], [])
    assert len({row.id for row in rows}) == len(rows) == 96
    assert [row.id for row in rows[:3]] == ["0", "0#2", "1"]


def test_one_photo_is_too_few(dataset, tmp_path):
    about = json.loads((dataset / "dataset.json").read_text())
    (tmp_path / "dataset.json").write_text(json.dumps({"images": about["images"][:1]}))
    with pytest.raises(DataError, match="one photo with a sentence: give two or more"):
        train(tmp_path, tmp_path)


def test_a_checkpoint_with_settings_of_another_version_is_named(dataset, checkpoint, tmp_path):
    shutil.copytree(checkpoint, tmp_path / "other")
    about = json.loads((checkpoint / "checkpoint.json").read_text())
    odd = [about | {"settings": about["settings"] | one} for one in ({"depth": 3}, {"width": "64"}, {"epochs": None})]
    for changed in (*odd, {"format": 1}):
        (tmp_path / "other" / "checkpoint.json").write_text(json.dumps(changed))
        with pytest.raises(CheckpointError, match="this version cannot read its recipe and settings"):
            run("export", tmp_path / "other", tmp_path / "bundle")


def full(*given):
    raise CheckpointError("no room")


def test_a_blend_lies_between(dataset, checkpoint, tmp_path, monkeypatch):
    train(dataset, tmp_path, "--set", "epochs=1", "--start-from", checkpoint)
    tuned, between = tmp_path / "run" / "best", tmp_path / "between"
    run("blend", checkpoint, tuned, between, "--share", "0.25")
    first, second, mixed = (load_file(folder / "weights.safetensors") for folder in (checkpoint, tuned, between))
    assert any(not torch.equal(first[name], second[name]) for name in first)
    for name in first:
        assert torch.allclose(mixed[name], 0.75 * first[name] + 0.25 * second[name], atol=1e-6)
    assert json.loads((between / "checkpoint.json").read_text()).keys() == {"format", "recipe", "settings", "blended"}
    assert json.loads(run("evaluate", between, "--data", dataset, "--json"))["photos"] == 12
    with pytest.raises(CheckpointError, match="is there already"):
        run("blend", checkpoint, tuned, between)
    with pytest.raises(CheckpointError, match=r"share 1\.5: from 0"):
        run("blend", checkpoint, tuned, tmp_path / "other", "--share", "1.5")
    monkeypatch.setattr(Vocabulary, "save", full)
    with pytest.raises(CheckpointError, match="no room"):
        run("blend", checkpoint, tuned, tmp_path / "other")
    assert {path.name for path in tmp_path.iterdir()} == {"run", "features", "between"}


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_export_gives_a_bundle_that_describes(dataset, doubtful, checkpoint, tmp_path, name):
    said = run("export", checkpoint, tmp_path / name, "--calibrate", doubtful, "--split", "train")
    assert "of 36 sentences right, expected calibration error" in said
    line = run("describe", dataset / "images" / "36.png", "--model", tmp_path / name, "--json")
    row = json.loads(line)
    assert row["sentence"]
    assert 0 <= row["confidence"] <= 1
    scores = json.loads(run("evaluate", tmp_path / name, "--data", doubtful, "--split", "train", "--json"))
    assert sum(span["sentences"] for span in scores["reliability"]) == scores["photos"] == 36
    assert 0 <= scores["expected_calibration_error"] < 0.3
    assert "mean confidence" in run("evaluate", tmp_path / name, "--data", doubtful, "--split", "train")


def test_a_bundle_is_not_overwritten(tmp_path):
    """That is seen before a checkpoint is, so long work is not done for nothing."""
    (tmp_path / "there").mkdir()
    with pytest.raises(WatchwordError, match="is there already"):
        run("export", tmp_path / "no_checkpoint", tmp_path / "there")


def test_a_bundle_is_searched_as_its_checkpoint_was_validated(dataset, checkpoint, tmp_path):
    shutil.copytree(checkpoint.parent / "last", tmp_path / "last")
    about = json.loads((tmp_path / "last" / "checkpoint.json").read_text())
    about["settings"] |= {"beam": 4, "max_words": 7}
    (tmp_path / "last" / "checkpoint.json").write_text(json.dumps(about))
    for arguments, beam in (([], 4), (["--beam", "2"], 2)):
        bundle = tmp_path / f"beam{beam}"
        run("export", tmp_path / "last", bundle, *arguments)
        search = json.loads((bundle / "bundle.json").read_text())["search"]
        assert search == {"beam": beam, "length_normalization": 0.0, "max_words": 7}
    assert captioner(str(tmp_path / "last")).manifest.search.max_words == 7


def test_a_confidence_needs_right_and_wrong_sentences(dataset, checkpoint, tmp_path):
    with pytest.raises(
        BundleError, match=r"12 of 12 sentences are right: .* calibrate on more photos, or leave out --calibrate"
    ):
        run("export", checkpoint, tmp_path / "bundle", "--calibrate", dataset)
    assert not (tmp_path / "bundle").exists()


def test_a_bundle_that_could_not_be_searched_is_not_written(checkpoint, tmp_path):
    arguments = ["export", str(checkpoint), str(tmp_path / "bundle")]
    assert CliRunner().invoke(app, [*arguments, "--beam", "0"]).exit_code == 2
    with pytest.raises(SearchError, match="--length-normalization nan"):
        run(*arguments, "--length-normalization", "nan")
    (tmp_path / "card.pdf").write_bytes(b"%PDF\xff")
    with pytest.raises(BundleError, match=r"card\.pdf is not UTF-8 text: a model card is Markdown"):
        run(*arguments, "--card", tmp_path / "card.pdf")
    assert not (tmp_path / "bundle").exists()


def test_recipes_are_listed_and_shown():
    assert {"show_tell", "show_attend_tell"} <= set(json.loads(run("recipes", "--json")))
    assert "learning_rate" in run("recipes", "show_tell")


def test_what_a_recipe_is_about_is_wrapped_once(monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    about = recipes["lrcn_captioner"].about.splitlines()
    first, _, paper, data, *_ = run("recipes", "lrcn_captioner").splitlines()
    assert (first.strip(), data.strip()) == (about[0], about[-1])
    assert paper.split() == " ".join(about[2:-1]).split()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["show_tel"], UnknownName, "did you mean 'show_tell'"),
        (["show_tell", "--set", "widht=3"], SettingsError, "did you mean 'width'"),
        (["show_tell", "--weight", "1", "--weight", "2"], DataError, "2 --weight for 1 --data"),
        (["show_tell", "--weight", "-1", *SETTINGS], DataError, r"has the weight -1\.0"),
        (["show_tell", "--set", "views=0"], SettingsError, "views='0': from 1 to 1000"),
        (["show_tell", "--set", "seed=-1"], SettingsError, "seed='-1': from 0 to 4294967295"),
        (["show_tell", "--set", "momentum=0.5"], SettingsError, "does nothing unless optimizer is sgd"),
        (["show_tell", *SETTINGS, "--set", "encoder=nope"], UnknownName, "no encoder named 'nope'"),
        (["show_tell", "--set", "label_smoothing=1"], SettingsError, "label_smoothing='1': from 0 to below 1"),
        (["show_tell", "--set", "dropout=1"], SettingsError, "dropout='1': from 0 to below 1"),
        (["show_tell", *SETTINGS, "--set", "frozen=13"], SettingsError, "frozen=13: from 0 to 5"),
        (["show_tell", *SETTINGS, "--set", "minimum=99"], DataError, "no word occurs 99 times in 72 sentences"),
        (["show_tell", *SETTINGS, "--set", "draws=1"], SettingsError, "draws=1: 2 or more"),
        (["show_tell", "--set", "draws=2", "--set", "baseline=gredy"], SettingsError, "one of others, greedy"),
        (["show_tell", "--set", "baseline=greedy"], SettingsError, "does nothing unless draws is above 0"),
        (["show_attend_tell", *SETTINGS, "--set", "heads=2"], SettingsError, "unless attention is dot"),
        (
            ["show_attend_tell", *SETTINGS, "--set", "attention=dot", "--set", "heads=5"],
            SettingsError,
            "width=32 cannot be shared out to heads=5",
        ),
    ],
)
def test_mistakes_are_named_before_a_photo_is_looked_at(dataset, tmp_path, arguments, error, message):
    with pytest.raises(error, match=message):
        run("train", *arguments, "--data", dataset, "--output", tmp_path / "runs" / "a", "--features", tmp_path / "f")
    assert not list(tmp_path.iterdir())  # no folder of a run that never began, either


def test_a_checkpoint_of_another_recipe_is_refused(dataset, checkpoint, tmp_path):
    with pytest.raises(CheckpointError, match="is of recipe 'show_tell', not 'show_attend_tell'"):
        run(
            "train", "show_attend_tell", "--data", dataset, "--output", tmp_path, "--features", tmp_path / "f",
            "--start-from", checkpoint, *SETTINGS,
        )  # fmt: skip


def test_a_split_that_is_not_there_is_named(dataset, checkpoint):
    with pytest.raises(DataError, match=r"no photo with a sentence in split 'test'; the data has: train, val"):
        run("evaluate", checkpoint, "--data", dataset, "--split", "test")


def test_a_way_of_looking_at_regions_needs_regions(checkpoint, dataset):
    with pytest.raises(SettingsError, match="--way pooled is for regions, and no row of the data has a box"):
        run("evaluate", checkpoint, "--data", dataset, "--way", "pooled")


def test_photos_and_sentences_are_ranked_by_likelihood(checkpoint, dataset):
    found = json.loads(run("evaluate", checkpoint, "--data", dataset, "--likelihood", "--json"))
    assert (found["photos"], found["sentences"]) == (12, 24)
    # Three of the twelve photos are of each colour; by chance five hold the right one in 42 cases of 100.
    assert found["i2t_r5"] == 1.0
    assert found["t2i_r5"] > 0.9
    assert found["mean_recall"] >= found["likelihood"]["mean_recall"]


def test_likelihood_is_of_checkpoints_and_says_nothing(checkpoint, dataset):
    from watchword.core.errors import BundleError

    with pytest.raises(BundleError, match="no checkpoint"):
        run("evaluate", "small", "--data", dataset, "--likelihood")
    with pytest.raises(AssertionError, match="nothing is said: of the options"):
        run("evaluate", checkpoint, "--data", dataset, "--likelihood", "--beam", 2)
