import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from watchword.core.errors import PictureError
from watchword.data.picture_arrays import array_to_rgb
from watchword.data.pictures import open_picture


@pytest.mark.parametrize("shape", [(6, 8), (6, 8, 1), (6, 8, 3), (6, 8, 4)])
@pytest.mark.parametrize(
    ("dtype", "top"), [("uint8", 255), ("uint16", 65535), ("float32", 1), ("float64", 1), ("bool", 1)]
)
def test_shapes_and_types(shape, dtype, top):
    white = np.full(shape, top, dtype)
    for pixels in (array_to_rgb(white), open_picture(white)):
        assert pixels.shape == (6, 8, 3)
        assert pixels.dtype == np.uint8
        assert (pixels == 255).all()


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=9).map(lambda hw: (*hw, 3))))
def test_bytes_come_back_however_they_are_held(pixels):
    np.testing.assert_array_equal(array_to_rgb(pixels), pixels)
    np.testing.assert_array_equal(array_to_rgb(pixels.astype(np.uint16) * 257), pixels)
    np.testing.assert_array_equal(array_to_rgb(pixels.astype(np.float64) / 255), pixels)
    np.testing.assert_array_equal(array_to_rgb(pixels[::-1, ::-1]), pixels[::-1, ::-1])


@given(st.integers(0, 255), st.integers(0, 255))
def test_alpha_lies_over_white(shade, alpha):
    pixel = np.array([[[shade, shade, shade, alpha]]], np.uint8)
    assert array_to_rgb(pixel)[0, 0, 0] == pytest.approx((shade * alpha + 255 * (255 - alpha)) / 255, abs=1)


def test_the_array_given_is_not_written_to():
    given_pixels = np.full((4, 4), 7, np.uint8)
    array_to_rgb(given_pixels)[:] = 0
    assert (given_pixels == 7).all()


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((3, 40, 60)), r"this one is \(3, 40, 60\); its channels come first: pass array.transpose\(1, 2, 0\)"),
        (np.zeros((2, 40, 60, 3)), r"several pictures: pass them one by one, as list\(array\)"),
        (np.zeros(9), r"this one is \(9,\); see numpy.reshape"),
        (np.zeros((8, 8, 2)), r"this one is \(8, 8, 2\)"),
        (np.zeros((0, 8, 3)), r"shape \(0, 8, 3\) holds no pixel"),
        (np.zeros((8, 8), np.int64), r"this one is int64; .* pass array.astype\('uint8'\)"),
        (np.zeros((8, 8), complex), "this one is complex128"),
        (np.array([["a"]]), "this one is <U1"),
        (np.full((8, 8), 200.0), "goes from 200 to 200; if its values are 0 to 255"),
        (np.full((8, 8), -0.5), "goes from -0.5 to -0.5"),
        (np.full((8, 8), np.nan), "goes from nan to nan"),
    ],
)
def test_an_array_that_could_mean_several_things_is_refused(array, message):
    with pytest.raises(PictureError, match=message):
        open_picture(array)
