import io
import os

import numpy as np
import pytest
from PIL import Image

from tests.data.photographs import CORNERS, encoded, near, scene, write
from watchword.core.errors import PictureError
from watchword.data.pictures import open_picture

RED, GREEN, BLUE, YELLOW = CORNERS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "JPEG2000"])
def test_every_way_of_giving_a_picture_gives_the_same_pixels(tmp_path, kind):
    path = write(tmp_path, "scene", kind=kind)
    pixels = open_picture(path)
    assert pixels.shape == (48, 64, 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.writeable
    assert near(pixels)
    with Image.open(path) as image:
        for source in (str(path), path.read_bytes(), image, pixels):
            np.testing.assert_array_equal(open_picture(source), pixels)


def test_content_decides_and_the_extension_does_not(tmp_path):
    assert near(open_picture(write(tmp_path, "really_a_png.jpg", kind="PNG")))
    assert near(open_picture(write(tmp_path, "really_a_jpeg.txt", kind="JPEG")))


@pytest.mark.parametrize(
    "name", ["two words.jpg", "new\nline.jpg", "\U0001f415 déjà vu.jpg", "[red]markup[/red].jpg", "-x"]
)
def test_names_of_any_kind(tmp_path, name):
    assert near(open_picture(write(tmp_path, name)))


@pytest.mark.skipif(os.name != "posix", reason="such names exist on POSIX only")
def test_a_name_that_is_not_unicode_is_opened_and_named(tmp_path):
    path = write(tmp_path, os.fsdecode(b"caf\xe9.jpg"))
    assert near(open_picture(path))
    path.write_bytes(b"")
    with pytest.raises(PictureError, match="is empty") as caught:
        open_picture(path)
    str(caught.value).encode("utf-8")  # can be printed


TURNS = {
    1: (RED, GREEN, BLUE, YELLOW),
    2: (GREEN, RED, YELLOW, BLUE),
    3: (YELLOW, BLUE, GREEN, RED),
    4: (BLUE, YELLOW, RED, GREEN),
    5: (RED, BLUE, GREEN, YELLOW),
    6: (BLUE, RED, YELLOW, GREEN),
    7: (YELLOW, GREEN, BLUE, RED),
    8: (GREEN, YELLOW, RED, BLUE),
}


@pytest.mark.parametrize("size", [None, 32])
@pytest.mark.parametrize("orientation", TURNS)
def test_photos_are_turned_as_the_camera_was_held(orientation, size):
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = open_picture(encoded(scene(), exif=exif), size)
    turned = orientation >= 5
    assert pixels.shape == ((64, 48, 3) if turned else (48, 64, 3)) if size is None else (32, 32, 3)
    assert near(pixels, TURNS[orientation])


@pytest.mark.filterwarnings("ignore")  # Pillow warns of it, too
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0II*\0\xff\xff\xff\xff"]
)
def test_damaged_exif_does_not_lose_the_photo(exif):
    assert near(open_picture(encoded(scene(), exif=exif)))


@pytest.mark.parametrize("orientation", [0, 9, 65535, (6, 6), "up"])
def test_an_orientation_that_is_none_is_upright(orientation):
    image = scene()
    image.getexif()[0x0112] = orientation
    assert near(open_picture(image))


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_of_an_animation_the_first_frame_is_taken(kind):
    later = [Image.new("RGB", (64, 48), shade) for shade in ("black", "white")]
    moving = encoded(scene(), kind, save_all=True, append_images=later)
    assert Image.open(io.BytesIO(moving)).n_frames == 3
    assert near(open_picture(moving))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 500), (500, 1), (1, 30_000), (30_000, 1), (30_000, 300)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_of_extreme_shape(width, height, kind):
    data = encoded(Image.new("RGB", (width, height), RED), kind)
    assert open_picture(data).shape == (height, width, 3)
    pixels = open_picture(data, 224)
    assert pixels.shape == (224, 224, 3)
    assert np.abs(pixels.astype(int) - RED).max() <= 3


def test_a_picture_of_the_wanted_size_is_left_as_it_is():
    data = encoded(scene(224, 224))
    np.testing.assert_array_equal(open_picture(data, 224), open_picture(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_shrinking_at_the_decoder_changes_no_shade_by_much(kind):
    grain = np.random.default_rng(0).normal(0, 12, (1200, 1600, 3))
    photo = Image.fromarray((np.asarray(scene(1600, 1200)) + grain).clip(0, 255).astype(np.uint8))
    data = encoded(photo, kind)
    fast = open_picture(data, 224).astype(int)
    slow = np.asarray(Image.fromarray(open_picture(data)).resize((224, 224), Image.Resampling.BILINEAR)).astype(int)
    inside = np.ones((224, 224), bool)
    inside[:, 110:114] = inside[110:114] = False  # the sharp edges between the quarters
    assert np.abs(fast - slow)[inside].max() <= 12
    assert np.abs(fast - slow)[inside].mean() < 1.5


def test_pictures_of_any_kind_become_squares_of_one_size(tmp_path):
    path = write(tmp_path, "a.jpg", scene(100, 20))
    for source in (path, path.read_bytes(), scene(7, 9), np.asarray(scene(30, 30))):
        pixels = open_picture(source, 24)
        assert (pixels.shape, pixels.dtype) == ((24, 24, 3), np.uint8)
        assert near(pixels)


def test_an_image_given_by_the_caller_is_not_changed():
    image = Image.open(io.BytesIO(encoded(scene(900, 600))))
    open_picture(image, 24)
    assert image.size == (900, 600)


def test_a_lazy_image_that_turns_out_damaged(tmp_path):
    data = encoded(scene(300, 300), "PNG")
    (tmp_path / "cut.png").write_bytes(data[: len(data) // 2])
    message = r"PngImageFile.* cannot be read: .*; give it loaded, or give its path"
    with Image.open(tmp_path / "cut.png") as image, pytest.raises(PictureError, match=message):
        open_picture(image)


def test_something_that_is_no_picture_at_all():
    with pytest.raises(PictureError, match="a path, bytes, a PIL image or an array; this is of type dict"):
        open_picture({})
