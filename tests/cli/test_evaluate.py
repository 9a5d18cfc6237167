"""What `watchword evaluate` answers, keeps and refuses, with the tiny model that names colours."""

import json

import numpy as np
import pytest

from tests.runtime import tiny
from watchword.cli.scoring import right_or_wrong
from watchword.core.types import Example, Sentence
from watchword.metrics.cider import Cider
from watchword.runtime.captioner import Captioner


@pytest.fixture
def table(photos):
    """The three photos, each with a sentence that names its colour; ids are numbers."""
    lines = [f"{n},{colour}.png,a {colour} picture,test" for n, colour in enumerate(tiny.COLOURS)]
    path = photos.parent / "captions.csv"
    path.write_text("\n".join(["id,path,sentence,split", *lines]) + "\n")
    return path


@pytest.fixture
def evaluate(watchword, tiny_model, photos, table):
    def run(*more, split="test", data=table):
        return watchword("evaluate", tiny_model, "--data", data, "--images", photos, "--split", split, *more)

    return run


def test_figures_and_predictions(evaluate, tmp_path):
    done = evaluate("--json", "--predictions", tmp_path / "new" / "said.json")
    assert (done.status, done.err) == (0, "")
    scores = json.loads(done.out)
    assert (scores["photos"], scores["not_described"], scores["split"]) == (3, 0, "test")
    assert scores["sentences_right"] == 1
    assert scores["photos_per_second"] > 0
    said = json.loads((tmp_path / "new" / "said.json").read_text())
    assert [(row["image_id"], row["filename"]) for row in said] == [(0, "red.png"), (1, "green.png"), (2, "blue.png")]
    assert all(colour in row["caption"].lower() for colour, row in zip(tiny.COLOURS, said, strict=True))


def test_a_table_for_people(evaluate):
    done = evaluate()
    assert "CIDEr-D" in done.out
    assert "mean confidence" in done.out


def test_photos_that_cannot_be_opened_are_left_out_and_named(evaluate, photos, tmp_path):
    (photos / "red.png").unlink()
    (photos / "green.png").write_bytes(b"")
    done = evaluate("--json", "--predictions", tmp_path / "said.json")
    assert done.status == 1
    assert (json.loads(done.out)["photos"], json.loads(done.out)["not_described"]) == (1, 2)
    assert [row["image_id"] for row in json.loads((tmp_path / "said.json").read_text())] == [2]
    first, *named = done.err.splitlines()
    assert first == "2 not described:"
    assert ["red.png: does not exist" in named[0], "green.png: is empty" in named[1]] == [True, True]


def test_where_no_photo_can_be_opened_nothing_is_written(evaluate, photos, tmp_path):
    for photo in photos.iterdir():
        photo.unlink()
    done = evaluate("--json", "--predictions", tmp_path / "said.json")
    assert (done.status, done.out) == (1, "")
    assert "3 not described:" in done.err
    assert {path.name for path in tmp_path.iterdir()} == {"captions.csv", "photos"}


def test_without_java_nothing_is_described(evaluate, monkeypatch):
    pytest.importorskip("pycocoevalcap")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("watchword.cli.opening.captioner", lambda model: pytest.fail("a model was opened"))
    done = evaluate("--reference")
    assert done.status == 2
    assert "no `java` on the path" in done.err


