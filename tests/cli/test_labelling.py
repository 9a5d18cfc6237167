"""Clips labelled by the commands: trained on folds, judged, exported, fused."""

import csv
import io
import json
import shutil

import numpy as np
import pytest
from PIL import Image

import watchword
from tests.cli.made_clips import FRAMES, frames, save_dataset
from tests.cli.test_training_commands import run
from watchword.cli.opening import captioner
from watchword.core.errors import BundleError, CheckpointError, DataError, PictureError, SettingsError
from watchword.runtime.captioner import Captioner
from watchword.runtime.label_fusion import Fused
from watchword.runtime.labeller import Labeller

TINY = [
    f"encoder=frames:of=plain_cnn,count={FRAMES}",
    "frozen=0",
    "width=16",
    "batch=8",
    "warmup=0",
    "dropout=0",
    "dropout_after=0",
    "encoder_rate=3e-3",
    "learning_rate=1e-2",
    "schedule=constant",
    "dtype=float32",
    "patience=30",
]


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    return save_dataset(tmp_path_factory.mktemp("moving"))


def train(clips, folder, *changes, settings=TINY, more=("--hold-out", "fold=1")):
    sets = [part for change in (*settings, *changes) for part in ("--set", change)]
    where = ["--data", clips, "--output", folder, "--features", clips.parent / "features"]
    return run("train", "lrcn_activity", *where, *sets, *more)


@pytest.fixture(scope="module")
def best(clips, tmp_path_factory):
    """A checkpoint that knows left from right."""
    folder = tmp_path_factory.mktemp("run") / "left+right"
    assert "best accuracy 1.0000" in train(clips, folder, "epochs=20")
    return folder / "best"


@pytest.fixture(scope="module")
def bundle(best, tmp_path_factory):
    place = tmp_path_factory.mktemp("bundle") / "moves.zip"
    assert "label with  watchword label --model" in run("export", best, place, "--float32")
    return place


def rows_of(printed):
    return [json.loads(line) for line in printed.splitlines()]


def test_which_way_something_goes_is_learnt_told_and_judged(clips, best, bundle, tmp_path):
    judge = ["--data", clips, "--hold-out", "fold=1", "--json"]
    kept, drawn = tmp_path / "told.jsonl", tmp_path / "confusion.png"
    scores = json.loads(run("evaluate", best, *judge, "--predictions", kept, "--confusion", drawn))
    assert (scores["accuracy"], scores["mean_recall"], scores["clips"], scores["not_labelled"]) == (1.0, 1.0, 16, 0)
    assert scores["accuracy_interval"] == [1.0, 1.0]
    assert [(one["name"], one["count"], one["f1"]) for one in scores["classes"]] == [
        ("left", 8, 1.0),
        ("right", 8, 1.0),
    ]
    assert scores["confusion"] == [[8, 0], [0, 8]]
    with Image.open(drawn) as picture:
        assert min(picture.size) > 200
    told = rows_of(kept.read_text())
    assert len(told) == 16
    assert all(row["label"] == row["true"] and row["id"] for row in told)
    again = json.loads(run("evaluate", bundle, *judge))
    assert {name: again[name] for name in scores if name != "model"} == {
        name: scores[name] for name in scores if name != "model"
    }
    printed = run("evaluate", best, "--data", clips, "--hold-out", "fold=1")
    assert "1.0000  (1.0000 to 1.0000)" in printed


def test_a_single_frame_does_not_show_it(clips, tmp_path):
    settings = [one for one in TINY if not one.startswith(("width", "dropout_after"))]
    train(clips, tmp_path / "still", "epochs=3", "cell=none", settings=settings)
    scores = json.loads(run("evaluate", tmp_path / "still" / "last", "--data", clips, "--hold-out", "fold=1", "--json"))
    assert scores["accuracy"] < 0.9


