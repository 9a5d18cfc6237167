"""A labeller that looks at motion: clips, parts of them, frames, photos; and what is refused."""

import numpy as np
import pytest

from tests.data.motion.made import frames, write
from tests.runtime import tiny, tiny_labeller, tiny_motion
from watchword.core.errors import BundleError, ClipError
from watchword.data.played import Clip
from watchword.runtime.label_fusion import Fused
from watchword.runtime.labeller import Labeller
from watchword.runtime.loading import load

pytest.importorskip("cv2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_motion.write_bundle(tmp_path_factory.mktemp("motion") / "bundle")


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clips")
    still = write(folder / "still.mp4", frames(30, step=0))
    both = np.concatenate([frames(60, step=0), frames(60, step=4, side=100, at=(20, 20))])
    return (
        still,
        write(folder / "fast.mp4", frames(30, step=4, side=100, at=(20, 20))),
        write(folder / "both.mp4", both),
    )


def test_what_moves_is_told_from_what_does_not(folder, clips):
    labeller = load(folder)
    assert isinstance(labeller, Labeller)
    assert labeller.plays
    told = [labeller.label(clip)[0][0] for clip in clips[:2]]
    assert told == ["noFight", "fight"]
    assert labeller.label(frames(30, step=4, side=100, at=(20, 20)))[0][0] == "fight"
    assert labeller.label(frames(1)[0])[0][0] == "noFight"


def test_a_long_clip_is_the_mean_of_its_parts(folder, clips):
    labeller = Labeller(folder)
    whole = dict(labeller.label(clips[2]))
    halves = [dict(labeller.label(Clip(clips[2], span))) for span in ((0.0, 4.0), (4.0, 8.0))]
    assert [max(half, key=half.get) for half in halves] == ["noFight", "fight"]
    assert whole["fight"] == pytest.approx((halves[0]["fight"] + halves[1]["fight"]) / 2, abs=0.02)


def test_a_broken_clip_stops_nothing(folder, clips, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")
    found = dict(Labeller(folder).label_many([broken, clips[1]]))
    assert isinstance(found[broken], ClipError)
    assert found[clips[1]][0][0] == "fight"


def test_it_labels_together_with_one_of_frames(folder, clips, tmp_path):
    other = Labeller(tiny_labeller.write_bundle(tmp_path / "frames", classes=["fight", "noFight", "other"]))
    with pytest.raises(BundleError, match="only one of them knows 'other'"):
        Fused([Labeller(folder), other])
    alike = Fused([Labeller(folder), Labeller(folder)], [1, 2])
    assert alike.plays
    assert dict(alike.label(clips[1])) == pytest.approx(dict(Labeller(folder).label(clips[1])))


def test_a_time_line_has_it_play_the_clip(folder, clips, tmp_path):
    captioner = load(tiny.write_bundle(tmp_path / "captioner"))
    segments = captioner.describe_clip(clips[1], labeller=Labeller(folder))
    assert [segment.label for segment in segments] == ["fight"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"looks": "sound"}, "'looks' in .* is 'sound'; this version knows frames and motion"),
        ({"frames": {"count": 3}}, "has 'frames', which a labeller that looks at motion is not shown"),
        ({"classes": ["a", "b", "c"]}, "tells .* classes; bundle.json names 3"),
        ({"encoder": {"model": "small", "sha256": "0" * 64}}, "encoder.onnx' not named|is not the one"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, changes, message):
    folder = tiny_motion.write_bundle(tmp_path / "bundle", **changes)
    with pytest.raises(BundleError, match=message):
        Labeller(folder).label(frames(12, step=0))
