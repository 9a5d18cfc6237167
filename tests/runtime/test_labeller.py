"""A labeller as Python opens it."""

import numpy as np
import pytest
from PIL import Image

import watchword
from tests.runtime import tiny, tiny_labeller
from watchword.core.errors import BundleError, PictureError
from watchword.data.played import Clip, Playing
from watchword.runtime.bundle import manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.label_fusion import Fused
from watchword.runtime.label_manifest import LabelManifest
from watchword.runtime.labeller import Labeller
from watchword.runtime.matcher import Matcher


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_labeller.write_bundle(tmp_path_factory.mktemp("bundle") / "labeller")


def clip(*colours):
    return np.stack([tiny.picture(colour) for colour in colours])


def test_load_gives_a_labeller_that_says_what_it_is(folder):
    labeller = watchword.load(folder)
    assert isinstance(labeller, Labeller)
    assert (labeller.name, labeller.classes, labeller.playing) == (str(folder), ("red", "green", "blue"), Playing(3))
    assert isinstance(manifest_of(folder), LabelManifest)
    with pytest.raises(
        BundleError, match="of kind 'labeller', not 'captioner'; it is for watchword evaluate and label"
    ):
        Captioner.load(folder)
    with pytest.raises(BundleError, match="of kind 'labeller', not 'matcher'"):
        Matcher(folder)


def test_the_probabilities_are_those_of_the_graph_over_all_frames(folder):
    frames = clip("red", "blue", "blue")
    said = watchword.load(folder).label(frames)
    expected = tiny_labeller.expected(frames.mean((1, 2)))
    assert [name for name, _ in said] == ["blue", "red", "green"]
    assert dict(said) == pytest.approx(dict(zip(tiny_labeller.CLASSES, expected, strict=True)), abs=1e-3)


def test_a_clip_is_told_by_frames_of_equal_parts_and_a_photo_stands_still(folder, tmp_path):
    labeller = watchword.load(folder)
    longer = clip(*["red"] * 5, *["green"] * 5, *["blue"] * 5)
    assert dict(labeller.label(longer)) == pytest.approx(dict(labeller.label(clip("red", "green", "blue"))))
    Image.fromarray(tiny.picture("green")).save(tmp_path / "green.png")
    assert labeller.label(tmp_path / "green.png") == labeller.label(clip("green", "green", "green"))


def test_what_cannot_be_played_stops_nothing(folder, tmp_path):
    Image.fromarray(tiny.picture("green")).save(tmp_path / "green.png")
    (tmp_path / "broken.png").write_bytes(b"nothing")
    sources = [tmp_path / name for name in ("green.png", "broken.png", "gone.png", "green.png", "green.png")]
    rows = list(watchword.load(folder).label_many(iter(sources)))
    assert [source for source, _ in rows] == sources
    told = ["wrong" if isinstance(said, PictureError) else said[0][0] for _, said in rows]
    assert told == ["green", "wrong", "wrong", "green", "green"]


def test_one_that_tells_photos_takes_no_clip(tmp_path):
    labeller = Labeller(tiny_labeller.write_bundle(tmp_path / "photos", frames=None))
    assert labeller.label(tiny.picture("blue"))[0][0] == "blue"
    for source in (Clip(tmp_path / "x.mp4"), [tiny.picture("blue")] * 2):
        with pytest.raises(PictureError, match="tells photos, not clips; give a model that was trained on clips"):
            labeller.label(source)


def test_several_label_by_the_weighted_mean_whatever_the_order_of_their_classes(folder, tmp_path):
    other = tiny_labeller.write_bundle(tmp_path / "other", classes=["blue", "red", "green"], frames={"count": 1})
    first, second = Labeller(folder), Labeller(other)
    frames = clip("red", "blue", "green")
    for weights, share in ((None, 0.5), ([1, 2], 2 / 3), ([3, 1], 0.25)):
        fused = dict(Fused([first, second], weights).label(frames))
        one, two = dict(first.label(frames)), dict(second.label(frames))
        assert fused == pytest.approx({name: (1 - share) * one[name] + share * two[name] for name in one})
    assert isinstance(watchword.load([folder, other]), Fused)


def test_models_that_cannot_label_together_are_refused(folder, sealed, tmp_path):
    other = tiny_labeller.write_bundle(tmp_path / "other", classes=["blue", "red", "grey"])
    with pytest.raises(BundleError, match="cannot label together: only one of them knows 'green', 'grey'"):
        watchword.load([folder, other])
    with pytest.raises(BundleError, match="of kind 'captioner', not 'labeller'"):
        watchword.load([folder, sealed])
    with pytest.raises(BundleError, match="weights 1:2:3 for 2 models: give one above 0 for each"):
        Fused([Labeller(folder), Labeller(folder)], [1, 2, 3])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"classes": None}, "has no 'classes'"),
        ({"classes": ["red"]}, "are to be two or more, and all different"),
        ({"classes": ["red", "red"]}, "are to be two or more, and all different"),
        ({"classes": ["red", "\x1b[31m"]}, "cannot be shown"),
        ({"frames": {"count": 0}}, "'count' in 'frames' in .* is 0"),
        ({"frames": {"count": 100_000}}, "it is from 1 to 4096"),
        ({"frames": {"count": 4, "stream": "smell"}}, "'stream' in .* is 'smell'; this version knows rgb and flow"),
        ({"frames": {"count": 4, "play": "fast"}}, "'play' in .* is 'fast'; this version knows still and pan"),
        ({"frames": {"count": 4, "method": "brox"}}, "'method' in .* is 'brox'; this version knows dis and farneback"),
        ({"frames": {"count": 4, "rate": -1}}, "'rate' in .* is -1; it is 0 or more"),
        ({"format": 2}, "has format 2"),
    ],
)
def test_a_bundle_that_is_amiss_is_refused(tmp_path, changes, said):
    folder = tiny_labeller.write_bundle(tmp_path / "bundle", **changes)
    with pytest.raises(BundleError, match=said):
        Labeller(folder)


def test_classes_that_do_not_fit_the_graph_are_told(tmp_path):
    labeller = Labeller(tiny_labeller.write_bundle(tmp_path / "bundle", classes=["a", "b"]))
    with pytest.raises(BundleError, match=r"labels.onnx tells \(3,\) classes; bundle.json names 2"):
        labeller.label(clip("red"))