def test_flow_shows_it_in_a_single_picture(clips, tmp_path):
    pytest.importorskip("cv2")
    settings = [one for one in TINY[1:] if not one.startswith(("width", "dropout_after"))]
    flow = f"encoder=frames:of=plain_cnn,count={FRAMES - 1},stream=flow"
    train(clips, tmp_path / "flow", "epochs=20", "cell=none", flow, settings=settings)
    scores = json.loads(run("evaluate", tmp_path / "flow" / "best", "--data", clips, "--hold-out", "fold=1", "--json"))
    assert scores["accuracy"] == 1.0


def test_clips_are_labelled(clips, bundle, tmp_path, watchword):
    folder = tmp_path / "some"
    folder.mkdir()
    shutil.copy(clips.parent / "clips" / "left 0.mp4", folder / "a\tb.mp4")
    shutil.copy(clips.parent / "clips" / "right 1.mp4", folder / "right.mp4")
    (folder / "broken.mp4").write_bytes(b"no clip")
    ran = watchword("label", folder, "--model", bundle, "--json")
    assert ran.status == 1
    assert "1 not labelled" in ran.err
    assert "broken.mp4" in ran.err
    rows = rows_of(ran.out)
    assert [(row["path"], row["label"]) for row in rows] == [
        (str(folder / "a\tb.mp4"), "left"),
        (str(folder / "right.mp4"), "right"),
    ]
    for row in rows:
        assert row["labels"][0]["name"] == row["label"]
        assert row["confidence"] == row["labels"][0]["probability"] > 0.5
        assert sum(each["probability"] for each in row["labels"]) == pytest.approx(1, abs=1e-3)
    ran = watchword("label", folder / "right.mp4", "--model", bundle)
    assert (ran.status, ran.out.split("\t")[1]) == (0, "right")
    ran = watchword("label", folder / "right.mp4", "--model", bundle, "--csv")
    header, row = csv.reader(io.StringIO(ran.out))
    assert header == ["path", "label", "confidence"]
    assert row[:2] == [str(folder / "right.mp4"), "right"]


def test_the_library_labels_paths_frames_and_photos(clips, bundle):
    labeller = watchword.load(bundle)
    assert isinstance(labeller, Labeller)
    assert labeller.classes == ("left", "right")
    for way in labeller.classes:
        path = clips.parent / "clips" / f"{way} {int(way == 'right')}.mp4"
        array = frames(way, 99)
        for source in (path, str(path), array, list(array)):
            assert labeller.label(source)[0][0] == way
    (photo,) = labeller.label_many([frames("left", 1)[0]])
    assert len(photo[1]) == 2
    with pytest.raises(PictureError, match="nowhere"):
        labeller.label("nowhere.mp4")


def test_a_folder_of_clips_for_each_class_is_learnt(clips, tmp_path):
    data = tmp_path / "classes"
    for way in ("left", "right"):
        (data / way).mkdir(parents=True)
        for clip in sorted((clips.parent / "clips").glob(f"{way}*"))[:10]:
            (data / way / clip.name).symlink_to(clip)
    train(data, tmp_path / "run", "epochs=1", more=[])
    scores = json.loads(run("evaluate", tmp_path / "run" / "last", "--data", data, "--json"))
    assert (scores["clips"], [one["name"] for one in scores["classes"]]) == (2, ["left", "right"])


def test_two_models_label_together(clips, best, bundle, tmp_path):
    other = tmp_path / "other" / "last"
    train(clips, other.parent, "epochs=1", "seed=5")
    clip = clips.parent / "clips" / "left 0.mp4"

    def probability(model, *more):
        (row,) = rows_of(run("label", clip, "--model", model, *more, "--json"))
        return {each["name"]: each["probability"] for each in row["labels"]}["left"]

    first, second = probability(bundle), probability(other)
    assert probability(f"{bundle}+{other}") == pytest.approx((first + second) / 2, abs=1e-3)
    assert probability(f"{bundle}+{other}", "--weights", "1:2") == pytest.approx((first + 2 * second) / 3, abs=1e-3)
    judge = ["--data", clips, "--hold-out", "fold=1", "--json"]
    assert json.loads(run("evaluate", f"{bundle}+{other}", *judge, "--weights", "9:1"))["accuracy"] == 1.0
    assert isinstance(watchword.load([bundle, bundle]), Fused)
    for weights, said in (("1", "weights 1 for 2 models"), ("1:0", "one above 0 for each"), ("1:nan", "above 0")):
        with pytest.raises(BundleError, match=said):
            run("label", clip, "--model", f"{bundle}+{bundle}", "--weights", weights)
    with pytest.raises(AssertionError, match="is not numbers with colons"):
        run("label", clip, "--model", bundle, "--weights", "a:b")
    with pytest.raises(BundleError, match="weights are of several models"):
        run("label", clip, "--model", bundle, "--weights", "1:2")


