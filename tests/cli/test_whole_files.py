import os
import stat
import subprocess
import sys

import pytest

from watchword.cli.whole_files import made_whole, refuse_to_overwrite, written_whole
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


HELD = """
import pathlib, sys
from watchword.cli.whole_files import made_whole, refuse_to_overwrite, written_whole
with written_whole(pathlib.Path(sys.argv[1])) as file:
    print("begun", file=sys.stdout, flush=True)
    sys.stdin.read()
    file.write("theirs")
"""


@pytest.fixture
def other_run(tmp_path):
    """Another process in the middle of writing x.txt; what it reads from standard input ends it well."""
    command = [sys.executable, "-c", HELD, str(tmp_path / "x.txt")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        yield process
        process.kill()


def test_the_draft_of_a_killed_run_is_removed_by_the_next(tmp_path, other_run):
    other_run.kill()
    other_run.wait()
    (left,) = tmp_path.iterdir()
    with written_whole(tmp_path / "y.txt") as file:
        file.write("another place")
    assert left.exists()
    with written_whole(tmp_path / "x.txt") as file:
        file.write("ours")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.txt", "y.txt"]


@pytest.mark.skipif(os.name == "nt", reason="locks")
def test_the_draft_of_a_living_run_is_left_alone(tmp_path, other_run):
    place = tmp_path / "x.txt"
    with written_whole(place) as file:
        file.write("ours")
    assert place.read_text(encoding="utf-8") == "ours"
    other_run.communicate("")
    assert other_run.returncode == 0
    assert place.read_text(encoding="utf-8") == "theirs"
    assert list(tmp_path.iterdir()) == [place]


def test_a_place_that_cannot_be_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be written: No such file"), written_whole(tmp_path / "a" / "b"):
        pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match="folder' cannot be written"), written_whole(tmp_path / "folder"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights")
def test_a_link_is_written_through(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "x.txt").write_text("old", encoding="utf-8")
    (tmp_path / "far" / "x.txt").chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "far" / "x.txt")
    with written_whole(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert (tmp_path / "far" / "x.txt").read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE((tmp_path / "far" / "x.txt").stat().st_mode) == 0o640
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["x.txt"]


def make(kind, path, text):
    """Make a file or a folder of one file."""
    if kind == "folder":
        path.mkdir()
    (path / "inside" if kind == "folder" else path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_a_place_is_taken_once_all_is_made(tmp_path, kind):
    with made_whole(tmp_path / "x") as fresh:
        make(kind, fresh, "whole")
        assert not (tmp_path / "x").exists()
    assert (tmp_path / "x" / "inside" if kind == "folder" else tmp_path / "x").read_text(encoding="utf-8") == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_fails_is_not_made(tmp_path, kind, error):
    def fail():
        with made_whole(tmp_path / "x") as fresh:
            make(kind, fresh, "half")
            raise error

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_came_there_in_the_meantime_stays(tmp_path):
    def overtaken():
        with made_whole(tmp_path / "x") as fresh:
            make("file", fresh, "ours")
            make("file", tmp_path / "x", "theirs")

    with pytest.raises(DataError, match="x' is there already: name another"):
        overtaken()
    assert (tmp_path / "x").read_text(encoding="utf-8") == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_what_a_killed_run_made_is_removed_by_the_next(tmp_path):
    program = """
import os, pathlib, sys
from watchword.cli.whole_files import made_whole, refuse_to_overwrite, written_whole
with made_whole(pathlib.Path(sys.argv[1])) as fresh:
    fresh.mkdir()
    (fresh / "half").touch()
    os._exit(9)
"""
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path / "x")]).returncode == 9
    assert len(list(tmp_path.iterdir())) == 2
    with made_whole(tmp_path / "x") as fresh:
        make("file", fresh, "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_place_that_cannot_be_made_is_an_error(tmp_path):
    with pytest.raises(DataError, match="cannot be written: No such file"), made_whole(tmp_path / "a" / "b"):
        pass


def test_folders_that_a_place_lacks_are_made(tmp_path):
    with made_whole(tmp_path / "a" / "b" / "x") as fresh:
        fresh.write_text("told")
    assert (tmp_path / "a" / "b" / "x").read_text() == "told"


@pytest.mark.parametrize("under", ["file", "file/deeper"])
def test_a_file_where_a_folder_is_to_be_is_named(under, tmp_path):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(DataError, match=r"x' cannot be made, for '.*file' is a file: name another --output"):
        refuse_to_overwrite(tmp_path / under / "x", named="another --output")
    with pytest.raises(DataError, match="x' cannot be written"), made_whole(tmp_path / under / "x"):
        pass
    with pytest.raises(DataError, match=r"cannot be made .File name too long.: name another"):
        refuse_to_overwrite(tmp_path / ("x" * 300) / "y")
    refuse_to_overwrite(tmp_path / "new" / "x")
    assert (tmp_path / "file").read_text() == "kept"
    assert not (tmp_path / "new").exists()
