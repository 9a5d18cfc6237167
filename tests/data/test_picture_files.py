import contextlib
import io
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.data.photographs import encoded, jpeg_claiming, near, png_claiming, scene, write
from watchword.core.errors import PictureError
from watchword.data import picture_files
from watchword.data.hashes import content_hash
from watchword.data.pictures import open_picture

WHOLE = {kind: encoded(scene(200, 150), kind) for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")}


def refused(source, message, size=32):
    with pytest.raises(PictureError, match=message) as caught:
        open_picture(source, size)
    if isinstance(source, Path):
        assert repr(str(source)) in str(caught.value)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_truncated_file_is_not_passed_off_as_whole(tmp_path, kind):
    path = tmp_path / "cut.jpg"
    path.write_bytes(WHOLE[kind][: int(len(WHOLE[kind]) * 0.6)])
    refused(path, "copy it again from where it came from|no known format")


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_no_damage_raises_anything_but_picture_error(kind, data):
    blob = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(0, 6))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    with contextlib.suppress(PictureError):
        assert open_picture(bytes(blob[:cut]), 16).shape == (16, 16, 3)


@given(st.binary(max_size=200))
def test_rubbish_is_refused_with_a_reason(blob):
    with pytest.raises(PictureError, match=r"is not a picture that can be read|is empty|is damaged"):
        open_picture(blob)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"\0" * 5000, "filled with zeros, as after a copy that was cut off"),
        (b"\xff\xd8\xff\xe0", "begins as a JPEG, but its header is damaged"),
        (b"\x89PNG\r\n\x1a\n", "begins as a PNG, but its header is damaged"),
        (b"<!doctype html><title>404</title>", "a web page; perhaps a download that failed"),
        (b"%PDF-1.7", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript document"),
        (b"PK\x03\x04....", "a ZIP archive; unpack it first"),
        (b"<svg xmlns='x'>", "an SVG drawing; save it as PNG"),
        (b"\x00\x00\x00\x18ftypmp42....", "a video or a sound"),
        (b"\x00\x00\x00\x18ftypheic....", "a HEIC picture, for which a plugin is needed; run: pip install pillow-heif"),
        (b"\x00\x00\x00\x18ftypavif....", "an AVIF picture: damaged, or too new"),
        (b"just some text", "begins with the bytes 6a 75 73 74 20 73 6f 6d; allowed are JPEG, PNG"),
    ],
)
def test_what_is_not_a_picture_is_called_by_its_name(tmp_path, content, message):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    refused(path, message)


def test_a_heic_plugin_is_used_where_it_is_installed(monkeypatch):
    heic = b"\x00\x00\x00\x18ftypheic" + b"\0" * 20

    def read(stream, name):
        return scene()

    def register():
        monkeypatch.setitem(Image.OPEN, "HEIF", (read, lambda head: head[4:12] == b"ftypheic"))

    monkeypatch.setitem(sys.modules, "pillow_heif", types.SimpleNamespace(register_heif_opener=register))
    assert near(open_picture(heic))


def test_a_damaged_heic_picture_with_the_plugin_installed(monkeypatch):
    plugin = types.ModuleType("pillow_heif")
    plugin.register_heif_opener = lambda: None
    plugin.__spec__ = types.SimpleNamespace()
    monkeypatch.setitem(sys.modules, "pillow_heif", plugin)
    refused(b"\x00\x00\x00\x18ftypheic....", "a HEIC picture, but a damaged one")


def test_no_such_file(tmp_path):
    refused(tmp_path / "gone.jpg", "does not exist; check its name, and whether it was moved meanwhile")
    refused(tmp_path / "dangling.jpg", "does not exist")
    refused(tmp_path / ("x" * 5000), "cannot be opened")
    refused("nul\0byte.jpg", "cannot be opened")


def test_a_dangling_link(tmp_path):
    (tmp_path / "link.jpg").symlink_to(tmp_path / "nowhere.jpg")
    refused(tmp_path / "link.jpg", "does not exist")
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    refused(tmp_path / "loop.jpg", "cannot be opened")


