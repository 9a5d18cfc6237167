"""Tuples by the commands: learnt from clips, written, blurred, filed, and made into sentences."""

import json
import zipfile

import numpy as np
import pytest
import torch

from tests.cli.acting_clips import COLOURS, save_acts
from tests.cli.test_training_commands import run
from watchword.cli.tuple_rows import labels_to_judge
from watchword.core.errors import DataError, SettingsError
from watchword.data.vocabulary import Vocabulary
from watchword.decoders.blurring import blurred, prior
from watchword.encoders.plain_cnn import PlainCNN, save
from watchword.recipes import recipes

LEARNING = ["width=32", "minimum=1", "batch=16", "warmup=5", "dropout=0", "epochs=2", "learning_rate=1e-2"]
SETTINGS = [part for setting in LEARNING for part in ("--set", setting)]

LONGER = ["--set", "epochs=15", "--set", "patience=15", "--set", "batch=6", "--set", "schedule=constant"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with clips, and the weights of an encoder that has learnt nothing, which is enough for colours."""
    folder = tmp_path_factory.mktemp("tuples")
    save_acts(folder / "acts", 48)
    torch.manual_seed(0)
    save(PlainCNN(depth=6, size=32, channels=8, width=48, labels=("none",), frozen=0), folder / "cnn.safetensors")
    return folder


@pytest.fixture
def here(home, monkeypatch):
    monkeypatch.chdir(home)
    return home


DATA = ["--data", "acts/clips.jsonl"]
ENCODER = "frames:of=plain_cnn:weights=cnn.safetensors,count=6"


@pytest.fixture(scope="module")
def labeller(home):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        learning = ["--set", "epochs=40", "--set", "learning_rate=1e-2", "--set", "dropout=0.1"]
        printed = run("tuples", "learn", ENCODER, *DATA, "--output", "runs/tuples.safetensors", *learning)
    words, whole = (float(part.split()[-1]) for part in printed.split(":")[0].split(","))
    assert words > 0.75
    assert whole > 0.4
    assert f"--set encoder={ENCODER} --set labeller=runs/tuples.safetensors" in printed
    return home / "runs" / "tuples.safetensors"


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_labeller_says_what_it_sees(here, labeller):
    run("tuples", "write", *DATA, "--labeller", "runs/tuples.safetensors", "--output", "new/seen.jsonl")
    said, true = lines_of(here / "new" / "seen.jsonl"), lines_of(here / "acts" / "clips.jsonl")
    assert [row["id"] for row in said] == [row["id"] for row in true]
    right = [a["tuple"][role] == b["tuple"][role] for a, b in zip(said, true, strict=True) for role in b["tuple"]]
    assert np.mean(right) > 0.85
    assert all(
        sum(each.values()) == pytest.approx(1, abs=0.01) for row in said for each in row["probabilities"].values()
    )


def test_sentences_are_learnt_with_a_labeller_inside(here, labeller):
    """Judged, exported and described with like any other captioner of clips."""
    where = ["--output", "runs/inside", "--set", "frozen=4", "--set", f"encoder={ENCODER}"]
    run("train", "lrcn_tuples", *DATA, *where, "--set", f"labeller={labeller}", *SETTINGS)
    scores = json.loads(run("evaluate", "runs/inside/best", *DATA, "--json"))
    assert scores["photos"] == 12
    run("export", "runs/inside/best", "inside.zip")
    assert (here / "inside.zip").stat().st_size < 1_000_000


@pytest.mark.parametrize("form", ["encoder_decoder", "maxima", "probabilities"])
def test_sentences_are_learnt_from_a_file_of_tuples(here, form):
    if not (here / "true.jsonl").exists():
        run("tuples", "write", *DATA, "--noise", "0", "--output", "true.jsonl")
    filed = run("encoder", "import", "true.jsonl", *DATA, "--name", "true")
    assert "48 of 48 photos have features 30 wide; next: " in filed
    encoder = filed.split("encoder=")[1].strip()
    assert encoder == "tuples:name=true,roles=5+5+5"
    where = ["--output", f"runs/{form}", "--set", f"encoder={encoder}", "--set", f"form={form}"]
    run("train", "lrcn_tuples", *DATA, *where, *SETTINGS, *LONGER)
    losses = [row["loss"] for row in json.loads((here / "runs" / form / "history.json").read_text())]
    assert losses[-1] < losses[0] * 0.6


def test_noise_makes_tuples_wrong_and_less_sure(here):
    said = {}
    for noise in ("0", "1.5"):
        run("tuples", "write", *DATA, "--noise", noise, "--seed", "3", "--output", f"{noise}.jsonl")
        said[noise] = lines_of(here / f"{noise}.jsonl")
    assert [row["tuple"] for row in said["0"]] == [row["tuple"] for row in lines_of(here / "acts" / "clips.jsonl")]
    assert all(max(each.values()) > 0.99 for row in said["0"] for each in row["probabilities"].values())
    right = np.mean([a["tuple"] == b["tuple"] for a, b in zip(said["0"], said["1.5"], strict=True)])
    assert right < 0.5
    assert all(max(each.values()) < 0.99 for row in said["1.5"] for each in row["probabilities"].values())


def test_what_noise_makes_of_probabilities_is_calibrated():
    """Of words with a probability of about p, a share of p is right."""
    random = np.random.default_rng(0)
    first = random.integers(4, size=4000)
    labels = np.stack([first, (first + random.integers(2, size=4000)) % 4], 1)
    chances, likeliest = blurred(labels, (4, 4), labels, noise=0.7, seed=1)
    hit = np.eye(8)[labels[:, 0]] + np.eye(8)[4 + labels[:, 1]]
    for low in np.arange(0, 1, 0.1):
        there = (chances >= low) & (chances < low + 0.1)
        assert there.sum() > 100
        assert hit[there].mean() == pytest.approx(chances[there].mean(), abs=0.04)
    alone, _ = blurred(labels[:, 1:], (4,), labels[:, 1:], noise=0.7, seed=1)
    assert (likeliest[:, 1] == labels[:, 1]).mean() > (alone.argmax(1) == labels[:, 1]).mean() + 0.02


def test_a_prior_is_counted():
    first, (pairs,) = prior(np.array([[1, 0], [1, 1], [1, 1], [0, 1]]), (2, 2))
    assert np.allclose(first.exp(), np.array([1.1, 3.1]) / 4.2)
    assert np.allclose(pairs.exp(), [[0.1 / 1.2, 1.1 / 1.2], [1.1 / 3.2, 2.1 / 3.2]])


@pytest.mark.parametrize("given", [[], ["--noise", "1", "--labeller", "x.safetensors"]])
def test_tuples_come_from_one_place(here, given):
    with pytest.raises(SettingsError, match="give either --labeller FILE or --noise DEVIATION"):
        run("tuples", "write", *DATA, "--output", "x.jsonl", *given)


def test_clips_without_tuples_teach_none(here):
    rows = [{key: row[key] for key in ("path", "sentences")} for row in lines_of(here / "acts" / "clips.jsonl")]
    (here / "acts" / "plain.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(
        DataError, match='none of 48 clips has a tuple: give rows a field "tuple", or sentences such as'
    ):
        run("tuples", "write", "--data", "acts/plain.jsonl", "--noise", "1", "--output", "x.jsonl")
    with pytest.raises(DataError, match="has a tuple"):
        run("tuples", "learn", ENCODER, "--data", "acts/plain.jsonl", "--output", "x.safetensors")


def test_tuples_of_other_clips_or_words_are_refused(here):
    (here / "others.jsonl").write_text('{"id": "zebra", "tuple": {"subject": "zebra"}}\n')
    with pytest.raises(
        DataError, match="none of its 1 clips is in the data set: their ids are like 'zebra', there like"
    ):
        run("encoder", "import", "others.jsonl", *DATA, "--name", "new")
    rows = [json.dumps({"id": str(n), "tuple": {"subject": list(COLOURS)[n % 4]}}) + "\n" for n in range(40)]
    (here / "one.jsonl").write_text("".join(rows))
    assert "40 of 48 photos have features 10 wide" in run("encoder", "import", "one.jsonl", *DATA, "--name", "one")
    (here / "two.jsonl").write_text("".join(rows).replace("white", "black"))
    with pytest.raises(DataError, match="holds tuples of other words: choose another --name, or delete it"):
        run("encoder", "import", "two.jsonl", *DATA, "--name", "one")


def test_clips_without_a_row_say_so(here):
    (here / "few.jsonl").write_text('{"id": "0", "tuple": {"subject": "red"}}\n')
    run("encoder", "import", "few.jsonl", *DATA, "--name", "few")
    with pytest.raises(DataError, match="tuples-few-2: these features come from a file"):
        run(
            "train", "lrcn_tuples", *DATA, "--output", "runs/few", "--set", "encoder=tuples:name=few,roles=2", *SETTINGS
        )


@pytest.mark.parametrize("roles", ["", "3+", "3+x", "0+2"])
def test_widths_of_roles_have_to_be_said(here, roles):
    with pytest.raises(SettingsError, match="is not the number of words of each role, as in tuples:name=crf"):
        run("train", "lrcn_tuples", *DATA, "--output", "runs/x", "--set", f"encoder=tuples:roles={roles}", *SETTINGS)


def test_what_learns_in_turns_goes_on_with_whose_turn_it_was(here):
    """Two epochs after the generator's and the discriminator's own, in one run or in two: the same losses."""
    where = ["--set", "frozen=4", "--set", f"encoder={ENCODER}", "--set", "judge=8", "--set", "dropout=0.1"]
    phases = ["--set", "generator_epochs=1", "--set", "discriminator_epochs=1", "--set", "patience=9"]
    told = {}
    for name, stops in {"one": (4,), "two": (3, 4)}.items():
        for number, epochs in enumerate(stops):
            more = ["--resume"] if number else []
            ends = ["--set", f"epochs={epochs}", "--set", "schedule=constant"]
            run(
                "train",
                "adversarial_video",
                *DATA,
                "--output",
                f"runs/{name}",
                *where,
                *phases,
                *SETTINGS,
                *ends,
                *more,
            )
        told[name] = [row["loss"] for row in json.loads((here / "runs" / name / "history.json").read_text())]
    assert len(told["one"]) == 4
    assert told["one"] == told["two"]
    run("export", "runs/one/best", "turns.zip")
    with zipfile.ZipFile(here / "turns.zip") as bundle:
        graphs = [bundle.read(name) for name in ("start.onnx", "step.onnx")]
    assert not any(b"discriminator" in graph for graph in graphs)


def test_a_labeller_is_refused_with_another_encoder_of_the_same_width(here, labeller):
    """It would say something of flow, too, and all of it would be wrong; another number of frames is nothing."""
    words = Vocabulary.build([["a", "dog"]] * 5, minimum=1)
    build, settings = recipes["lrcn_tuples"].build, recipes["lrcn_tuples"].settings
    given = {"labeller": str(labeller), "width": 8, "frozen": 4}
    with pytest.raises(SettingsError, match=r"learnt with encoder=frames:.*count=6, and .*stream=flow sees something"):
        build(settings(encoder=f"{ENCODER},stream=flow", **given), words)
    assert build(settings(encoder=ENCODER.replace("count=6", "count=3"), **given), words)


def test_a_word_that_is_not_known_is_never_told_right():
    """Else a labeller that says "-" wherever it knows nothing were praised for it."""
    roles = {"subject": ("-", "dog"), "object": ("-", "ball")}
    labels, share = labels_to_judge(
        [{"subject": "dog"}, {"subject": "cat", "object": "ball"}, {"subject": "-", "place": "pub"}], roles
    )
    assert labels.tolist() == [[1, 0], [-1, 1], [0, 0]]
    assert share == 0.75


def test_a_file_of_other_clips_leaves_nothing_behind(here):
    for clip, word, message in (("nobody", "zebra", "none of its 1 clips is in"), ("0", "horse", None)):
        (here / "odd.jsonl").write_text(json.dumps({"id": clip, "tuple": {"subject": word}}) + "\n")
        if message:
            with pytest.raises(DataError, match=message):
                run("encoder", "import", "odd.jsonl", *DATA, "--name", "odd")
        else:
            assert "1 of 48" in run("encoder", "import", "odd.jsonl", *DATA, "--name", "odd")


def test_nothing_is_written_over(here):
    there = here / "acts" / "clips.jsonl"
    before = there.read_bytes()
    with pytest.raises(DataError, match=r"acts/clips.jsonl' is there already: name another --output"):
        run("tuples", "write", *DATA, "--noise", "1", "--output", "acts/clips.jsonl")
    assert there.read_bytes() == before
