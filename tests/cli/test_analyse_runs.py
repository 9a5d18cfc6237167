"""Runs by their settings: groups, tables, figures, and what is said where runs cannot be compared."""

import json
import statistics
import sys
import time

import pytest
from PIL import Image

from tests.cli.run_folders import depth_study, made_run
from watchword.cli.figures import COLOURS
from watchword.encoders import encoders
from watchword.encoders.plain_cnn import save


def analysed(watchword, *arguments):
    done = watchword("analyse", "runs", *arguments, "--json")
    assert done.status == 0, done.err
    return json.loads(done.out), done.err


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """A depth study in "runs", in the current folder."""
    monkeypatch.chdir(tmp_path)
    return depth_study(tmp_path / "runs")


def test_depth_against_cell_is_paper_1s_figure(watchword, runs):
    found, warned = analysed(watchword, runs, "--by", "depth", "--against", "cell")
    assert (found["score"], found["by"], found["against"], warned) == ("CIDEr-D", "depth", "cell", "")
    assert [(row["depth"], row["cell"]) for row in found["groups"]] == [
        (depth, cell) for depth in (6, 8, 12, 16) for cell in ("lstm", "tanh")
    ]
    first = found["groups"][0]
    assert first["scores"] == pytest.approx([0.40, 0.42])
    assert first["mean"] == pytest.approx(0.41)
    assert first["standard_deviation"] == pytest.approx(statistics.stdev([0.40, 0.42]))
    assert [name.rpartition("/")[2] for name in first["runs"]] == ["lstm6-0", "lstm6-1"]


def test_a_cnn_that_learns_on_is_no_deeper_one(watchword, runs):
    """All of each is frozen, which is another number at each depth; of one that is not it is told."""
    made_run(runs / "joint", encoder="plain_cnn:depth=12,size=64", frozen=9, cell="lstm", seed=5)
    _, warned = analysed(watchword, runs, "--by", "depth", "--against", "cell")
    assert "frozen: " in warned
    assert f"9 ({runs}/joint)" in warned
    assert f"all ({runs}/lstm12-0, " in warned


def test_scores_of_papers_are_those_that_evaluate_said(watchword, runs):
    """METEOR and BLEU-1, paper 1's, are not those of validation: they lie beside the checkpoint."""
    done = watchword("analyse", "runs", runs, "--by", "depth", "--against", "cell", "--score", "METEOR")
    assert done.status == 2
    assert "has no score 'METEOR'" in done.err
    first = runs / "lstm6-0"
    assert f"watchword evaluate {first}/best --data DATASET --json > {first}/scores.json" in done.err
    for number, folder in enumerate(sorted(runs.iterdir())):
        said = {"METEOR": number / 100, "CIDEr-D": 9.0, "photos": 8, "model": f"elsewhere/{folder.name}/best"}
        (folder / "scores.json").write_text(json.dumps(said), encoding="utf-8")
    found, _ = analysed(watchword, runs, "--by", "depth", "--against", "cell", "--score", "METEOR")
    names = [name.rpartition("/")[2] for row in found["groups"] for name in row["runs"]]
    order = sorted(folder.name for folder in runs.iterdir())
    assert [score for row in found["groups"] for score in row["scores"]] == [order.index(n) / 100 for n in names]
    assert len(names) == 16
    found, _ = analysed(watchword, runs, "--by", "depth", "--against", "cell")  # as validated, where it was
    assert found["groups"][0]["mean"] == pytest.approx(0.41)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"METEOR": 0.2, "model": "runs/lstm8-0/best"}', "is of runs/lstm8-0/best, not of {runs}/lstm6-0/best"),
        ('{"METEOR": "high", "model": "runs/lstm6-0/best"}', "is not what `watchword evaluate {runs}/lstm6-0/best"),
        ('{"METEOR": 0.2}', "is not what"),
        ("[0.2]", "is not what"),
        ("", "is not what"),
    ],
)
def test_scores_of_something_else_are_refused(watchword, runs, text, says):
    (runs / "lstm6-0" / "scores.json").write_text(text, encoding="utf-8")
    done = watchword("analyse", "runs", runs, "--by", "depth", "--against", "cell")
    assert done.status == 2
    assert says.replace("{runs}", str(runs)) in done.err
    assert "write it anew, or delete it" in done.err


