"""A bundle that knows what fits everything: fitted, ranked by, kept in an index, and refused where it cannot be."""

import json
import shutil

import numpy as np
import onnx
import pytest
from PIL import Image

from tests.runtime import tiny, tiny_matcher
from watchword.cli.bundling import calibrated, rewrite
from watchword.cli.querybank_fitting import FEWEST, fit_querybank
from watchword.core.errors import BundleError, SettingsError
from watchword.retrieval.index import Index
from watchword.runtime.matcher import Matcher

COLOURS = {"red": (250, 20, 20), "green": (20, 250, 20), "blue": (20, 20, 250)}
TRAIN, VAL = FEWEST + 10, 3


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Photos of a coloured quarter on grey; most of those to learn from are red."""
    folder = tmp_path_factory.mktemp("colours")
    (folder / "images").mkdir()
    rows = []
    for number in range(TRAIN + VAL):
        train = number < TRAIN
        name = "red" if train and number % 10 else list(COLOURS)[number % 3]
        pixels = np.full((16, 16, 3), 128, np.uint8)
        pixels[:8, :8] = COLOURS[name]
        file = f"{number:03}.png"
        Image.fromarray(pixels).save(folder / "images" / file)
        sentence = {"raw": f"a {name} picture", "sentid": number}
        rows.append({"filename": file, "split": "train" if train else "val", "sentences": [sentence]})
    (folder / "dataset.json").write_text(json.dumps({"images": rows}))
    return folder


@pytest.fixture(scope="module")
def fitted(data, tmp_path_factory):
    """The bundle that learnt, and what it said of itself."""
    calibration = {**tiny_matcher.CALIBRATION, "hubness": -2.0}
    place = tmp_path_factory.mktemp("fitted") / "matcher"
    folder = tiny_matcher.write_bundle(place, averaged=True, calibration=calibration)
    return folder, fit_querybank(folder, str(data), None, "val")


def test_it_says_what_it_is_worth(watchword, data, fitted):
    folder, said = fitted
    assert said.startswith(f"querybank: of {TRAIN} photos to learn from; of {VAL} in val a sentence of their own comes")
    done = watchword("evaluate", folder, "--data", data, "--json")
    assert done.status == 0, done.err
    figures = json.loads(done.out)
    plain = figures["without_querybank"]
    assert {"i2t_r1", "t2i_r1", "mean_recall"} <= plain.keys()
    assert f"{plain['i2t_r1']:.1%} without it, {figures['i2t_r1']:.1%} with it" in said
    assert Matcher(folder).manifest.scores["i2t_r1"] == figures["i2t_r1"] > 0
    shown = watchword("evaluate", folder, "--data", data)
    assert shown.status == 0, shown.err


def test_what_fits_most_photos_is_known(fitted):
    matcher = Matcher(fitted[0])
    assert matcher.has_banks
    red, green, nothing, both = matcher.read(["a red picture", "a green picture", "a picture of", "red green"])
    assert red.hubness > green.hubness + 0.2  # most photos of the bank are red
    assert nothing.hubness == pytest.approx(0, abs=1e-3)
    assert both.hubness > red.hubness
    pictures = matcher.look([tiny.picture("red"), np.full((16, 16, 3), 128, np.uint8), tiny.picture("green")])
    assert pictures[0].hubness > pictures[2].hubness > pictures[1].hubness
    one_by_one = [matcher.look([tiny.picture(name)])[0].hubness for name in ("red", "green")]
    assert one_by_one == pytest.approx([pictures[0].hubness, pictures[2].hubness])
    plain = Matcher(tiny_matcher.write_bundle(fitted[0].parent / "plain"))
    assert not plain.has_banks
    assert plain.read(["a red picture"])[0].hubness == plain.look([tiny.picture("red")])[0].hubness == 0
    assert matcher.key != plain.key  # what an index keeps of photos is not the same


def test_an_index_keeps_it(data, fitted, tmp_path):
    matcher = Matcher(fitted[0])
    index = Index(tmp_path / "index", matcher)
    index.update([data / "images"], matcher)
    (read,) = matcher.read(["a blue picture"])
    hits = index.search(text="a blue picture", limit=TRAIN + VAL)
    assert len(hits) == TRAIN + VAL
    for hit in hits[::20]:
        (looked,) = matcher.look([hit.path])
        exact = float((read.vectors @ looked.vectors.astype(np.float16).T).max(1).sum()) - looked.hubness
        assert hit.score == pytest.approx(exact, abs=1e-3)
        wanted = matcher.calibration.probability(hit.score, 3, len(hits), read.rarity, read.hubness)
        assert hit.probability == pytest.approx(wanted)
        assert wanted != pytest.approx(matcher.calibration.probability(hit.score, 3, len(hits), read.rarity, 0.0))
    shutil.copytree(data / "images", tmp_path / "photos")
    index = Index(tmp_path / "second", matcher)
    index.update([tmp_path / "photos"], matcher)
    before = {hit.path[-7:]: hit.score for hit in index.search(text="a blue picture", limit=TRAIN + VAL)}
    (tmp_path / "photos").rename(tmp_path / "moved")
    done = index.update([tmp_path / "moved"], matcher)
    assert done.added == 0
    after = {hit.path[-7:]: hit.score for hit in index.search(text="a blue picture", limit=TRAIN + VAL)}
    assert after == before  # what was known of a photo moves with it


def test_the_cut_off_goes_by_it(watchword, data, fitted, tmp_path):
    folder = shutil.copytree(fitted[0], tmp_path / "matcher")
    said = calibrated(folder, str(data), None, "train")
    assert "nothing fits: said of what nobody knows" in said  # some photo fits each of them
    numbers = json.loads((folder / "bundle.json").read_text())["calibration"]
    assert numbers["hubness"] != 0
    found = Matcher(folder).calibration
    assert found.probability(1.0, 3, 10, 0.0, 0.5) != found.probability(1.0, 3, 10, 0.0, 0.0)


def test_what_cannot_teach_is_refused(data, tmp_path):
    folder = tiny_matcher.write_bundle(tmp_path / "matcher", averaged=True)
    with pytest.raises(SettingsError, match="the bank is of split 'train': give another one"):
        fit_querybank(folder, str(data), None, "train")
    rows = json.loads((data / "dataset.json").read_text())["images"]
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "images").symlink_to(data / "images")
    (tmp_path / "few" / "dataset.json").write_text(json.dumps({"images": [*rows[:30], *rows[-VAL:]]}))
    with pytest.raises(
        BundleError, match=f"has 30 photos to learn from, with 30 sentences of words: too few .* give {FEWEST}"
    ):
        fit_querybank(folder, str(tmp_path / "few"), None, "val")
    assert not (folder / "photo_bank.onnx").exists()


def test_of_scores_that_are_sums_none_is_made(data, tmp_path):
    """The photo's hubness is of whole sentences: from a search of one word it would leave nothing but itself."""
    folder = tiny_matcher.write_bundle(tmp_path / "matcher")
    with pytest.raises(BundleError, match="are sums over words, and grow with the sentence"):
        fit_querybank(folder, str(data), None, "val")


