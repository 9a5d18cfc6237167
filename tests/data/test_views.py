import numpy as np
import pytest

from tests.data.photographs import CORNERS, near, scene
from watchword.data.views import view

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
