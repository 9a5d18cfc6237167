"""Weights of models that describe together: given, or chosen on a split."""

import json

import numpy as np
import pytest

from tests.runtime import tiny
from watchword.cli.opening import captioner
from watchword.cli.weighing import weighed
from watchword.core.errors import BundleError, SettingsError
from watchword.core.types import Example

tiny_table = tiny.table


def muddled():
    """Return the tiny bundle's table with its words exchanged: what it says of a picture is wrong."""
    return tiny_table()[:, np.random.default_rng(2).permutation(len(tiny.WORDS))].astype(np.float32)


@pytest.fixture
def wrong(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tiny, "table", muddled)
        return str(tiny.write_bundle(tmp_path / "wrong"))


@pytest.fixture
def rows(photos):
    return [Example(colour, photos / f"{colour}.png", (f"a {colour} picture",)) for colour in tiny.COLOURS]


@pytest.fixture
def evaluate(watchword, photos):
    lines = [f"{n},{colour}.png,a {colour} picture,test" for n, colour in enumerate(tiny.COLOURS)]
    table = photos.parent / "captions.csv"
    table.write_text("\n".join(["id,path,sentence,split", *lines]) + "\n")
    return lambda model, *more: watchword(
        "evaluate", model, "--data", table, "--images", photos, "--split", "test", *more
    )


def test_the_weights_of_the_best_sentences_are_taken(evaluate, tiny_model, wrong):
    done = evaluate(f"{tiny_model}+{wrong}", "--weights", "search", "--json")
    assert done.status == 0, done.err
    scores = json.loads(done.out)
    alphas = scores["alphas"]
    assert list(alphas) == ["0", *(f"0.{tenth}" for tenth in range(1, 10)), "1"]
    assert alphas["1"] == max(alphas.values()) > alphas["0"]
    assert scores["CIDEr-D"] == pytest.approx(max(alphas.values()))
    first = float(scores["search"]["weights"].split(":")[0])
    assert alphas[f"{first:g}"] == max(alphas.values())
    table = evaluate(f"{tiny_model}+{wrong}", "--weights", "search").out
    assert f"1: {alphas['1']:.3f}" in table
    other_way = json.loads(evaluate(f"{wrong}+{tiny_model}", "--weights", "search", "--json").out)
    assert list(other_way["alphas"].values()) == pytest.approx(list(alphas.values())[::-1])


def test_among_equals_the_most_even_are_taken(tiny_model, rows):
    together, tried = weighed(captioner(f"{tiny_model}+{tiny_model}"), rows, {})
    assert len(set(tried.values())) == 1
    assert together.weights == [0.5, 0.5]


def test_weights_that_are_given_are_used_and_told(evaluate, tiny_model, wrong):
    right = json.loads(evaluate(f"{tiny_model}+{wrong}", "--weights", "1:0", "--json").out)
    assert (right["sentences_right"], right["search"]["weights"]) == (1, "1:0")
    left = json.loads(evaluate(f"{tiny_model}+{wrong}", "--weights", "0:1", "--json").out)
    assert left["CIDEr-D"] < right["CIDEr-D"]
    even = json.loads(evaluate(f"{tiny_model}+{wrong}", "--json").out)
    assert even["search"]["weights"] == "0.5:0.5"


def test_describe_takes_weights(watchword, photos, tiny_model, wrong):
    run = lambda weights: watchword("describe", photos, "--model", f"{tiny_model}+{wrong}", "--weights", weights)  # noqa: E731
    assert "a red picture" in run("1:0").out.lower()
    assert run("1:0").out != run("0:1").out


def test_what_does_not_fit_is_refused(evaluate, watchword, photos, tiny_model):
    done = evaluate(tiny_model, "--weights", "search")
    assert done.status == 2
    assert "--weights search chooses between two models: give first+second" in done.err
    done = evaluate(f"{tiny_model}+{tiny_model}", "--weights", "1:2:3")
    assert "weights 1:2:3 for 2 models: give a number of 0 or more for each" in done.err
    done = watchword("describe", photos, "--model", tiny_model, "--weights", "1:2")
    assert "weights are of several models" in done.err
    with pytest.raises(BundleError, match=r"weights are of several models, and .* is one: leave them out"):
        captioner(tiny_model, weights=[1, 2])


def test_nothing_to_choose_by_is_refused(tiny_model, rows):
    for row in rows:
        row.path.unlink()
    with pytest.raises(SettingsError, match="none of the photos and clips could be opened"):
        weighed(captioner(f"{tiny_model}+{tiny_model}"), rows, {})


def test_parts_of_photos_are_refused(tiny_model, rows):
    parts = [Example(row.id, row.path, row.sentences, box=(0, 0, 0.5, 1)) for row in rows]
    with pytest.raises(SettingsError, match="is for whole photos and clips, and some rows have boxes"):
        weighed(captioner(f"{tiny_model}+{tiny_model}"), parts, {})


def test_what_cannot_be_opened_does_not_count(tiny_model, wrong, rows):
    both = captioner(f"{tiny_model}+{wrong}")
    whole = weighed(both, rows[1:], {})[1]
    rows[0].path.write_bytes(b"")
    assert weighed(both, rows, {})[1] == whole
