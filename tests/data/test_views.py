import numpy as np
import pytest

from tests.data.photographs import CORNERS, near, scene
from watchword.data.views import Shown, moved, shown, view

PHOTO = np.asarray(scene(40, 40))
MIRRORED = (CORNERS[1], CORNERS[0], CORNERS[3], CORNERS[2])


def test_the_first_view_is_the_photo_and_the_second_its_mirror():
    np.testing.assert_array_equal(view(PHOTO, 0), PHOTO)
    np.testing.assert_array_equal(view(PHOTO, 1), PHOTO[:, ::-1])
    assert near(view(PHOTO, 1), MIRRORED)


@pytest.mark.parametrize("number", range(2, 8))
def test_further_views_are_crops_every_second_one_mirrored(number):
    made = view(PHOTO, number)
    assert made.shape == PHOTO.shape
    assert made.dtype == np.uint8
    assert not np.array_equal(made, PHOTO)
    assert near(made, MIRRORED if number % 2 else CORNERS, within=20)


def test_views_are_the_same_in_every_run_and_differ_between_photos():
    noise = np.random.default_rng(0).integers(0, 256, (2, 30, 30, 3), dtype=np.uint8)
    np.testing.assert_array_equal(view(noise[0], 4), view(noise[0].copy(), 4))
    assert not np.array_equal(view(noise[0], 2), view(noise[0], 4))
    assert not np.array_equal(view(noise[0], 2), view(noise[1], 2))


BOXES = np.array([[0.1, 0.2, 0.4, 0.9], [0.7, 0, 1, 0.3], [0, 0, 0.02, 0.02], [0, 0, 0, 0]], np.float32)


def test_boxes_are_mirrored_with_their_photo():
    where = moved(BOXES, shown(PHOTO, 1))
    assert np.allclose(where, [[0.6, 0.2, 0.9, 0.9], [0, 0, 0.3, 0.3], [0.98, 0, 1, 0.02], [0, 0, 0, 0]], atol=1e-6)
    assert where.dtype == np.float32
    assert np.array_equal(moved(BOXES, shown(PHOTO, 0)), BOXES)


@pytest.mark.parametrize("number", range(1, 8))
def test_a_box_holds_in_every_view_what_it_held_in_the_photo(number):
    """The middle of a bright square stays in the middle of its box, wherever view and box moved."""
    pixels = np.zeros((200, 200, 3), np.uint8)
    pixels[100:120, 60:80] = 255
    where = moved(np.array([[0.3, 0.5, 0.4, 0.6]]), shown(pixels, number))[0]
    rows, columns = np.nonzero(view(pixels, number)[:, :, 0] > 127)
    found = [columns.min() / 200, rows.min() / 200, (columns.max() + 1) / 200, (rows.max() + 1) / 200]
    assert np.allclose(where, found, atol=0.01)


def test_of_a_box_outside_the_crop_nothing_is_left():
    seen = Shown((0.1, 0.1, 0.9, 0.9))
    assert np.array_equal(moved(np.array([[0, 0, 0.1, 1], [0, 0, 0.5, 0.5]]), seen)[0], np.zeros(4))
    assert np.allclose(moved(np.array([[0, 0, 0.5, 0.5]]), seen), [[0, 0, 0.5, 0.5]])
