"""From regions to bundle through the commands, on made pictures: two halves of a photo, each of a colour."""

import json

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from tests.cli.test_training_commands import COLOURS, run
from watchword.cli.datasets import read_all, train_and_val
from watchword.cli.opening import captioner
from watchword.cli.pooling import maps_of
from watchword.cli.views import Views
from watchword.core.errors import BundleError, CheckpointError, SettingsError
from watchword.encoders import encoders
from watchword.runtime.captioner import Captioner

HALVES = ((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0))
TINY = ["encoder=plain_cnn", "frozen=0", "width=32", "word_width=16", "minimum=1", "batch=16", "warmup=5"]
LEARNING = ["dropout=0", "encoder_rate=3e-3", "learning_rate=1e-2", "dtype=float32"]
POOLED = "efficientnet_lite0"


@pytest.fixture(scope="module")
def regions(tmp_path_factory):
    """24 photos of two halves each, every half a region that says its colour; a quarter for validation."""
    folder = tmp_path_factory.mktemp("halves")
    random, rows, names = np.random.default_rng(0), [], list(COLOURS)
    for number in range(24):
        said = random.permutation(4)[:2]
        halves = [np.full((40, 20, 3), COLOURS[names[each]]) for each in said]
        pixels = np.concatenate(halves, 1) + random.integers(-20, 20, (40, 40, 3))
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
        for each, box in zip(said, HALVES, strict=True):
            split = "val" if number >= 18 else "train"
            sentence = f"a {names[each]} half"
            rows.append({"image": f"{number}.png", "box": box, "sentence": sentence, "split": split})
    (folder / "regions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder / "regions.jsonl"


def train(recipe, data, folder, *settings, more=()):
    sets = [part for setting in settings for part in ("--set", setting)]
    return run("train", recipe, "--data", data, "--output", folder / "run", "--features", folder / "f", *sets, *more)


def test_a_captioner_learns_to_describe_regions(regions, tmp_path):
    train("neuraltalk", regions, tmp_path, *TINY, *LEARNING, "epochs=15")
    best, bundle = tmp_path / "run" / "best", tmp_path / "bundle.zip"
    assert json.loads((best / "checkpoint.json").read_text())["regions"] == "cropped"
    scores = json.loads(run("evaluate", best, "--data", regions, "--json"))
    assert (scores["photos"], scores["BLEU-1"] > 0.9) == (12, True)
    with pytest.raises(BundleError, match="12 of 12 sentences are right"):  # of regions; of whole photos, none
        run("export", best, bundle, "--calibrate", regions)
    run("export", best, bundle)
    model, pixels = Captioner.load(bundle), np.zeros((60, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = COLOURS["red"], COLOURS["blue"]
    assert model.manifest.regions == "cropped"
    said = [region.sentence.text for region in model.describe_regions(pixels, HALVES)]
    assert said == ["a red half", "a blue half"]
    assert model.describe([pixels[:, :30]])[0].text == "a red half"  # a crop is a picture as others


def test_pooled_regions_are_the_same_in_training_and_in_a_bundle(regions, tmp_path):
    settings = [f"encoder={POOLED}", "frozen=18", *TINY[2:], "dropout=0", "dtype=float32", "views=2", "epochs=1"]
    train("neuraltalk", regions, tmp_path, *settings, more=["--way", "pooled"])
    best = tmp_path / "run" / "best"
    learnt = json.loads((best / "checkpoint.json").read_text())
    assert learnt["regions"] == "pooled"
    opened = captioner(str(best))
    assert opened.manifest.regions == "pooled"
    scores = json.loads(run("evaluate", best, "--data", regions, "--json"))
    assert scores["CIDEr-D"] == pytest.approx(learnt["scores"]["CIDEr-D"], abs=1e-3)
    stored = len((tmp_path / "f").glob("*-view0").__next__().joinpath("keys.bin").read_bytes()) // 32
    assert stored == 24  # photos, not regions
    with pytest.raises(CheckpointError, match="--way cropped: the run to resume was begun with pooled"):
        train("neuraltalk", regions, tmp_path, more=["--resume", "--way", "cropped"])
    train("neuraltalk", regions, tmp_path, "epochs=2", more=["--resume"])


def test_what_a_pooled_region_shows_in_training_is_what_the_bundle_takes(regions, tmp_path):
    encoder = encoders[POOLED](frozen=18)
    rows, _ = train_and_val(read_all([str(regions)], [], []))
    places = np.arange(6)
    pooled = Views(encoder, tmp_path, Console(quiet=True), "pooled").of(rows, 1)(places)
    photos = [row.path for row in rows[:6]]
    whole = Views(encoder, tmp_path, Console(quiet=True)).of([_without_box(row) for row in rows], 1)(places)
    boxes = np.array([row.box for row in rows[:6]])
    assert len(set(photos)) == 3
    assert np.allclose(pooled, maps_of(whole, boxes), atol=1e-2)
    assert np.array_equal(whole[0], whole[1])  # both halves of one photo
    assert not np.allclose(pooled[0], pooled[1], atol=1e-2)


def test_mirrored_views_take_the_mirrored_box(regions, tmp_path):
    """The left half of the photo is the right half of its mirror image."""
    encoder = encoders[POOLED](frozen=18)
    rows, _ = train_and_val(read_all([str(regions)], [], []))
    views = Views(encoder, tmp_path, Console(quiet=True), "pooled")
    seen = views.of(rows, 2)
    shown = seen(np.array([0, 0]), np.array([0, 1]))
    mirrored = views._filled([rows[0].path], 1)
    right = maps_of(mirrored[0].rows(mirrored[1]), np.array([HALVES[1]]))
    assert not np.allclose(shown[0], shown[1], atol=1e-2)
    assert np.allclose(shown[1], right[0], atol=1e-2)


@pytest.mark.parametrize(
    ("settings", "more", "message"),
    [
        (TINY, ["--way", "pooled"], "regions cannot be pooled from what plain_cnn.* sees: .*--way cropped"),
        ([f"encoder={POOLED}", "frozen=13", "minimum=1"], ["--way", "pooled"], "all of it frozen"),
        ([f"encoder={POOLED}", "frozen=18", "minimum=1", "views=3"], ["--way", "pooled"], "views=3: .* views=2"),
    ],
)
def test_what_cannot_be_pooled_is_said(regions, tmp_path, settings, more, message):
    with pytest.raises(SettingsError, match=message):
        train("neuraltalk", regions, tmp_path, *settings, more=more)


def test_a_way_without_regions_is_refused(regions, tmp_path):
    rows = [{"image": f"{number}.png", "sentence": "two halves"} for number in range(4)]
    (regions.parent / "photos.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(SettingsError, match="--way pooled is for regions, and no row of the data has a box"):
        train("neuraltalk", regions.parent / "photos.jsonl", tmp_path, *TINY, more=["--way", "pooled"])


def test_a_matcher_is_judged_by_the_regions_that_it_learnt(regions, tmp_path):
    few = [*TINY[:4], "hidden=16", "minimum=1", "batch=16", "epochs=1"]
    train("contrastive_alignments", regions, tmp_path, *few)
    best = tmp_path / "run" / "best"
    learnt = json.loads((best / "checkpoint.json").read_text())["scores"]
    found = json.loads(run("evaluate", best, "--data", regions, "--json"))
    assert found["photos"] == 12
    assert found["i2t_r5"] == pytest.approx(learnt["i2t_r5"], abs=0.1)


@pytest.fixture
def detections(regions, tmp_path):
    """Boxes of the two halves of each photo, as a detector's file has them."""
    images = [{"id": number, "file_name": f"{number}.png", "width": 40, "height": 40} for number in range(24)]
    boxes = [
        {"id": 2 * number + side, "image_id": number, "category_id": 1, "bbox": [20 * side, 0, 20, 40], "score": 0.9}
        for number in range(24)
        for side in (0, 1)
    ]
    document = {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "half"}]}
    path = tmp_path / "boxes.json"
    path.write_text(json.dumps(document))
    return path


@pytest.fixture(scope="module")
def photos(regions):
    """The photos of the halves, each with a sentence about both."""
    rows = [json.loads(line) for line in regions.read_text().splitlines()]
    whole = [
        {"image": a["image"], "split": a["split"], "sentence": f"{a['sentence']} and {b['sentence']}"}
        for a, b in zip(rows[::2], rows[1::2], strict=True)
    ]
    path = regions.parent / "whole.jsonl"
    path.write_text("\n".join(map(json.dumps, whole)))
    return path


@pytest.mark.parametrize("way", ["pooled", "cropped"])
@pytest.mark.parametrize("recipe", ["contrastive_alignments", "show_attend_tell"])
def test_boxes_may_differ_from_photo_to_photo_in_training(photos, detections, tmp_path, recipe, way):
    encoder = f"regions:of=plain_cnn,way={way},boxes=from_file:file={detections},count=3"
    more = ["hidden=16", "word_width=8"] if recipe == "contrastive_alignments" else []
    few = ["frozen=0", "width=16", "minimum=1", "batch=8", "epochs=1", "views=4", "dtype=float32", *more]
    train(recipe, photos, tmp_path, f"encoder={encoder}", *few)
    best = tmp_path / "run" / "best"
    learnt = json.loads((best / "checkpoint.json").read_text())["scores"]
    found = json.loads(run("evaluate", best, "--data", photos, "--json"))
    known = {"distinct": "distinct_sentences"}
    assert {name: found[known.get(name, name)] for name in learnt} == pytest.approx(learnt)
    assert found["photos"] == 6
    with pytest.raises(BundleError, match=r"best: its encoder proposes regions .* which no bundle holds; train with"):
        run("export", best, tmp_path / "bundle")
    if recipe == "show_attend_tell":
        found = json.loads(run("evaluate", best, "--data", photos, "--beam", "2", "--json"))
        assert (found["search"]["beam"], found["photos"]) == (2, 6)
        return
    with pytest.raises(AssertionError, match="a matcher says nothing"):
        run("evaluate", best, "--data", photos, "--beam", "2")


def _without_box(row):
    import dataclasses

    return dataclasses.replace(row, box=None)


@pytest.mark.parametrize(("given", "way"), [([], "pooled"), (["--way", "cropped"], "cropped")])
def test_a_run_looks_at_regions_as_what_it_starts_from_did(regions, tmp_path, given, way):
    settings = [f"encoder={POOLED}", "frozen=18", *TINY[2:], *LEARNING[:1], "epochs=1"]
    train("neuraltalk", regions, tmp_path, *settings, more=["--way", "pooled"])
    start = ["--start-from", tmp_path / "run" / "best", *given]
    train("neuraltalk", regions, tmp_path / "on", "epochs=1", "batch=16", more=start)
    about = json.loads((tmp_path / "on" / "run" / "best" / "checkpoint.json").read_text())
    assert about["regions"] == way
