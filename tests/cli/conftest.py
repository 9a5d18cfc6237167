import io
import sys
from typing import NamedTuple

import pytest
from PIL import Image

from tests.runtime import tiny
from watchword.cli.main import main


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def lines(self):
        return self.out.splitlines()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """The path of the tiny bundle."""
    return str(tiny.write_bundle(tmp_path_factory.mktemp("bundle") / "tiny"))


@pytest.fixture
def watchword(monkeypatch, capsys):
    """Run the command line in this process: watchword("describe", "x.jpg", typed=b"...")."""

    def run(*arguments, typed=b""):
        monkeypatch.setattr(sys, "argv", ["watchword", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as done:
            main()
        return Ran(done.value.code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """A folder "photos" with red.png, green.png and blue.png, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    for colour in tiny.COLOURS:
        Image.fromarray(tiny.picture(colour)).save(tmp_path / "photos" / f"{colour}.png")
    return tmp_path / "photos"