def test_a_resumed_run_learns_as_if_never_stopped(clips, tmp_path):
    train(clips, tmp_path / "whole", "epochs=2")
    train(clips, tmp_path / "halves", "epochs=1")
    train(clips, tmp_path / "halves", "epochs=2", settings=[], more=["--hold-out", "fold=1", "--resume"])
    whole, halves = ((tmp_path / name / "last" / "weights.safetensors").read_bytes() for name in ("whole", "halves"))
    assert whole == halves
    with pytest.raises(CheckpointError, match="begun with other data"):
        train(clips, tmp_path / "halves", settings=[], more=["--hold-out", "fold=2", "--resume"])


def test_what_only_other_kinds_do_is_refused(clips, best, bundle, tiny_model, tmp_path):
    clip = clips.parent / "clips" / "left 0.mp4"
    with pytest.raises(SettingsError, match="no setting 'beam'"):
        train(clips, tmp_path / "run", "beam=3")
    with pytest.raises(BundleError, match="is a labeller, which says nothing: it is for watchword evaluate and label"):
        captioner(str(best))
    with pytest.raises(
        BundleError, match="of kind 'labeller', not 'captioner'; it is for watchword evaluate and label"
    ):
        Captioner.load(bundle)
    with pytest.raises(BundleError, match="of kind 'captioner', not 'labeller'; it is for watchword describe"):
        run("label", clip, "--model", tiny_model)
    with pytest.raises(AssertionError, match="a labeller says no sentence"):
        run("evaluate", best, "--data", clips, "--beam", "3")
    with pytest.raises(AssertionError, match="classes are told by a labeller"):
        run("evaluate", tiny_model, "--data", clips, "--confusion", tmp_path / "x.png")
    with pytest.raises(BundleError, match="labeller, which says nothing: leave out the options of a search"):
        run("export", best, tmp_path / "x.zip", "--beam", "3")
    with pytest.raises(BundleError, match="learns no confidence: leave out --calibrate"):
        run("export", best, tmp_path / "x.zip", "--calibrate", clips)
    with pytest.raises(BundleError, match="a labeller has its own encoder"):
        run("export", best, tmp_path / "x.zip", "--encoder-of", tiny_model)
    with pytest.raises(DataError, match=r"name a file that ends in \.png"):
        run("evaluate", best, "--data", clips, "--confusion", tmp_path / "x.jpg")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="there is no clip in"):
        run("label", tmp_path / "empty", "--model", bundle)


def test_data_without_one_class_each_is_refused(clips, tmp_path):
    rows = rows_of(clips.read_text())
    (tmp_path / "clips").symlink_to(clips.parent / "clips")
    for changed, said in (
        ([{**row, "label": ["left", "fast"]} for row in rows], "has 2 labels .left, fast.: a labeller learns one"),
        ([{**row, "label": "left"} for row in rows], r"1 class to learn \(left\)"),
        ([{"file": row["file"], "caption": "a square"} for row in rows], "no example has a label"),
    ):
        data = tmp_path / "changed.jsonl"
        data.write_text("".join(json.dumps(row) + "\n" for row in changed))
        with pytest.raises(DataError, match=said):
            train(data, tmp_path / "run", more=[])


def test_frames_given_as_numbers_need_no_file(bundle):
    labeller = Labeller(bundle)
    shares = labeller.of_pictures(frames("right", 3))
    assert shares.shape == (2,)
    assert shares.sum() == pytest.approx(1, abs=1e-5)
    assert np.argmax(shares) == labeller.classes.index("right")
