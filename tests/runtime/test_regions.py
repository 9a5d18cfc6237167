import numpy as np
import onnx
import pytest
from PIL import Image

from tests.runtime import tiny
from watchword.core.boxes import WHOLE
from watchword.core.errors import BundleError, DataError, PictureError, SearchError
from watchword.core.types import Features, Sentence
from watchword.data.grids import boxes_of
from watchword.data.pictures import Part, open_picture
from watchword.runtime.captioner import Captioner
from watchword.runtime.regions import Region, pooled, sureness, telling
from watchword.runtime.together import Together

QUARTERS = {"red": (0, 0, 0.5, 0.5), "green": (0.5, 0, 1, 0.5), "blue": (0, 0.5, 0.5, 1)}


def patchwork(size=64):
    """A picture with a quarter of each colour, and one that is black."""
    pixels = np.zeros((size, size, 3), np.uint8)
    for number, (x0, y0, x1, y1) in enumerate(QUARTERS.values()):
        pixels[int(y0 * size) : int(y1 * size), int(x0 * size) : int(x1 * size), number] = 200
    return pixels


@pytest.mark.parametrize("way", ["cropped", "pooled"])
def test_each_region_is_described_as_what_it_shows(captioner, way):
    found = captioner.describe_regions(patchwork(), list(QUARTERS.values()), way=way)
    assert [region.sentence.text for region in found] == [f"a {colour} picture" for colour in QUARTERS]
    assert [region.box for region in found] == list(QUARTERS.values())
    assert all(0 < region.sentence.confidence < 1 for region in found)


@pytest.mark.parametrize("way", ["cropped", "pooled"])
def test_the_whole_as_a_region_is_the_picture(captioner, way):
    (region,) = captioner.describe_regions(patchwork(), [WHOLE], way=way)
    (sentence,) = captioner.describe([patchwork()])
    assert region.sentence.text == sentence.text
    assert region.sentence.log_probs == pytest.approx(sentence.log_probs, abs=1e-4)


def test_a_cropped_region_is_the_picture_that_was_cut_out(captioner):
    boxes = boxes_of()
    found = captioner.describe_regions(patchwork(), way="cropped", batch=4)
    assert [region.box for region in found] == [tuple(box) for box in boxes.tolist()]
    alone = captioner.describe([Part(patchwork(), tuple(box)) for box in boxes.tolist()])
    assert [region.sentence for region in found] == alone


def test_the_batch_and_an_ensemble_of_one_kind_change_nothing(captioner):
    once = captioner.describe_regions(patchwork(), way="pooled")
    few = captioner.describe_regions(patchwork(), way="pooled", batch=3)
    both = Together([captioner, captioner]).describe_regions(patchwork(), way="pooled")
    for others in (few, both):
        assert [region.sentence.text for region in others] == [region.sentence.text for region in once]
        for mine, other in zip(once, others, strict=True):
            assert other.sentence.log_probs == pytest.approx(mine.sentence.log_probs, abs=1e-4)
    assert captioner.describe_regions(patchwork(), []) == []


def test_a_model_looks_as_it_learnt_to(sealed, tmp_path, captioner):
    learnt = Captioner.load(tiny.write_bundle(tmp_path / "pooled", regions="pooled"))
    said = [learnt.describe_regions(patchwork()), captioner.describe_regions(patchwork(), way="pooled")]
    assert said[0] == said[1]
    assert captioner.describe_regions(patchwork()) == captioner.describe_regions(patchwork(), way="cropped")
    with pytest.raises(BundleError, match=r"'regions' in .* is 'guessed'; this version knows cropped and pooled"):
        Captioner.load(tiny.write_bundle(tmp_path / "other", regions="guessed"))


