import sys
from importlib import util
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from watchword.core.boxes import areas
from watchword.core.errors import SettingsError
from watchword.data.boxes import iou
from watchword.encoders import encoders
from watchword.encoders.base import Encoder, as_features
from watchword.encoders.proposals import proposals
from watchword.encoders.proposals.scoring import crop_scores, pooled_scores

needs_opencv = pytest.mark.skipif(util.find_spec("cv2") is None, reason="needs watchword[regions]")


class Reddish(Encoder):
    """Cells are the mean shades of 4 x 4 squares; the class "red" is the likelier, the more red there is."""

    size, grid, cut, name, labels = 32, (4, 4), 0, "reddish", ("red", "other")
    whole_width = cells_width = 3

    def frozen_units(self):
        return torch.nn.Sequential()

    def trunk(self, pixels):
        return torch.nn.functional.avg_pool2d(pixels.permute(0, 3, 1, 2).float() / 255, 8)

    def top(self, seen):
        return as_features(seen)

    def classify(self, features):
        red = 0.5 + features.whole[..., :1] * 0.5
        return torch.cat((red, 1 - red), -1)


def photo(height=120, width=160):
    """A red square and a blue one on noisy grey."""
    pixels = np.random.default_rng(0).integers(100, 120, (height, width, 3), dtype=np.uint8)
    pixels[20:70, 20:60] = 255, 0, 0
    pixels[60:110, 90:150] = 0, 0, 255
    return pixels


RED, BLUE = np.array([[20 / 160, 20 / 120, 60 / 160, 70 / 120]]), np.array([[90 / 160, 60 / 120, 150 / 160, 110 / 120]])


@pytest.mark.parametrize("scores", [pooled_scores, crop_scores])
def test_a_region_scores_as_its_likeliest_class(scores):
    score = scores(Reddish())
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:, :16, 0] = 255
    boxes = np.array([[0, 0, 0.4, 1], [0.6, 0, 1, 1], [0.25, 0, 0.75, 1]], np.float32)
    assert np.allclose(score(pixels, boxes), [1, 0.5, 0.75], atol=0.03)
    assert score(pixels, boxes[:0]).shape == (0,)
    assert score(pixels, np.repeat(boxes, 20, 0)).shape == (60,)  # more than a batch


def test_an_encoder_that_cannot_judge_is_refused():
    with pytest.raises(SettingsError, match="has no classifier that could score regions; let their size: score=area"):
        crop_scores(encoders["plain_cnn"]())
    vgg = encoders["vgg16:pretrained=false,size=32,channels=2,hidden=8"]()
    with pytest.raises(SettingsError, match="does not classify the mean of its cells; score its crops: score=crops"):
        pooled_scores(vgg)
    assert crop_scores(vgg)(photo(), RED).shape == (1,)


@needs_opencv
def test_objects_are_among_the_candidates():
    search = proposals["selective:score=area,smallest=0.1"]()
    found = search.candidates(photo())
    assert len(found) >= 5
    assert iou(RED, found).max() > 0.8
    assert iou(BLUE, found).max() > 0.8
    assert (found[:, 2:] - found[:, :2]).min() >= 0.1
    assert areas(found).max() < 0.9
    assert np.array_equal(found, search.candidates(photo()))  # the search itself shuffles


@needs_opencv
def test_the_best_are_kept_and_overlap_little():
    search = proposals["selective:score=pooled,weight=0"](judge=Reddish, count=6)
    boxes, scores = search.propose(photo())
    assert 2 <= len(boxes) <= 6
    assert boxes.dtype == scores.dtype == np.float32
    assert (np.diff(scores) <= 0).all()
    assert (iou(boxes, boxes) - np.eye(len(boxes))).max() <= 0.4
    assert iou(RED, boxes[:1]).max() > 0.3
    again = search.propose(photo())
    assert np.array_equal(again[0], boxes)


@needs_opencv
def test_large_boxes_count_for_more_if_asked_for():
    sizes = [
        areas(proposals[f"selective:weight={weight}"](judge=Reddish, count=3).propose(photo())[0]).mean()
        for weight in (0, 1, 4)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


@needs_opencv
@pytest.mark.parametrize("mode", ["fast", "quality"])
def test_photos_with_nothing_in_them_have_few_boxes_or_none(mode):
    search = proposals[f"selective:score=area,mode={mode}"]()
    for shape in ((1, 1, 3), (1, 50, 3), (30, 30, 3)):
        boxes, scores = search.propose(np.full(shape, 7, np.uint8))
        assert boxes.shape == (len(scores), 4)


@needs_opencv
def test_the_name_tells_one_search_from_another():
    names = {
        proposals[f"selective:{options}"](judge=Reddish).name
        for options in (
            "mode=fast",
            "mode=quality",
            "score=crops",
            "score=area",
            "above=0.3",
            "smallest=0.1",
            "weight=1",
        )
    }
    assert len(names) == 7
    assert "reddish" in proposals["selective:score=pooled"](judge=Reddish).name
    assert not set("".join(names)) & set("/\\:,= ")


def test_opencv_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(SettingsError, match=r"contributed modules: pip install '\.\[regions\]'"):
        proposals["selective"]()
    monkeypatch.setitem(sys.modules, "cv2", SimpleNamespace())  # OpenCV without what others contributed
    with pytest.raises(SettingsError, match=r"\.\[regions\]"):
        proposals["selective"]()