def test_the_table_has_a_row_for_each_group(watchword, runs):
    done = watchword("analyse", "runs", runs, "--by", "depth", "--against", "cell", "--score", "BLEU-4")
    rows = [line for line in done.out.splitlines() if "lstm" in line or "tanh" in line]
    assert len(rows) == 8
    assert "mean BLEU-4" in done.out
    assert "0.1367" in rows[0]


def test_numbers_become_lines_and_names_bars(watchword, runs, tmp_path):
    for by, against, place in (("depth", "cell", "a.png"), ("cell", "depth", "b.PNG"), ("depth", "cell", "c/d.svg")):
        done = watchword("analyse", "runs", runs, "--by", by, "--against", against, "--output", place)
        assert (done.status, done.err) == (0, "")
    with Image.open("a.png") as lines, Image.open("b.PNG") as bars:
        seen = [{colour for _, colour in each.convert("RGB").getcolors(1 << 20)} for each in (lines, bars)]
    used = [tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in COLOURS]
    assert [[colour in each for colour in used[:5]] for each in seen] == [
        [True] * 2 + [False] * 3,
        [True] * 4 + [False],
    ]
    text = (tmp_path / "c" / "d.svg").read_text(encoding="utf-8")
    assert text.startswith("<?xml")
    watchword("analyse", "runs", runs, "--by", "depth", "--against", "cell", "--output", "c/d.svg")  # its own kind
    assert {path.name for path in tmp_path.iterdir()} == {"runs", "a.png", "b.PNG", "c"}


def test_names_with_dollars_are_no_formula(watchword, tmp_path):
    for name in ("$\\x$", "$"):
        made_run(tmp_path / f"run{len(name)}", word_vectors=name)
    place = tmp_path / "a.svg"
    for by, against in (("word_vectors", "cell"), ("cell", "word_vectors")):
        done = watchword("analyse", "runs", tmp_path, "--by", by, "--against", against, "--output", place)
        assert (done.status, done.err) == (0, "")


