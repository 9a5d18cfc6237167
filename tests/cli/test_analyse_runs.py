"""Runs by their settings: groups, tables, figures, and what is said where runs cannot be compared."""

import json
import statistics
import sys

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
    made_run(tmp_path / "new", cell="lstm")
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
        (["blend", "--by", "cell"], "blend has no score 'CIDEr-D', nor any other: a blend is not validated"),
        (["runs", "--by", "depth", "--output", "a.pdf"], "'a.pdf' ends in '.pdf'; a figure is a .png or a .svg"),
        (["runs", "--by", "depth", "--output", "a"], "'a' ends in nothing; a figure is a .png or a .svg"),
        (["runs", "--by", "depth", "--output", "mine.png"], "'mine.png' is there already and is no PNG"),
    ],
)
def test_what_cannot_be_analysed_is_refused(watchword, runs, tmp_path, arguments, complaint):
    made_run(tmp_path / "blend", score=None)
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
    assert "pip install 'watchword[plots]', or leave out --output" in done.err
