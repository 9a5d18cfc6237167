import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from tests.runtime import tiny


def test_a_sheet_with_a_tile_a_word(watchword, tiny_model, photos):
    done = watchword("explain", tiny_model, photos / "red.png")
    assert (done.status, done.out) == (0, "a red picture: red.explained.png\n")
    with Image.open("red.explained.png") as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > 60


def test_the_place_can_be_chosen(watchword, tiny_model, photos):
    assert watchword("explain", tiny_model, photos / "red.png", "--output", "why.png").status == 0
    assert Path("why.png").stat().st_size > 0
    done = watchword("explain", tiny_model, photos / "red.png", "--output", "no/such/why.png")
    assert done.status == 2
    assert "cannot be written: No such file or directory; name another --output" in done.err


def test_a_photo_that_cannot_be_opened(watchword, tiny_model, photos):
    done = watchword("explain", tiny_model, "absent.png")
    assert done.status == 2
    assert done.err.startswith("watchword: 'absent.png' does not exist")


def test_the_photo_is_not_written_over(watchword, tiny_model, photos):
    before = (photos / "red.png").read_bytes()
    done = watchword("explain", tiny_model, photos / "red.png", "--output", "photos/../photos/red.png")
    assert done.status == 2
    assert "is one of the files to be read, which stay as they are; name another --output" in done.err
    assert (photos / "red.png").read_bytes() == before


def test_only_a_png_is_written_over(watchword, tiny_model, photos):
    Path("why.png").write_text("precious", encoding="utf-8")
    done = watchword("explain", tiny_model, photos / "red.png", "--output", "why.png")
    assert done.status == 2
    assert "'why.png' is there already and is no PNG; move it away, or name another --output" in done.err
    assert Path("why.png").read_text(encoding="utf-8") == "precious"
    Path("why.png").write_bytes(b"")
    for _ in range(2):
        assert watchword("explain", tiny_model, photos / "red.png", "--output", "why.png").status == 0


def test_a_model_that_does_not_attend(watchword, tiny_model, photos, tmp_path):
    folder = shutil.copytree(tiny_model, tmp_path / "blind")
    for name, output in (("start", "state_looked"), ("step", "next_looked")):
        model = onnx.load(folder / f"{name}.onnx")
        model.graph.output.remove(next(port for port in model.graph.output if port.name == output))
        onnx.save(model, folder / f"{name}.onnx")
    tiny.seal(folder)
    done = watchword("explain", folder, photos / "red.png")
    assert done.status == 2
    assert "this model does not attend to places" in done.err


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
def test_photos_of_any_shape(watchword, tiny_model, photos, size):
    Image.fromarray(np.zeros((*size, 3), np.uint8)).save("odd.png")
    assert watchword("explain", tiny_model, "odd.png").status == 0
