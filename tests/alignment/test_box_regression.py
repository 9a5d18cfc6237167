"""What draws boxes: where it begins, what it may never draw, and that it learns."""

import numpy as np
import pytest
import torch

from watchword.alignment.box_regression import BoxRegression
from watchword.training.box_learning import Drawn, generalized_iou, learn_boxes

QUARTERS = np.array([[0, 0, 1, 1], [0, 0, 0.5, 0.5], [0.5, 0, 1, 0.5], [0, 0.5, 0.5, 1], [0.5, 0.5, 1, 1]], np.float32)
WIDTH = 6


def asked(count, seed=0):
    """Random similarities, words and regions."""
    torch.manual_seed(seed)
    return torch.randn(count, 5), torch.randn(count, WIDTH), torch.randn(count, 5, WIDTH)


def test_it_begins_between_the_regions_that_fit():
    fresh = BoxRegression(QUARTERS, WIDTH).eval()
    similarities, words, regions = asked(7)
    fits = (similarities - similarities.mean(1, keepdim=True)) / similarities.std(1, correction=0, keepdim=True)
    assert torch.allclose(fresh(similarities, words, regions), (fits / 0.25).softmax(1) @ fresh.boxes, atol=1e-5)
    again = fresh(3 * similarities + 2, 5 * words, regions)  # how large they are says nothing
    assert torch.allclose(again, fresh(similarities, words, regions), atol=1e-5)


def test_it_draws_boxes_inside_the_picture_whatever_it_learnt():
    wild = BoxRegression(QUARTERS, WIDTH).eval()
    for seed in range(20):
        similarities, words, regions = asked(50, seed)
        with torch.no_grad():
            for parameter in wild.parameters():
                parameter.normal_(std=10)
            x0, y0, x1, y1 = wild(similarities, words, regions).unbind(1)
        assert ((x0 >= 0) & (x0 < x1) & (x1 <= 1) & (y0 >= 0) & (y0 < y1) & (y1 <= 1)).all()
    flat = wild(torch.ones(2, 5), torch.zeros(2, WIDTH), torch.zeros(2, 5, WIDTH))  # words that fit nothing, or all
    assert torch.isfinite(flat).all()


def naive(a, b):
    width, height = (max(0.0, min(a[2 + i], b[2 + i]) - max(a[i], b[i])) for i in (0, 1))
    union = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)) - width * height
    around = (max(a[2], b[2]) - min(a[0], b[0])) * (max(a[3], b[3]) - min(a[1], b[1]))
    return width * height / union - (around - union) / around


def test_generalized_iou_is_that_of_each_pair():
    random = np.random.default_rng(0)
    boxes = np.sort(random.uniform(0, 1, (80, 2, 2)), 1).reshape(80, 4).astype(np.float32)
    found = generalized_iou(torch.from_numpy(boxes[:20]), torch.from_numpy(boxes[20:]).reshape(20, 3, 4))
    assert found.shape == (20, 3)
    expected = [[naive(boxes[n], boxes[20 + 3 * n + k]) for k in range(3)] for n in range(20)]
    assert np.allclose(found.numpy(), expected, atol=1e-4)
    assert found.min() < 0
    assert found.max() > 0.1


@pytest.fixture
def drawn():
    """Words of two sizes in one of the quarters: the word says which size, the similarities say where."""
    random = np.random.default_rng(0)
    count, size = 600, random.integers(0, 2, 600)
    quarter = random.integers(1, 5, count)
    similarities = random.normal(0, 0.2, (count, 5)).astype(np.float32)
    similarities[np.arange(count), quarter] += 2
    words = np.eye(WIDTH, dtype=np.float32)[size]
    middle = (QUARTERS[quarter, :2] + QUARTERS[quarter, 2:]) / 2
    side = np.where(size, 0.4, 0.15)[:, None] / 2
    boxes = [np.array([box, [0.0, 0.0, 0.01, 0.01]]) for box in np.concatenate([middle - side, middle + side], 1)]
    regions = np.zeros((1, 5, WIDTH), np.float32)
    return Drawn(
        similarities, words, np.zeros(count, np.int64), regions, boxes[:300] + [box[:1] for box in boxes[300:]]
    )


def overlap(model, drawn):
    given = map(torch.from_numpy, (drawn.similarities, drawn.words, drawn.regions[drawn.photo]))
    with torch.no_grad():
        found = model(*given)
    return generalized_iou(found, torch.tensor(np.stack([each[:1] for each in drawn.boxes]), dtype=torch.float32))


def test_it_learns_how_large_a_thing_is(drawn):
    torch.manual_seed(0)
    model = BoxRegression(QUARTERS, WIDTH).eval()
    before = overlap(model, drawn).mean()
    learn_boxes(model, drawn)
    assert not model.training
    assert overlap(model, drawn).mean() > 0.6 > before + 0.2


def test_it_learns_the_same_every_time_and_leaves_others_chances_alone(drawn):
    found = []
    for begun in (1, 2):
        torch.manual_seed(0)
        model = BoxRegression(QUARTERS, WIDTH)
        torch.manual_seed(begun)
        drawn_before = torch.random.get_rng_state()
        learn_boxes(model, drawn)
        assert torch.equal(torch.random.get_rng_state(), drawn_before)
        found.append(model.inner.weight.detach().clone())
    assert torch.equal(*found)
