import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from watchword.core.errors import DataError, PictureError, SettingsError
from watchword.data.store import FeatureStore
from watchword.encoders import encoders
from watchword.encoders.crops import cropped
from watchword.encoders.proposals import proposals
from watchword.encoders.proposed_regions import ProposedCrops, ProposedRegions
from watchword.encoders.proposed_trunk import ProposedTrunk
from watchword.encoders.regions import CroppedRegions, PooledRegions, regions
from watchword.encoders.roi_align import roi_align
from watchword.training.graphs import EncoderGraph, write
from watchword.training.trunks import Trunk

SMALL = "vgg16:pretrained=false,size=64,channels=2,hidden=8"
INSIDE = SMALL.replace(",", "+")


class Brightest:
    """Proposes the two squares around the brightest pixels; of a black photo none. by_file: of paths, the letters."""

    fixed, name = None, "brightest"

    def __init__(self, by_file=False):
        self.by_file = by_file

    def propose(self, pixels, path=None):
        if self.by_file:
            if path is None:
                raise DataError("a path is needed")
            side = 1 / len(path.stem)
            return np.array([[0, 0, side, side]], np.float32), np.ones(1, np.float32)
        shades = pixels.sum(2)
        places = np.argsort(-shades, axis=None)[: 2 * bool(shades.max())]
        rows, columns = np.unravel_index(places, shades.shape)
        x, y = columns / shades.shape[1], rows / shades.shape[0]
        boxes = np.stack((x - 0.3, y - 0.3, x + 0.3, y + 0.3), 1).clip(0, 1).astype(np.float32)
        return boxes, np.ones(len(boxes), np.float32)


def built(name, frozen):
    torch.manual_seed(0)
    return encoders[name](frozen=frozen).eval()


def pictures(count, size=64):
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (count, size, size, 3), dtype=np.uint8)
    pixels[-1] = 0
    return pixels


def test_regions_are_pooled_from_one_look():
    inner, outer = built(SMALL, 6), built(f"regions:of={INSIDE},boxes=grid:levels=2x2-1x1", 6)
    assert isinstance(outer, PooledRegions)
    pixels = torch.from_numpy(pictures(3))
    with torch.inference_mode():
        expected, found = inner(pixels), outer(pixels)
    maps = expected.cells.transpose(1, 2).unflatten(2, inner.grid)
    assert torch.allclose(found.cells, roi_align(maps, outer.boxes.expand(3, -1, -1)), atol=1e-5)
    assert torch.equal(found.whole, expected.whole)
    assert found.mask.shape == (3, 5)
    assert found.mask.all()
    assert (outer.grid, outer.cells_width, outer.whole_width) == ((1, 5), inner.cells_width, inner.whole_width)
    assert torch.allclose(outer.classify(found), inner.classify(expected))


def test_kept_features_serve_the_encoder_with_regions_and_without():
    inner, outer = built(SMALL, 6), built(f"regions:of={INSIDE}", 6)
    assert outer.key == inner.key
    assert len(outer.boxes) == 19
    pixels = torch.from_numpy(pictures(2))
    with torch.inference_mode():
        assert torch.equal(outer.trunk(pixels), inner.trunk(pixels))


def test_its_weights_are_those_of_the_encoder_and_its_boxes():
    outer = built(f"regions:of={INSIDE}", 6)
    assert {name for name in outer.state_dict() if not name.startswith("encoder.")} == {"boxes", "matrix"}
    proposed = ProposedRegions(built(SMALL, 6), Brightest(), 3)
    crops = ProposedCrops(built(SMALL, 6), Brightest(), 3)
    assert all(name.startswith("encoder.") for each in (proposed, crops) for name in each.state_dict())


def test_crops_are_looked_at_one_by_one():
    inner, outer = built(SMALL, 6), built(f"regions:of={INSIDE},way=cropped,boxes=grid:levels=2x2", 6)
    assert isinstance(outer, CroppedRegions)
    pixels = torch.from_numpy(pictures(3))
    with torch.inference_mode():
        found, whole = outer.top(outer.trunk(pixels)), inner(pixels).whole
        crops = cropped(pixels, outer.boxes.expand(3, -1, -1))
        expected = torch.stack([inner(crops[:, i]).whole for i in range(4)], 1)
    assert torch.allclose(found.cells, expected, atol=1e-5)
    assert torch.allclose(found.whole, whole, atol=1e-5)
    assert found.mask.all()
    assert (outer.grid, outer.cells_width) == ((1, 4), 8)
    assert not any(weight.requires_grad for weight in outer.parameters())


