import numpy as np
import pytest
from PIL import Image

from watchword.cli.heat import grid_of, overlay, stretched


def test_cells_that_lie_in_no_grid_are_one_row():
    assert grid_of(6, (2, 3)) == (2, 3)
    assert grid_of(6, None) == (1, 6)


def test_each_word_is_stretched_for_itself():
    shades = stretched(np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]], np.float32))
    np.testing.assert_allclose(shades, [[0, 1 / 6, 1], [1, 0, 0]], atol=1e-6)
    assert shades.dtype == np.float32


@pytest.mark.parametrize("row", [[0.25] * 4, [0.251, 0.249, 0.25, 0.25]])
def test_a_word_that_looked_everywhere_shows_nothing(row):
    assert not stretched(np.array([row], np.float32)).any()


@pytest.mark.parametrize("size", [(60, 40), (1, 1), (3, 200)])
def test_the_photo_is_bright_where_it_was_looked_at(size):
    photo = Image.new("RGB", size, (100, 150, 100))
    drawn = np.asarray(overlay(photo, np.array([[1.0, 0.0], [0.0, 0.0]], np.float32)), np.float32)
    assert drawn.shape == (size[1], size[0], 3)
    assert drawn[0, 0].sum() >= drawn[-1, -1].sum()
    if size == (60, 40):
        assert drawn[0, 0].sum() > 2 * drawn[-1, -1].sum()
        assert drawn[0, 0, 0] > drawn[0, 0, 2]  # warm