def test_predictions_are_replaced_by_predictions_alone(evaluate, photos, table, tmp_path):
    said = tmp_path / "said.json"
    assert evaluate("--predictions", said).status == 0
    assert evaluate("--predictions", said).status == 0
    results = '[{"image_id": 1, "caption": "a dog"}]'
    annotations = '[{"image_id": 1, "filename": "a.jpg", "caption": "a dog", "id": 7}]'
    others = {"results.json": results, "annotations.json": annotations, "none.json": "[]"}
    others |= {"list.json": '[{"path": "a.jpg"}]', "object.json": "{}", "notes.txt": "mine"}
    for name, content in others.items():
        (tmp_path / name).write_text(content)
    red = (photos / "red.png").read_bytes()
    for place, why in (
        (table, "is one of the files to be read"),
        (photos / "red.png", "is one of the files to be read"),
        (photos, "is a folder"),
        *((tmp_path / name, "is there already and is no list of predictions") for name in others),
    ):
        done = evaluate("--predictions", place)
        assert done.status == 2
        assert why in done.err
        assert "--predictions" in done.err
    assert (photos / "red.png").read_bytes() == red
    assert {name: (tmp_path / name).read_text() for name in others} == others


def test_ids_that_look_like_numbers_stay_apart(evaluate, table, tmp_path):
    ids = ["7", "007", "1" * 16]
    rows = [f"{given},{colour}.png,a {colour} picture,test" for given, colour in zip(ids, tiny.COLOURS, strict=True)]
    table.write_text("\n".join(["id,path,sentence,split", *rows]) + "\n")
    assert evaluate("--predictions", tmp_path / "said.json").status == 0
    said = json.loads((tmp_path / "said.json").read_text())
    assert [row["image_id"] for row in said] == [7, "007", "1" * 16]


def test_options_are_called_by_their_names(evaluate):
    done = evaluate("--beam", "0")
    assert (done.status, done.err) == (2, "watchword: --beam 0: 1 (greedy) or more\n")


def test_silence_is_not_right():
    rows = [Example("1", None, ("a red picture",)), Example("2", None, ("a dog",))]
    said = [Sentence("a red", ("a", "red"), (-1.0, -1.0, -1.0)), Sentence("", (), (-0.1,), 0.5)]
    assert right_or_wrong(rows, said) == [True, False]


def test_a_data_set_that_looks_like_predictions_is_kept(evaluate, tmp_path):
    path = tmp_path / "data.json"
    rows = [{"image_id": 1, "filename": "red.png", "caption": "a red picture", "split": "test"}]
    path.write_text(json.dumps(rows))
    done = evaluate("--predictions", path, data=path)
    assert (done.status, "is one of the files to be read" in done.err) == (2, True)
    assert json.loads(path.read_text()) == rows


def test_without_val_the_tenth_that_training_holds_out(evaluate, table):
    table.write_text(table.read_text().replace(",test", ",train"))
    done = evaluate("--json", split="val")
    assert done.status == 0
    assert "no split 'val': every 10th photo instead, 1 in all" in done.err
    scores = json.loads(done.out)
    assert scores["photos"] == 1
    assert scores["in_training_set"] == 0  # "a red picture" is what the photo was held out with


PLAIN = {"beam": 3, "length_normalization": 0.0, "max_words": 8, "no_repeat_ngram": 0, "once": False}
DRAWN = {"sample": True, "draws": 5, "temperature": 0.5, "top_k": 4, "top_p": 0.9, "seed": 7}


@pytest.mark.parametrize(
    ("options", "search"),
    [
        ("", PLAIN),
        ("--beam 4 --length-normalization 0.7 --max-words 5 --no-repeat 2",
         {"beam": 4, "length_normalization": 0.7, "max_words": 5, "no_repeat_ngram": 2, "once": False}),
        ("--once", PLAIN | {"once": True}),
        ("--beam 4 --groups 2", PLAIN | {"beam": 4, "groups": 2, "diversity": 0.5}),
        ("--sample --draws 5 --temperature 0.5 --top-k 4 --top-p 0.9 --seed 7",
         {name: PLAIN[name] for name in PLAIN if name != "beam"} | DRAWN),
    ],
)  # fmt: skip
def test_the_search_is_the_one_asked_for_and_is_told(evaluate, monkeypatch, options, search):
    asked = {}
    real = Captioner.describe_many

    def listening(self, sources, **given):
        asked.update({name: value for name, value in given.items() if value not in (None, False)})
        return real(self, sources, **given)

    monkeypatch.setattr(Captioner, "describe_many", listening)
    done = evaluate("--json", *options.split())
    assert (done.status, done.err) == (0, "")
    assert json.loads(done.out)["search"] == search
    assert len(asked) == options.count("--")
    assert asked.items() <= search.items()


