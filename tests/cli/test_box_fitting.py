"""A bundle that learns to draw boxes: quarters of photos are its regions, and what is red, green or blue is smaller."""

import json
import shutil

import numpy as np
import onnx
import pytest
import torch
from onnx import helper
from PIL import Image

from tests.cli.made_matcher import region
from tests.runtime import tiny, tiny_matcher
from watchword.cli.box_fitting import fit_boxes
from watchword.core.errors import BundleError, DataError, SettingsError
from watchword.retrieval.index import Index
from watchword.runtime.matcher import Matcher
from watchword.web.aligning import Aligner
from watchword.web.photos import Photo

COLOURS = {"red": (250, 20, 20), "green": (20, 250, 20), "blue": (20, 20, 250)}
TRAIN, VAL = 110, 12


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Grey photos with a coloured square in the middle of a quarter, its place drawn by people."""
    folder = tmp_path_factory.mktemp("squares")
    (folder / "images").mkdir()
    random, rows, phrases = np.random.default_rng(0), [], []
    for number in range(TRAIN + VAL):
        name, (row, column) = list(COLOURS)[number % 3], random.integers(0, 2, 2)
        pixels = np.full((40, 40, 3), 128, np.uint8)
        y, x = (20 * int(place) + np.array([4, 16]) for place in (row, column))
        pixels[y[0] : y[1], x[0] : x[1]] = COLOURS[name]
        file, split = f"{number:03}.png", "train" if number < TRAIN else "val"
        Image.fromarray(pixels).save(folder / "images" / file)
        rows.append({"filename": file, "split": split, "sentences": [{"raw": f"a {name} picture", "sentid": number}]})
        box = [float(side) / 40 for side in (x[0], y[0], x[1], y[1])]
        phrases.append({"filename": file, "split": split, "regions": [region(f"a {name}", box, number, 0)]})
    (folder / "dataset.json").write_text(json.dumps({"images": rows}))
    (folder / "regions.json").write_text(json.dumps({"images": phrases}))
    return folder


@pytest.fixture(scope="module")
def fitted(data, tmp_path_factory):
    """The bundle that learnt, and what it said of itself."""
    folder = tiny_matcher.write_bundle(tmp_path_factory.mktemp("fitted") / "matcher")
    return folder, fit_boxes(folder, str(data), None, "val")


def test_it_says_how_much_closer_its_boxes_are(watchword, data, fitted):
    folder, said = fitted
    assert said.startswith(f"boxes: learnt from {TRAIN} phrases; of {VAL} in val: pointing accuracy ")
    done = watchword("analyse", "pointing", folder, "--data", data, "--beta", "0,0.5", "--json")
    assert done.status == 0, done.err
    ways = {(row["beta"], row["by"]): row for row in json.loads(done.out)["ways"]}
    assert list(ways) == [(0.0, "sum"), (0.0, "best word"), (0.0, "drawn"), (0.5, "majority"), (0.5, "drawn")]
    chosen, drawn = (ways[0.0, by] for by in ("sum", "drawn"))
    assert chosen["centre_in_box"] == 1  # the right quarter, whose middle is that of the square
    assert chosen["recall_at_iou_0.5"] == 0  # 0.36 of it is the square
    assert drawn["centre_in_box"] == 1
    assert drawn["recall_at_iou_0.5"] > 0.9
    assert f"IoU 0.5 or more 0.0% by the best region, {drawn['recall_at_iou_0.5']:.1%} drawn" in said


def test_drawn_boxes_are_shown_everywhere(watchword, data, fitted, tmp_path):
    folder, _ = fitted
    photo = data / "images" / f"{TRAIN:03}.png"
    name = list(COLOURS)[TRAIN % 3]
    done = watchword("align", photo, f"a {name} picture", "--model", folder, "--json")
    box = {part["words"]: part["box"] for part in json.loads(done.out)["snippets"]}[name]
    assert box not in tiny_matcher.BOXES
    parts = ["--split", "val", "--beta", "0", "--least-words", "1", "--output", tmp_path / "parts.jsonl"]
    done = watchword("snippets", folder, "--data", data, *parts)
    assert done.status == 0, done.err
    rows = [json.loads(line) for line in (tmp_path / "parts.jsonl").read_text().splitlines()]
    assert sum(row["sentence"] == f"a {name}" and row["box"] == box for row in rows) == 1
    done = watchword("analyse", "snippets", folder, f"a {name}", "--data", data, "--split", "val", "--json")
    (phrase,) = json.loads(done.out)["phrases"]
    found = {each["path"]: each["box"] for each in phrase["regions"]}
    assert np.allclose(found[str(photo)], box, atol=1e-4)
    assert not any(each in tiny_matcher.BOXES for each in found.values())
    matcher = Matcher(folder)
    index = Index(tmp_path / "index", matcher)
    index.update([data / "images"], matcher)
    hits = index.search(text=name, limit=TRAIN + VAL)
    (found,) = (hit for hit in hits if hit.path.endswith(photo.name))
    (word,) = found.words
    assert tiny_matcher.BOXES[word.region] != box
    assert np.allclose(word.box, box, atol=0.02)  # of another sentence, and of vectors kept as float16


def test_a_bundle_without_it_chooses_among_its_regions(watchword, data, tmp_path):
    folder = tiny_matcher.write_bundle(tmp_path / "matcher")
    assert not Matcher(folder).draws_boxes
    done = watchword("align", data / "images" / "000.png", "a red", "--model", folder, "--json")
    assert all(part["box"] in tiny_matcher.BOXES for part in json.loads(done.out)["snippets"])


def gives(folder, boxes):
    """Put a boxes.onnx into a bundle that gives these rows (3, K), whatever it is asked."""
    shapes = {"similarities": ("N", 5), "words": ("N", 3), "regions": ("N", 5, 3)}
    nodes = [helper.make_node("Identity", ["table"], ["boxes"])]
    table = np.array(boxes, np.float32)
    ports = [tiny._port(name, shape) for name, shape in shapes.items()]
    onnx.save(tiny._model(nodes, ports, [tiny._port("boxes", table.shape)], {"table": table}), folder / "boxes.onnx")
    return tiny_matcher.write_bundle(folder)


@pytest.mark.parametrize(
    "boxes",
    [
        [[0, 0, 1]] * 3,
        [[0, 0, 1, 1]] * 2,
        [[0, 0, 1, 1], [0.6, 0, 0.5, 1], [0, 0, 1, 1]],
        [[0, 0, 1, 1.1]] * 3,
        [[np.nan, 0, 1, 1]] * 3,
    ],
)
def test_what_are_no_boxes_is_the_bundles_fault(watchword, data, tmp_path, boxes):
    folder = gives(tiny_matcher.write_bundle(tmp_path / "matcher"), boxes)
    done = watchword("align", data / "images" / "000.png", "a red picture", "--model", folder, "--json")
    assert done.status == 2
    assert "boxes.onnx gives what are no boxes" in done.err
    index = Index(tmp_path / "index", Matcher(folder))
    index.update([data / "images"], Matcher(folder))
    with pytest.raises(BundleError, match="gives what are no boxes"):
        index.search(text="a red picture")


def test_the_page_shows_what_was_drawn(data, fitted):
    matcher, place = Matcher(fitted[0]), data / "images" / f"{TRAIN:03}.png"
    (run,) = Aligner(matcher)(Photo(id="a", source=str(place)), list(COLOURS)[TRAIN % 3], 0.0).runs
    (named,) = matcher.align(place, list(COLOURS)[TRAIN % 3])
    assert np.allclose(run.box, named.box, atol=1e-3)
    assert named.box not in [tuple(box) for box in tiny_matcher.BOXES]


def test_the_matcher_that_ships_draws_boxes():
    assert Matcher("matcher").draws_boxes


def test_a_graph_that_is_another_one_is_refused(fitted, tmp_path):
    folder = tiny_matcher.write_bundle(tmp_path / "matcher")
    shutil.copy(folder / "words.onnx", folder / "boxes.onnx")
    with pytest.raises(BundleError, match="lacks"):
        Matcher(tiny_matcher.write_bundle(folder))


def test_a_bundle_that_learns_again_draws_the_same_boxes(data, fitted, tmp_path):
    torch.manual_seed(5)  # whatever was drawn before
    folder = tiny_matcher.write_bundle(tmp_path / "matcher")
    assert fit_boxes(folder, str(data), None, "val") == fitted[1]
    assert (folder / "boxes.onnx").read_bytes() == (fitted[0] / "boxes.onnx").read_bytes()


def test_what_cannot_teach_is_refused(data, tmp_path):
    folder = tiny_matcher.write_bundle(tmp_path / "matcher")
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "images").symlink_to(data / "images")
    shutil.copy(data / "dataset.json", tmp_path / "few" / "dataset.json")
    with pytest.raises(DataError, match=r"there is no '.*regions.json'"):
        fit_boxes(folder, str(tmp_path / "few"), None, "val")
    phrases = json.loads((data / "regions.json").read_text())["images"]
    (tmp_path / "few" / "regions.json").write_text(json.dumps({"images": [*phrases[:20], *phrases[-5:]]}))
    with pytest.raises(BundleError, match="reads 20 of 20 phrases with boxes: too few to learn from; give 100 or more"):
        fit_boxes(folder, str(tmp_path / "few"), None, "val")
    with pytest.raises(SettingsError, match="boxes are learnt from split 'train': give another one"):
        fit_boxes(folder, str(data), None, "train")
    assert not (folder / "boxes.onnx").exists()


def test_it_says_of_how_many_phrases_it_speaks(data, tmp_path, capsys):
    """Of those beyond what the matcher reads nothing is learnt, and none is judged by."""
    changed = json.loads((data / "dataset.json").read_text())
    phrases = json.loads((data / "regions.json").read_text())
    long, (few, all_judges) = "a picture of a picture of a ", (5, range(TRAIN, TRAIN + VAL))
    for number in (*range(few), *all_judges):
        (said,), (asked,) = changed["images"][number]["sentences"], phrases["images"][number]["regions"]
        said["raw"], asked["start"] = long + said["raw"].removeprefix("a "), 6
    phrases["images"][0]["regions"].append(region("a cow", [0, 0, 1, 1], 0, 0))
    (tmp_path / "images").symlink_to(data / "images")
    (tmp_path / "dataset.json").write_text(json.dumps(changed))
    (tmp_path / "all.json").write_text(json.dumps(phrases))
    folder = tiny_matcher.write_bundle(tmp_path / "matcher", max_words=6)
    said = fit_boxes(folder, str(tmp_path), None, "val", phrases=tmp_path / "all.json")
    assert said.startswith(f"boxes: learnt from {TRAIN - few} phrases; none of those in val could be read")
    assert capsys.readouterr().err.count("'a cow' does not stand") == 1
    assert Matcher(folder).draws_boxes