def test_a_whole_that_is_no_mean_cannot_be_pooled(tmp_path):
    folder = tiny.write_bundle(tmp_path / "odd")
    model = onnx.load(folder / "encoder.onnx")
    next(node for node in model.graph.node if node.output[0] == "whole").op_type = "ReduceMax"
    onnx.save(model, folder / "encoder.onnx")
    tiny.seal(folder)
    with pytest.raises(BundleError, match=r"cannot be pooled from what this model sees.*--way cropped"):
        Captioner.load(folder).describe_regions(patchwork(), way="pooled")
    one_cell = Features(np.ones((1, 2), np.float32), np.ones((1, 1, 2), np.float32), np.ones((1, 1), bool))
    with pytest.raises(BundleError, match="cannot be pooled"):
        pooled(one_cell, (1, 1), np.array([WHOLE]))


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        ([[0, 0, 2, 1]], "0, 0, 2, 1 is no box: .*as in 0.1,0.2,0.5,0.9"),
        ([[0, 0, 1, 1], [0.5, 0, 0.5, 1]], "0.5, 0, 0.5, 1 is no box"),
        ([[0, 0, float("nan"), 1]], "is no box"),
        ([[0, 0, 1]], "boxes are a list of x0, y0, x1, y1"),
        ([["a", 0, 1, 1]], "boxes are a list of x0, y0, x1, y1"),
    ],
)
def test_what_is_no_box_is_said(captioner, boxes, message):
    with pytest.raises(DataError, match=message):
        captioner.describe_regions(patchwork(), boxes)


def test_other_arguments_are_checked(captioner):
    with pytest.raises(SearchError, match="way='guessed': cropped or pooled"):
        captioner.describe_regions(patchwork(), way="guessed")
    with pytest.raises(SearchError, match="batch=0: 1 region"):
        captioner.describe_regions(patchwork(), batch=0)
    with pytest.raises(TypeError, match="no argument 'n' here"):
        captioner.describe_regions(patchwork(), n=2)
    with pytest.raises(PictureError, match=r"absent\.png"):
        captioner.describe_regions("absent.png")


def test_a_part_is_cut_from_the_picture_in_full(tmp_path):
    """Not from the small one: what is tiny in the photo has to be sharp when drawn up."""
    pixels = np.zeros((400, 400, 3), np.uint8)
    pixels[100:110, 100:105] = 255
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    part = open_picture(Part(tmp_path / "photo.png", (0.25, 0.25, 0.275, 0.275)), 8)
    assert (part[:, :3] > 200).all()
    assert (part[:, 5:] < 55).all()
    assert open_picture(Part(pixels, (0.25, 0.25, 0.275, 0.275))).shape == (10, 10, 3)
    assert open_picture(Part(pixels, (0.9999, 0, 1, 1e-6)), 4).shape == (4, 4, 3)
    assert str(Part(tmp_path / "photo.png", (0.25, 0, 1, 1))) == f"{tmp_path / 'photo.png'} (0.25, 0, 1, 1)"


def region(text, box, confidence):
    return Region(box, Sentence(text, tuple(text.split()), (-1.0,), confidence))


def test_of_two_that_say_the_same_of_one_place_the_surer_stays():
    left, near, right = (0, 0, 0.5, 1), (0.1, 0, 0.6, 1), (0.6, 0, 1, 1)
    given = [
        region("a dog", left, 0.2),
        region("a dog", near, 0.9),
        region("a dog", right, 0.1),
        region("a cat", near, 0.5),
        region("", near, 0.99),
    ]
    assert [(one.sentence.text, one.box) for one in telling(given)] == [
        ("a dog", near),
        ("a cat", near),
        ("a dog", right),
    ]
    assert len(telling(given, above=1)) == 4
    assert telling([]) == []


def test_without_calibration_the_likelier_words_are_surer():
    sure, unsure = Sentence("a", ("a",), (-0.1, -0.1)), Sentence("b", ("b",), (-2.0, -0.1))
    assert sureness(sure) == pytest.approx(np.exp(-0.1))
    assert sureness(sure) > sureness(unsure)
