import base64
import io

import numpy as np
import pytest
from PIL import Image

from watchword.cli.thumbnails import data_uri, thumbnail
from watchword.core.errors import PictureError


@pytest.mark.parametrize(("size", "expected"), [((900, 600), (120, 80)), ((600, 900), (80, 120)), ((50, 20), (50, 20))])
def test_proportions_stay_and_small_photos_are_not_blown_up(tmp_path, size, expected):
    Image.new("RGB", size).save(tmp_path / "x.jpg")
    assert thumbnail(tmp_path / "x.jpg", 120).size == expected


def test_photos_stand_upright(tmp_path):
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:, 40:] = 255
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "x.png", exif=turned)
    small = np.asarray(thumbnail(tmp_path / "x.png", 40))
    assert small.shape == (40, 20, 3)
    assert small[:15].max() < 10
    assert small[25:].min() > 245


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK", "P", "I;16"])
def test_every_mode_becomes_rgb(tmp_path, mode):
    Image.new(mode, (30, 30)).save(tmp_path / "x.tif")
    assert thumbnail(tmp_path / "x.tif", 20).mode == "RGB"


def test_what_is_no_photo_is_an_error(tmp_path):
    with pytest.raises(PictureError, match=r"absent\.jpg' does not exist"):
        thumbnail(tmp_path / "absent.jpg", 20)


def test_a_data_uri_holds_a_jpeg():
    head, _, body = data_uri(Image.new("RGB", (30, 20))).partition(",")
    assert head == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(body))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (30, 20))


def test_a_small_photo_that_is_cut_off_is_a_picture_error(tmp_path):
    Image.effect_noise((40, 40), 80).save(tmp_path / "x.png")
    (tmp_path / "x.png").write_bytes((tmp_path / "x.png").read_bytes()[:400])
    with pytest.raises(PictureError, match=r"x\.png' is damaged"):
        thumbnail(tmp_path / "x.png", 120)