def test_a_folder(tmp_path):
    refused(tmp_path, "is a folder, not a file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    refused(tmp_path / "pipe.jpg", "is a pipe or a device, not a file")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = write(tmp_path, "secret.jpg")

    def denied(self, *args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    refused(path, "may not be read by this user; change its permissions")


def test_a_file_that_vanishes_between_looking_and_opening(tmp_path, monkeypatch):
    path = write(tmp_path, "brief.jpg")
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *args: (self.unlink(), opened(self, *args))[1])
    refused(path, "does not exist; check its name, and whether it was moved meanwhile")


def test_a_file_that_is_cut_while_it_is_read(tmp_path, monkeypatch):
    grain = np.random.default_rng(0).integers(0, 255, (600, 600, 3), dtype=np.uint8)
    path = write(tmp_path, "changing.jpg", Image.fromarray(grain))
    limit = picture_files._limit

    def cut_then_limit(image, *rest):
        os.truncate(path, 20_000)
        return limit(image, *rest)

    monkeypatch.setattr(picture_files, "_limit", cut_then_limit)
    refused(path, "is damaged or of a rare variety: it begins as a JPEG of .* but then: image file is truncated")


def test_a_bomb_is_refused_by_its_header(tmp_path, monkeypatch):
    def exploded(*args):
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "resize", exploded)
    for data, claim in (
        (png_claiming(30_000, 30_000), "30000 x 30000 = 900 million pixels; at most 64 million"),
        (png_claiming(2**31 - 1, 2**31 - 1), "million pixels; at most 64 million"),
        (jpeg_claiming(65_000, 65_000), "4,225 million pixels; at most 500 million"),
        (jpeg_claiming(30_000, 3_000, progressive=True), "90 million pixels; at most 64 million"),
    ):
        path = tmp_path / "bomb"
        path.write_bytes(data)
        refused(path, claim)
    refused(jpeg_claiming(30_000, 3_000), "90 million pixels; at most 64 million", size=None)


def test_a_jpeg_of_several_scans_is_held_to_the_lower_limit():
    data = jpeg_claiming(20_000, 20_000)
    one_component = data.index(b"\xff\xda")
    several = data[:one_component] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + data[one_component + 14 :]
    refused(several, "400 million pixels; at most 64 million")


def test_webp_checks_its_canvas_before_it_makes_room_for_it():
    claim = b"RIFF\x00\x10\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\xfe\x3f\x00" * 2 + b"\0" * 40
    refused(claim, "is too large|is not a picture")


def test_a_file_of_too_many_bytes(tmp_path):
    path = tmp_path / "sparse.tif"
    with path.open("wb") as stream:
        stream.truncate(picture_files.MAX_BYTES + 1)
    refused(path, "has 536,870,913 bytes; at most 536,870,912 are read; save it smaller")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak from /proc")
def test_a_wide_jpeg_is_decoded_in_bounded_memory(tmp_path):
    width, height = 30_000, 2_400
    path = tmp_path / "wide.jpg"
    Image.new("RGB", (width, height), (255, 0, 0)).save(path, quality=20)
    script = (
        "import re, sys\n"
        "from watchword.data.pictures import open_picture\n"
        "before = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "print(open_picture(sys.argv[1], 224)[0, 0].tolist())\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    shade, kilobytes = done.stdout.split("\n")[:2]
    assert shade.startswith("[25")
    assert int(kilobytes) < 60_000  # all its pixels would be 288,000


def test_a_disk_that_fails_while_reading(tmp_path, monkeypatch):
    path = write(tmp_path, "bad sector.jpg")

    class Failing(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda self, *args: io.BufferedReader(Failing()))
    with pytest.raises(PictureError, match=r"bad sector\.jpg' cannot be read: .*Input/output error; check the disk"):
        content_hash(path)
    refused(path, r"cannot be read: .*Input/output error; check the disk")
