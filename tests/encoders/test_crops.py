import numpy as np
import torch
from PIL import Image

from watchword.encoders.crops import cropped


def test_the_whole_picture_is_itself():
    pixels = torch.randint(0, 256, (2, 9, 7, 3), dtype=torch.uint8)
    found = cropped(pixels, torch.tensor([[0.0, 0, 1, 1]]).expand(2, 1, 4))
    assert found.shape == (2, 1, 9, 7, 3)
    assert torch.equal(found[:, 0], pixels)


def test_a_box_is_drawn_up_as_pillow_draws_it():
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    boxes = np.array([[[0, 0, 0.5, 0.5], [0.25, 0.125, 1, 0.75]], [[0.5, 0, 1, 1], [0.5, 0.5, 0.75, 0.75]]])
    found = cropped(torch.from_numpy(pixels), torch.from_numpy(boxes).float()).numpy()
    assert found.dtype == np.uint8
    for picture, of, crops in zip(pixels, boxes, found, strict=True):
        for box, crop in zip(of, crops, strict=True):
            expected = Image.fromarray(picture).resize((32, 32), Image.Resampling.BILINEAR, box=tuple(box * 32))
            # At a box's edge Pillow reads nothing from outside it, where here the next pixel counts.
            inner = np.abs(crop.astype(int) - np.asarray(expected))[4:-4, 4:-4]
            assert inner.max() <= 1


def test_a_box_without_area_is_one_shade():
    pixels = torch.randint(0, 256, (1, 8, 8, 3), dtype=torch.uint8)
    found = cropped(pixels, torch.zeros(1, 1, 4))
    assert (found == pixels[0, 0, 0]).all()