def test_crops_are_filed_under_all_weights_and_their_boxes():
    def key(boxes="grid", frozen=6, change=0.0):
        outer = built(f"regions:of={INSIDE},way=cropped,boxes={boxes}", frozen)
        outer.encoder.classifier[-1].weight.data.add_(change)
        return outer.key

    keys = {key(), key("grid:levels=2x2"), key(change=0.5), built(f"regions:of={INSIDE}", 6).key}
    assert len(keys) == 4
    assert key() in keys
    assert not set("".join(keys)) & set("/\\:,= ")


@pytest.mark.parametrize("way", ["pooled", "cropped"])
def test_fixed_boxes_are_part_of_the_graph(way, tmp_path):
    outer = built(f"regions:of={INSIDE},way={way},boxes=grid:levels=2x2", 6)
    write(
        EncoderGraph(outer),
        (torch.from_numpy(pictures(2)),),
        tmp_path / "e.onnx",
        ["pixels"],
        ["whole", "cells", "mask", "labels"],
        half=False,
    )
    session = onnxruntime.InferenceSession(str(tmp_path / "e.onnx"))
    for count in (1, 3):
        pixels = pictures(count)
        found = session.run(None, {"pixels": pixels})
        with torch.inference_mode():
            expected = outer(torch.from_numpy(pixels))
        assert all(np.allclose(a, b, rtol=1e-3, atol=1e-4) for a, b in zip(found, expected, strict=False))
        assert found[1].shape == (count, 4, outer.cells_width)


@pytest.mark.parametrize("kind", [ProposedRegions, ProposedCrops])
def test_boxes_may_differ_from_photo_to_photo(kind):
    inner = built(SMALL, 6)
    outer, pixels = kind(inner, Brightest(), 3), pictures(3)
    with torch.inference_mode():
        rows = outer.trunk(torch.from_numpy(pixels))
        features, boxes = outer.top(rows), outer.boxes_in(rows)
    assert features.mask.tolist() == [[True, True, False], [True, True, False], [False] * 3]
    assert features.cells.shape == (3, 3, outer.cells_width)
    assert (features.cells[~features.mask] == 0).all()
    for i, picture in enumerate(pixels[:2]):
        alone = Brightest().propose(picture)[0]
        assert np.allclose(boxes[i, :2], alone)
        fixed = (PooledRegions if kind is ProposedRegions else CroppedRegions)(inner, alone)
        with torch.inference_mode():
            expected = fixed(torch.from_numpy(picture)[None])
        assert torch.allclose(features.cells[i, :2], expected.cells[0], atol=1e-5)
        assert torch.allclose(features.whole[i], expected.whole[0], atol=1e-5)


@pytest.mark.parametrize("kind", [ProposedRegions, ProposedCrops])
def test_what_is_kept_is_what_the_trunk_sees(kind):
    """Looked at by ONNX Runtime, a few pictures at a time."""
    outer, pixels = kind(built(SMALL, 6), Brightest(), 3), pictures(3)
    trunk, looks = Trunk(outer.looking), []
    kept = ProposedTrunk(outer, lambda given: (looks.append(len(given)), trunk(given))[1], batch=2)
    looks.clear()
    rows = kept(pixels)
    with torch.inference_mode():
        expected = outer.trunk(torch.from_numpy(pixels))
    assert rows.shape == (3, *kept.shape) == expected.shape
    assert np.allclose(rows, expected, rtol=1e-3, atol=1e-4)
    assert looks == ([2, 1] if kind is ProposedRegions else [2] * 6)


@pytest.mark.parametrize("by_file", [False, True])
def test_rows_are_stored_under_their_photos(tmp_path, by_file):
    outer = ProposedRegions(built(SMALL, 6), Brightest(by_file), 3)
    kept = ProposedTrunk(outer, Trunk(outer.looking))
    store, told = FeatureStore(tmp_path / "features", kept.shape), []
    paths = [tmp_path / name for name in ("a.png", "bb.png", "cccc.png", "bb.png")]
    from PIL import Image

    for path, picture in zip(paths, pictures(3), strict=False):
        Image.fromarray(picture).save(path)
    keys = kept.fill(store, paths, progress=lambda done, total: told.append((done, total)))
    assert (len(set(keys)), keys[1], len(store)) == (3, keys[3], 3)
    assert told[-1] == (4, 4)
    boxes = outer.boxes_in(torch.from_numpy(store.rows(keys).astype(np.float32)))
    if by_file:
        assert boxes[:, 0, 2].tolist() == [1, 0.5, 0.25, 0.5]
    else:
        assert np.allclose(boxes[0, :2], Brightest().propose(pictures(3)[0])[0], atol=1e-3)
    with pytest.raises(PictureError, match=r"none\.png"):
        kept.fill(store, [tmp_path / "none.png"])