def test_models_are_evaluated_together(watchword, tiny_model, photos, table):
    both, given = f"{tiny_model}+{tiny_model}", ("--data", table, "--images", photos, "--split", "test", "--json")
    alone = json.loads(watchword("evaluate", tiny_model, *given).out)
    for mean in ("probabilities", "log_probabilities"):
        done = watchword("evaluate", both, *given, "--mean", mean)
        scores = json.loads(done.out)
        assert (done.status, scores["search"]) == (0, {"mean": mean, "weights": "0.5:0.5", **PLAIN})
        assert scores["CIDEr-D"] == alone["CIDEr-D"]


def test_consensus_takes_what_most_sentences_share(evaluate, watchword, tiny_model, table, tmp_path):
    captions = ["a red picture", "a picture", "bright red", "a dark dog"]
    known = tmp_path / "known.csv"
    known.write_text("\n".join(["path,sentence", *(f"{n}.jpg,{text}" for n, text in enumerate(captions))]))
    done = evaluate("--beam", "6", "--consensus", known, "--json", "--predictions", tmp_path / "said.json")
    assert done.status == 0
    assert json.loads(done.out)["search"] == PLAIN | {"beam": 6, "consensus": str(known)}
    described = watchword("describe", "photos", "--model", tiny_model, "--beam", "6", "--n", "6", "--json")
    expected = {}
    for row in map(json.loads, described.lines):
        texts = [row["sentence"], *(one["sentence"] for one in row["others"])]
        alike = Cider([[text] for text in captions]).between(texts)
        expected[row["path"].split("/")[-1]] = texts[int((alike.sum(1) - np.diag(alike)).argmax())]
    assert {row["filename"]: row["caption"] for row in json.loads((tmp_path / "said.json").read_text())} == expected
    assert len(expected) == 3


def test_consensus_does_not_know_the_captions_that_are_judged(evaluate, table):
    table.write_text("\n".join(table.read_text().replace(",test", ",train").splitlines()[:3]) + "\n")
    done = evaluate("--consensus", table, split="val")
    assert done.status == 2
    assert "has captions of 1 photos in split 'train'" in done.err  # of two, one is held out


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("--seed 1", "for --seed: words are drawn only if asked for: add --sample"),
        ("--sample --beam 3", "for --beam: words that are drawn need no beam"),
        ("--diversity 1", "for --diversity: one group has no other to differ from"),
        ("--mean probabilities", "for --mean: a mean is of several models: give first+second"),
        ("--length-normalization -1", "--length-normalization -1.0: 0 (rank by probability) or more"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(evaluate, options, complaint):
    done = evaluate(*options.split())
    assert (done.status, done.out) == (2, "")
    assert complaint in done.err


def test_worn_phrases_are_counted_against_people(evaluate, table):
    """The model says "a COLOUR picture", three words: no phrase of five; of the references one in three holds one."""
    worn = "two dogs run on the grass"
    lines = [f"train{n},{n}.png,{worn},train" for n in range(2)] + [f"0,red.png,{worn},test"]
    table.write_text(table.read_text() + "\n".join(lines) + "\n")
    scores = json.loads(evaluate("--json").out)
    assert (scores["generic"], scores["photos"]) == (0, 3)
    assert scores["generic_of_people"] == pytest.approx((1 / 2 + 0 + 0) / 3)


def test_without_training_sentences_none_is_worn_or_remembered(evaluate):
    scores = json.loads(evaluate("--json").out)
    assert not {"generic", "generic_of_people", "in_training_set"} & set(scores)