def test_the_depth_of_a_trained_cnn_is_in_its_file(watchword, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for depth in (6, 8):
        save(encoders[f"plain_cnn:depth={depth},width=16"](), tmp_path / f"cnn{depth}.safetensors")
        encoder = f"plain_cnn:weights=cnn{depth}.safetensors,pca=axes{depth}.npz"
        made_run(tmp_path / "runs" / str(depth), encoder=encoder)
    found, warned = analysed(watchword, "runs", "--by", "depth")
    assert [row["depth"] for row in found["groups"]] == [6, 8]
    assert warned == ""
    (tmp_path / "cnn8.safetensors").unlink()
    done = watchword("analyse", "runs", "runs", "--by", "depth")
    assert done.status == 2
    assert "how its encoder is built stands in 'cnn8.safetensors', which is not there" in done.err


def test_what_a_name_leaves_out_is_as_usual(watchword, tmp_path):
    made_run(tmp_path / "a", encoder="plain_cnn")
    made_run(tmp_path / "b", encoder="plain_cnn:depth=16")
    assert [row["depth"] for row in analysed(watchword, tmp_path, "--by", "depth")[0]["groups"]] == [6, 16]


def test_runs_that_differ_in_more_are_named(watchword, tmp_path):
    a = made_run(tmp_path / "a", layers=1, recipe="lrcn_captioner", width=64, seed=1, data="a")
    b = made_run(tmp_path / "b", layers=2, recipe="lrcn_captioner", width=96, seed=2, data="c")
    _, warned = analysed(watchword, a, b, "--by", "layers")
    first, width, photos = warned.splitlines()
    assert "differ in more than layers, seed" in first
    assert width == f"  width: 64 ({a}); 96 ({b})"
    assert photos == f"  photos to learn: 8 (aaaaaaaa) ({a}); 8 (cccccccc) ({b})"
    assert analysed(watchword, a, b, "--by", "layers", "--against", "width")[0]["differences"].keys() == {
        "photos to learn"
    }


def test_other_options_of_the_encoder_are_a_difference(watchword, tmp_path):
    made_run(tmp_path / "a", encoder="plain_cnn:depth=6,channels=8")
    made_run(tmp_path / "b", encoder="plain_cnn:depth=8,channels=16")
    differences = analysed(watchword, tmp_path, "--by", "depth")[0]["differences"]
    assert list(differences["encoder"]) == ["plain_cnn:channels=8", "plain_cnn:channels=16"]


def test_checkpoints_runs_and_folders_of_runs_are_read_each_once(watchword, tmp_path):
    run = made_run(tmp_path / "runs" / "a")
    made_run(tmp_path / "runs" / "b", inside="", seed=1)
    (tmp_path / "runs" / "features").mkdir()
    found, _ = analysed(watchword, tmp_path / "runs", run, run / "best", run / ".." / "b")
    assert [len(row["runs"]) for row in found["groups"]] == [2]


def test_settings_of_older_versions_are_as_they_were(watchword, tmp_path):
    """A setting that was not written is what it is by default, in the groups and in what is compared."""
    made_run(tmp_path / "old")
    made_run(tmp_path / "new", cell="lstm", seed=1)
    found, warned = analysed(watchword, tmp_path, "--by", "cell")
    assert [row["cell"] for row in found["groups"]] == ["lstm"]
    assert warned == ""


def test_without_by_it_is_the_one_difference(watchword, tmp_path):
    made_run(tmp_path / "a", cell="lstm")
    made_run(tmp_path / "b", cell="tanh", seed=3)
    assert analysed(watchword, tmp_path)[0]["by"] == "cell"
    made_run(tmp_path / "c", cell="relu", width=8)
    done = watchword("analyse", "runs", tmp_path)
    assert done.status == 2
    assert "the runs differ in width, cell: say by which to group them, as in --by width" in done.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["runs", "--by", "dept"], "has no setting 'dept' (did you mean 'depth'?); it has: recipe, epochs"),
        (["runs", "--by", "depth", "--score", "CIDEr"], "has no score 'CIDEr' (did you mean 'CIDEr-D'?); it has: CID"),
        (["nowhere"], "nowhere does not exist: give what `watchword train --output` was given"),
        (["runs/lstm6-0/best/checkpoint.json"], "checkpoint.json is no folder: give what"),
        (["empty"], "empty holds no run: give what"),
        (
            ["blend", "--by", "cell"],
            "blend has no score 'CIDEr-D', nor any other: a blend is not validated, nor is last",
        ),
        (["runs", "--by", "cell", "--against", "cell"], "--against cell is what the runs are grouped by: name another"),
        (["begun", "--by", "cell"], "begun has no score yet: let it train until its first epoch is validated"),
        (["runs", "--by", "depth", "--output", "a.pdf"], "'a.pdf' ends in '.pdf'; a figure is a .png or a .svg"),
        (["runs", "--by", "depth", "--output", "a"], "'a' ends in nothing; a figure is a .png or a .svg"),
        (["runs", "--by", "depth", "--output", "mine.png"], "'mine.png' is there already and is no PNG"),
        (["runs", "--by", "depth", "--output", "mine.png/a.png"], "mine.png' is no folder, or one that may not be"),
    ],
)
def test_what_cannot_be_analysed_is_refused(watchword, runs, tmp_path, arguments, complaint):
    made_run(tmp_path / "blend", score=None)
    made_run(tmp_path / "begun", score=None, inside="last")
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine.png").write_text("my notes", encoding="utf-8")
    done = watchword("analyse", "runs", *arguments)
    assert done.status == 2
    assert complaint in done.err
    assert (tmp_path / "mine.png").read_text(encoding="utf-8") == "my notes"
    assert not (tmp_path / "a.pdf").exists()


def test_matplotlib_is_needed_to_draw_alone(watchword, runs, tmp_path, monkeypatch):
    for module in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, module, None)
    assert watchword("analyse", "runs", runs, "--by", "depth").status == 0
    done = watchword("analyse", "runs", runs, "--by", "depth", "--output", tmp_path / "a.png")
    assert done.status == 2
    assert "pip install '.[plots]' in the checkout of watchword, or leave out --output" in done.err


def under_way(run, **progress):
    """Leave in a run what it is resumed from."""
    (run / "last").mkdir(exist_ok=True)
    (run / "last" / "checkpoint.json").write_text(json.dumps({"format": 1, "settings": {"epochs": 6, "patience": 3}}))
    (run / "last" / "progress.json").write_text(json.dumps({"step": 0, **progress}))