class Given(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, pixels, boxes):
        return self.encoder(pixels, boxes)


@pytest.mark.parametrize("kind", [ProposedRegions, ProposedCrops])
def test_a_graph_takes_boxes_that_were_proposed_outside(kind, tmp_path):
    outer = kind(built(SMALL, 6), Brightest(), 3)
    pixels = torch.from_numpy(pictures(2))
    with pytest.raises(SettingsError, match="no part of a graph; take boxes=grid"):
        write(EncoderGraph(outer), (pixels,), tmp_path / "e.onnx", ["pixels"], ["whole", "cells", "mask"], half=False)
    boxes = torch.from_numpy(outer.boxes_for(pixels.numpy()))
    names = ["pixels", "boxes"], ["whole", "cells", "mask"]
    write(Given(outer), (pixels, boxes), tmp_path / "e.onnx", *names, half=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "e.onnx"))
    pixels = torch.from_numpy(pictures(3))
    boxes = torch.from_numpy(outer.boxes_for(pixels.numpy()))
    found = session.run(None, {"pixels": pixels.numpy(), "boxes": boxes.numpy()})
    with torch.inference_mode():
        expected = outer(pixels)
    assert np.allclose(found[1], expected.cells, rtol=1e-3, atol=1e-4)
    assert np.array_equal(found[2], expected.mask)


def test_what_learns_gets_a_gradient_through_the_boxes():
    outer = ProposedRegions(built(SMALL, 6), Brightest(), 3)
    outer(torch.from_numpy(pictures(2))).cells.square().sum().backward()
    convolutions = list(outer.encoder.features.parameters())
    assert [weight.grad is not None for weight in convolutions] == [weight.requires_grad for weight in convolutions]
    assert any(weight.requires_grad for weight in convolutions)


def test_names_lead_to_every_way(tmp_path):
    file = tmp_path / "boxes.json"
    file.write_text('{"a": {"width": 10, "height": 10, "boxes": [{"bbox": [0, 0, 5, 5]}]}}')
    forms = {
        f"regions:of={INSIDE}": (PooledRegions, 19),
        f"regions:of={INSIDE},way=cropped,boxes=grid:levels=2x2+overlap=0": (CroppedRegions, 4),
        f"regions:of={INSIDE},boxes=from_file:file={file},count=5": (ProposedRegions, 5),
        f"regions:of={INSIDE},boxes=from_file:file={file},way=cropped": (ProposedCrops, 19),
    }
    for name, (kind, count) in forms.items():
        outer = built(name, 6)
        assert type(outer) is kind
        assert outer.grid == (1, count)
    keys = [built(name, 6).key for name in forms]
    assert len(set(keys)) == len(forms)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"regions:of={INSIDE}+cells=whole", "has no grid of cells to pool regions from: .* way=cropped"),
        ("regions:of=from_file", "no grid of cells"),
        ("regions:way=both", "regions:way='both': one of pooled, cropped"),
        ("regions:of=vgg17", "no encoder named 'vgg17'"),
        ("regions:of=plain_cnn:dept=3", "'plain_cnn' has no option 'dept'"),
        ("regions:of=plain_cnn,boxes=gird", "no proposals named 'gird'"),
    ],
)
def test_what_is_not_right_is_said(name, message):
    with pytest.raises(Exception, match=message) as problem:
        encoders[name]()
    assert type(problem.value).__module__ == "watchword.core.errors"


def test_it_freezes_what_the_encoder_freezes_by_itself():
    assert regions(of="plain_cnn").cut == 0
    assert regions(of="efficientnet_lite0:pretrained=false").cut == 18


def test_boxes_are_judged_by_an_encoder_that_does_not_learn():
    pytest.importorskip("cv2")
    outer = encoders["regions:of=efficientnet_lite0:pretrained=false,boxes=selective:score=pooled,count=4"](frozen=0)
    assert isinstance(outer, ProposedRegions)
    judged = outer.proposals.score
    pixels, boxes = pictures(1, 224)[0], proposals["grid"]().fixed
    before = judged(pixels, boxes)
    with torch.no_grad():
        for weight in outer.parameters():
            weight.add_(0.1)
    assert np.array_equal(judged(pixels, boxes), before)
