import math
import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from watchword.encoders.roi_align import pooling_matrix, roi_align


def boxes_of(random, count):
    corners = np.sort(random.uniform(0, 1, (count, 2, 2)), 1)
    return corners.reshape(count, 4).astype(np.float32)


def between_cells(values, y, x):
    """The value of one map (H, L) at a point whose whole numbers are the middles of cells, in plain Python."""
    y, x = min(max(y, 0), values.shape[0] - 1), min(max(x, 0), values.shape[1] - 1)
    top, left = int(y), int(x)
    below, right = min(top + 1, values.shape[0] - 1), min(left + 1, values.shape[1] - 1)
    upper = values[top, left] * (1 - (x - left)) + values[top, right] * (x - left)
    lower = values[below, left] * (1 - (x - left)) + values[below, right] * (x - left)
    return upper * (1 - (y - top)) + lower * (y - top)


def plainly(values, box, points):
    """The mean of one map (H, L) in a box, point by point."""
    x0, y0, x1, y1 = box
    rows, columns = values.shape
    total = 0.0
    for i in range(points):
        for j in range(points):
            y, x = y0 + (y1 - y0) * (i + 0.5) / points, x0 + (x1 - x0) * (j + 0.5) / points
            total += between_cells(values, y * rows - 0.5, x * columns - 0.5)
    return total / points**2


@pytest.mark.parametrize(("shape", "points"), [((7, 7), 14), ((5, 9), 3), ((1, 4), 2), ((1, 1), 1)])
def test_it_is_the_mean_over_points(shape, points):
    random = np.random.default_rng(0)
    maps, boxes = random.normal(size=(2, 3, *shape)), np.stack([boxes_of(random, 4), boxes_of(random, 4)])
    found = roi_align(torch.from_numpy(maps), torch.from_numpy(boxes.astype(np.float64)), points)
    expected = [
        [[plainly(values, box, points) for values in one] for box in of] for one, of in zip(maps, boxes, strict=True)
    ]
    assert found.shape == (2, 4, 3)
    assert np.allclose(found, expected, atol=1e-9)


def test_it_is_that_of_torchvision():
    ops = pytest.importorskip("torchvision.ops")
    random = np.random.default_rng(0)
    maps, boxes = torch.from_numpy(random.normal(size=(2, 3, 7, 9))).float(), boxes_of(random, 12)
    sides = torch.tensor([9.0, 7.0, 9.0, 7.0])
    given = [torch.from_numpy(boxes[:6]) * sides, torch.from_numpy(boxes[6:]) * sides]
    expected = ops.roi_align(maps, given, output_size=7, sampling_ratio=2, aligned=True).mean((2, 3))
    found = roi_align(maps, torch.from_numpy(boxes).view(2, 6, 4))
    assert torch.allclose(found.flatten(0, 1), expected, atol=1e-5)


def test_fixed_boxes_are_one_matrix():
    random = np.random.default_rng(0)
    maps, boxes = torch.from_numpy(random.normal(size=(3, 5, 7, 6))).float(), boxes_of(random, 19)
    matrix = torch.from_numpy(pooling_matrix(boxes, (7, 6)))
    assert matrix.shape == (19, 42)
    assert matrix.dtype == torch.float32
    general = roi_align(maps, torch.from_numpy(boxes).expand(3, -1, -1))
    assert torch.allclose(matrix @ maps.flatten(2).transpose(1, 2), general, atol=1e-6)


def test_of_the_whole_picture_it_is_the_mean_of_the_cells():
    matrix = pooling_matrix(np.array([[0, 0, 1, 1]]), (7, 7))
    assert np.allclose(matrix, 1 / 49, atol=1e-6)


def test_weights_of_every_box_add_up_and_stay_inside_it():
    boxes = boxes_of(np.random.default_rng(1), 200)
    matrix = pooling_matrix(boxes, (8, 8)).reshape(200, 8, 8)
    assert np.allclose(matrix.sum((1, 2)), 1, atol=1e-5)
    assert (matrix >= 0).all()
    for (x0, y0, x1, y1), weights in zip(boxes, matrix, strict=True):
        rows, columns = np.flatnonzero(weights.sum(1)), np.flatnonzero(weights.sum(0))
        assert math.floor(y0 * 8 - 0.5) <= rows[0]
        assert rows[-1] <= math.ceil(y1 * 8 - 0.5)
        assert math.floor(x0 * 8 - 0.5) <= columns[0]
        assert columns[-1] <= math.ceil(x1 * 8 - 0.5)


def test_it_learns():
    maps, boxes = torch.rand(1, 2, 4, 4, requires_grad=True), torch.tensor([[[0.1, 0.2, 0.6, 0.9]]])
    roi_align(maps, boxes).sum().backward()
    assert maps.grad.sum().item() == pytest.approx(2)


class Graph(nn.Module):
    def forward(self, maps, boxes):
        return roi_align(maps, boxes)


def test_it_is_a_graph_for_any_number_of_photos(tmp_path):
    random = np.random.default_rng(0)

    def given(count):
        boxes = np.stack([boxes_of(random, 5) for _ in range(count)])
        return torch.from_numpy(random.normal(size=(count, 3, 7, 7))).float(), torch.from_numpy(boxes)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every shape it reads
        torch.onnx.export(
            Graph(),
            given(2),
            str(tmp_path / "r.onnx"),
            input_names=["maps", "boxes"],
            output_names=["regions"],
            dynamic_axes={name: {0: "B"} for name in ("maps", "boxes", "regions")},
            opset_version=17,
            dynamo=False,
        )
    session = onnxruntime.InferenceSession(str(tmp_path / "r.onnx"))
    for count in (1, 2, 5):
        maps, boxes = given(count)
        (found,) = session.run(None, {"maps": maps.numpy(), "boxes": boxes.numpy()})
        assert found.shape == (count, 5, 3)
        assert np.allclose(found, roi_align(maps, boxes), atol=1e-5)