def test_what_is_judged_is_not_in_the_bank(data, tmp_path):
    """Of data without a split "val" every tenth photo is judged by, as training holds them out."""
    rows = json.loads((data / "dataset.json").read_text())["images"]
    (tmp_path / "images").symlink_to(data / "images")
    rows = [{**row, "split": "train"} for row in rows] + [{**row, "split": "train"} for row in rows[:20]]
    (tmp_path / "dataset.json").write_text(json.dumps({"images": rows}))
    folder = tiny_matcher.write_bundle(tmp_path / "matcher", averaged=True)
    said = fit_querybank(folder, str(tmp_path), None, "val")
    learnt, judged = (int(said.split(what)[0].split()[-1]) for what in (" photos to learn", " in val"))
    assert learnt >= FEWEST
    assert judged >= 20
    assert learnt + judged == len(rows)


def test_a_sentence_without_a_word_is_never_found(watchword, data, fitted, tmp_path):
    rows = json.loads((data / "dataset.json").read_text())["images"][-VAL:]
    rows[0]["sentences"].append({"raw": "!!!"})
    (tmp_path / "images").symlink_to(data / "images")
    (tmp_path / "dataset.json").write_text(json.dumps({"images": rows}))
    figures = [json.loads(watchword("evaluate", fitted[0], "--data", each, "--json").out) for each in (data, tmp_path)]
    assert [each["sentences"] for each in figures] == [VAL, VAL + 1]
    assert figures[0]["i2t_r1"] == figures[1]["i2t_r1"] == 1


@pytest.mark.parametrize("name", ["photo_bank.onnx", "sentence_bank.onnx"])
def test_half_of_it_is_a_damaged_bundle(fitted, tmp_path, name):
    folder = shutil.copytree(fitted[0], tmp_path / "matcher")
    (folder / name).unlink()
    rewrite(folder, {})
    with pytest.raises(BundleError, match=r"has one of photo_bank.onnx and sentence_bank.onnx without the other"):
        Matcher(folder)


@pytest.mark.parametrize(("name", "what"), [("photo_bank.onnx", "read"), ("sentence_bank.onnx", "look")])
def test_numbers_that_are_none_are_refused(fitted, tmp_path, name, what):
    folder = shutil.copytree(fitted[0], tmp_path / "matcher")
    graph = onnx.load(folder / name)
    for constant in graph.graph.initializer:
        array = onnx.numpy_helper.to_array(constant)
        if array.dtype.kind == "f" and array.ndim > 1:
            constant.CopyFrom(onnx.numpy_helper.from_array(np.full_like(array, np.nan), constant.name))
    onnx.save(graph, folder / name)
    rewrite(folder, {})
    matcher = Matcher(folder)
    with pytest.raises(BundleError, match=rf"{name} gives .*, or what is no number; export it again"):
        matcher.read(["a red picture"]) if what == "read" else matcher.look([tiny.picture("red")])


def test_it_is_for_matchers(watchword, data, tmp_path):
    run = tmp_path / "run"
    small = [
        "encoder=plain_cnn",
        "frozen=0",
        "width=8",
        "hidden=8",
        "word_width=8",
        "epochs=1",
        "minimum=1",
        "dtype=float32",
    ]
    sets = [part for each in small for part in ("--set", each)]
    done = watchword("train", "joint_embedding", "--data", data, "--output", run, *sets)
    assert done.status == 0, done.err
    done = watchword("export", run / "best", tmp_path / "matcher", "--querybank", data)
    assert done.status == 0, done.err
    assert "querybank: of" in done.out
    assert (tmp_path / "matcher" / "sentence_bank.onnx").exists()
    assert Matcher(tmp_path / "matcher").read(["a red picture"])[0].hubness != 0
