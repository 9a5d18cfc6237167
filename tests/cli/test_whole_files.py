import os
import stat

import pytest

from watchword.cli.whole_files import written_whole
from watchword.core.errors import DataError


def test_a_file_appears_once_it_is_whole(tmp_path):
    place = tmp_path / "x.txt"
    with written_whole(place) as file:
        file.write("Zoë\n")
        file.flush()
        assert not place.exists()
    assert place.read_bytes() == "Zoë\n".encode()
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path, error):
    place = tmp_path / "x.txt"
    place.write_text("old", encoding="utf-8")

    def fail():
        with written_whole(place) as file:
            file.write("new")
            raise error

    with pytest.raises(error):
        fail()
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_a_new_file_has_the_usual_permissions(tmp_path):
    with written_whole(tmp_path / "x.txt"):
        pass
    (tmp_path / "usual").touch()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_place_that_cannot_be_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be written: No such file"), written_whole(tmp_path / "a" / "b"):
        pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match="folder' cannot be written"), written_whole(tmp_path / "folder"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
