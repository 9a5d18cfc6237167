import numpy as np
import pytest
from PIL import Image

from tests.data.photographs import CORNERS, encoded, near, scene
from watchword.core.errors import PictureError
from watchword.data.colours import to_rgb
from watchword.data.pictures import open_picture

WHITE = (255, 255, 255)


def grey(level: float) -> list[tuple[int, int, int]]:
    return [(round(level),) * 3] * 4


def test_cmyk_as_adobe_writes_it_with_inks_inverted():
    data = encoded(scene().convert("CMYK"), "JPEG", quality=95)
    assert b"Adobe" in data
    assert near(open_picture(data))
    assert near(open_picture(data, 32))
    assert near(open_picture(encoded(scene().convert("CMYK"), "TIFF")))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "YCbCr", "HSV", "PA", "RGBX", "RGBa", "LAB"])
def test_every_mode_becomes_rgb(mode):
    image = Image.new("RGB", (20, 10), WHITE).convert("RGBA" if mode == "RGBa" else "RGB")
    image = image.convert("L").convert(mode) if mode in ("LA", "PA") else image.convert(mode)
    assert to_rgb(image).mode == "RGB"
    assert open_picture(image).shape == (10, 20, 3)
    assert near(open_picture(image), [WHITE] * 4, within=1)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_cut(kind):
    shades = np.full((48, 64), 0x8000, np.uint16)
    shades[:24] = 0x0100
    pixels = open_picture(encoded(Image.fromarray(shades), kind))
    assert near(pixels, [(1,) * 3, (1,) * 3, (128,) * 3, (128,) * 3], within=1)


@pytest.mark.parametrize(
    ("mode", "value", "level"),
    [
        ("I", 65535, 255),
        ("I", 300, 1),
        ("I", -5, 0),
        ("I", 10**9, 255),
        ("F", 0.5, 128),
        ("F", 100.0, 100),
        ("F", 65535.0, 255),
        ("F", 1e9, 255),
        ("F", float("nan"), 0),
        ("F", float("inf"), 0),
    ],
)
def test_deep_and_floating_shades(mode, value, level):
    assert near(open_picture(Image.new(mode, (16, 16), value)), grey(level), within=1)


def test_palette_with_transparency_shows_white():
    image = scene().quantize(8)
    index = image.getpixel((0, 0))
    for transparency in (index, bytes(0 if i == index else 255 for i in range(8))):
        pixels = open_picture(encoded(image, "PNG", transparency=transparency))
        assert near(pixels, (WHITE, *CORNERS[1:]))
    assert near(open_picture(encoded(image, "GIF", transparency=index)), (WHITE, *CORNERS[1:]))


def test_one_colour_declared_transparent_shows_white():
    assert near(open_picture(encoded(scene(), "PNG", transparency=CORNERS[0])), (WHITE, *CORNERS[1:]))
    grey_scene = scene().convert("L")
    pixels = open_picture(encoded(grey_scene, "PNG", transparency=grey_scene.getpixel((0, 0))))
    assert tuple(pixels[0, 0]) == WHITE


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_half_transparent_is_mixed_with_white(kind):
    image = Image.new("RGBA", (16, 16), (0, 0, 0, 51))
    assert near(open_picture(encoded(image, kind)), grey(204), within=2)
    assert near(open_picture(encoded(image, kind), 8), grey(204), within=2)


def test_a_mode_that_cannot_be_shown_is_explained():
    with pytest.raises(PictureError, match=r"mode=La .*cannot be read: conversion from La"):
        open_picture(Image.new("LA", (8, 8)).convert("La"))