def test_runs_that_are_not_at_their_end_are_named(watchword, tmp_path):
    stopped, early, whole, other = (made_run(tmp_path / name, seed=seed) for seed, name in enumerate("abcd"))
    under_way(stopped, epoch=2, stale=1)
    under_way(early, epoch=4, stale=3)
    under_way(whole, epoch=6, stale=0)
    under_way(other, epoch="4", stale=0)  # what cannot be read says nothing
    for given in (tmp_path, stopped / "best"):
        found, said = analysed(watchword, given, "--by", "cell")
        assert list(found["unfinished"].values()) == ["2 of 6 epochs"]
        assert "not trained to the end, so better may come: " in said
        assert "/a" in said
        assert "(2 of 6 epochs)" in said
    assert analysed(watchword, early, whole, "--by", "cell")[1] == ""


def test_one_run_over_again_is_no_other_seed(watchword, tmp_path):
    a, b = (made_run(tmp_path / name, data="a") for name in "ab")
    made_run(tmp_path / "c", data="a", seed=1)
    made_run(tmp_path / "d", data="a", cell="tanh")
    _, said = analysed(watchword, tmp_path, "--by", "cell")
    assert said == f"watchword: the same settings, data and seed, so no scatter of seeds: {a}, {b}\n"


def test_runs_without_a_score_yet_are_left_out_by_name(watchword, tmp_path):
    made_run(tmp_path / "a")
    made_run(tmp_path / "b", score=None, inside="last")
    found, said = analysed(watchword, tmp_path, "--by", "cell")
    assert [len(row["runs"]) for row in found["groups"]] == [1]
    assert f"{tmp_path / 'b'} has no score yet, and is left out" in said


@pytest.mark.parametrize(
    "damage",
    [
        {"data": []},
        {"data": {"learn": {"photos": 8}}},
        {"data": {"learn": {"photos": 8, "sha256": 3}}},
        {"scores": [1.0]},
        {"settings": {"width": [3]}},
        {"settings": {"widht": 3}},
        {"settings": []},
        {"recipe": []},
        {"format": 2},
    ],
)
def test_damaged_descriptions_are_named(watchword, tmp_path, damage):
    place = made_run(tmp_path / "a") / "best" / "checkpoint.json"
    place.write_text(json.dumps(json.loads(place.read_text(encoding="utf-8")) | damage), encoding="utf-8")
    done = watchword("analyse", "runs", tmp_path, "--by", "cell")
    assert done.status == 2
    assert f"watchword: {tmp_path / 'a'}" in done.err


def test_a_score_that_is_no_number_is_none(watchword, tmp_path):
    made_run(tmp_path / "a", score=float("nan"))
    done = watchword("analyse", "runs", tmp_path, "--by", "cell")
    assert done.status == 2
    assert "a has no score 'CIDEr-D'" in done.err


def test_a_run_alone_in_its_group_has_no_scatter_to_draw(watchword, tmp_path):
    for depth in (6, 8):
        made_run(tmp_path / str(depth), encoder=f"plain_cnn:depth={depth}", score=depth / 10)
    for by, name in (("depth", "a.png"), ("encoder", "b.svg")):
        done = watchword("analyse", "runs", tmp_path, "--by", by, "--output", tmp_path / name)
        assert (done.status, done.err) == (0, "")


def test_names_without_end_still_make_a_picture(watchword, tmp_path):
    for number in range(12):
        made_run(tmp_path / str(number), word_vectors="x" * 2000 + f"{number}")
    done = watchword("analyse", "runs", tmp_path, "--by", "word_vectors", "--output", tmp_path / "a.png")
    assert (done.status, done.err) == (0, "")


def test_a_file_of_nothing_but_comments_is_looked_through_at_once(watchword, runs, tmp_path):
    place = tmp_path / "a.svg"
    place.write_text("<!---->" * 140, encoding="utf-8")
    started = time.monotonic()
    done = watchword("analyse", "runs", runs, "--by", "depth", "--against", "cell", "--output", place)
    assert done.status == 2
    assert "is there already and is no SVG" in done.err
    assert time.monotonic() - started < 30


def test_what_is_shown_acts_on_no_terminal(watchword, tmp_path):
    made_run(tmp_path / "a", word_vectors="\x1b[31mred")
    done = watchword("analyse", "runs", tmp_path, "--by", "word_vectors")
    assert "\x1b" not in done.out
    assert r"\x1b[31mred" in done.out
