import io
import os

import pytest

from tests.data.photographs import write
from watchword.core.errors import DataError
from watchword.data.files import find_photos, photos_inside


@pytest.fixture
def folder(tmp_path):
    for name in ("b.jpg", "a.PNG", "notes.txt", ".hidden.jpg", "sub/c.webp", ".git/d.jpg", "sub/deep er/e.tiff"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def names(paths, folder):
    return [path.relative_to(folder).as_posix() for path in paths]


def test_a_folder_stands_for_the_photos_inside(folder):
    inside = ["a.PNG", "b.jpg", "sub/c.webp", "sub/deep er/e.tiff"]
    assert names(photos_inside(folder), folder) == inside
    assert names(find_photos([folder]), folder) == inside
    assert names(find_photos([str(folder) + "/"]), folder) == inside


def test_a_named_file_is_always_tried(folder):
    named = [folder / "notes.txt", folder / ".hidden.jpg", folder / "gone.jpg"]
    assert list(find_photos(named)) == named


def test_each_photo_comes_once_in_the_order_named(folder):
    found = find_photos([folder / "sub", folder / "b.jpg", folder, folder / "sub" / ".." / "b.jpg"])
    assert names(found, folder) == ["sub/c.webp", "sub/deep er/e.tiff", "b.jpg", "a.PNG"]


def test_patterns(folder):
    assert names(find_photos([f"{folder}/*.jpg"]), folder) == ["b.jpg"]
    assert names(find_photos([f"{folder}/s*"]), folder) == ["sub/c.webp", "sub/deep er/e.tiff"]
    assert names(find_photos([f"{folder}/**/*.tiff"]), folder) == ["sub/deep er/e.tiff"]
    assert names(find_photos([f"{folder}/**"]), folder) == [
        "a.PNG",
        "b.jpg",
        "notes.txt",
        "sub/c.webp",
        "sub/deep er/e.tiff",
    ]


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path):
    path = write(tmp_path, "what[1]?.jpg")
    assert list(find_photos([path])) == [path]


def test_a_pattern_without_match_is_said(folder):
    with pytest.raises(DataError, match=r"nothing matches the pattern .*\*\.bmp'; check it, or name a folder"):
        list(find_photos([f"{folder}/*.bmp"]))
    told = []
    found = find_photos([f"{folder}/*.bmp", folder / "b.jpg"], unreadable=told.append)
    assert names(found, folder) == ["b.jpg"]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a.jpg\nb c.jpg\n", ["a.jpg", "b c.jpg"]),
        (b"a.jpg\r\nb.jpg", ["a.jpg", "b.jpg"]),
        (b"\n\na.jpg\n\n", ["a.jpg"]),
        (b"a\nb.jpg\0c.jpg\0", ["a\nb.jpg", "c.jpg"]),
        (b"caf\xe9.jpg\n", [os.fsdecode(b"caf\xe9.jpg")]),
        (b"", []),
    ],
)
def test_a_list_on_standard_input(content, found):
    assert [str(path) for path in find_photos(["-"], io.BytesIO(content))] == found


def test_a_folder_in_a_list_counts_too(folder):
    listed = io.BytesIO(os.fsencode(folder / "sub") + b"\n")
    assert names(find_photos([folder / "b.jpg", "-"], listed), folder) == ["b.jpg", "sub/c.webp", "sub/deep er/e.tiff"]


@pytest.mark.parametrize("content", [b"a.jpg\n-\nb.jpg\n", b"a.jpg\0-\0b.jpg\0"])
def test_a_dash_in_a_list_is_a_name(content):
    assert [str(path) for path in find_photos(["-"], io.BytesIO(content))] == ["a.jpg", "-", "b.jpg"]


def test_an_empty_name_is_not_the_current_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    with pytest.raises(
        DataError, match=r"an empty name stands for no photo; name a file, a folder \(\. for this one\)"
    ):
        list(find_photos([""]))
    told = []
    assert names(find_photos(["", folder / "b.jpg"], unreadable=told.append), folder) == ["b.jpg"]
    assert len(told) == 1


def test_a_list_without_standard_input():
    with pytest.raises(DataError, match="'-' stands for a list on standard input, and there is none here"):
        list(find_photos(["-"], None))


def test_loops_of_links_come_to_an_end(folder):
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "sub" / "self").symlink_to(folder / "sub" / "self")
    (folder / "zz").symlink_to(folder / "sub", target_is_directory=True)
    assert names(photos_inside(folder), folder) == ["a.PNG", "b.jpg", "sub/c.webp", "sub/deep er/e.tiff"]


def test_links_to_photos_and_folders_elsewhere_are_followed(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write(elsewhere, "far.jpg")
    (folder / "there").symlink_to(elsewhere, target_is_directory=True)
    (folder / "one.jpg").symlink_to(elsewhere / "far.jpg")
    (folder / "dangling.jpg").symlink_to(elsewhere / "gone.jpg")
    found = names(photos_inside(folder), folder)
    assert {"there/far.jpg", "one.jpg", "dangling.jpg"} <= set(found)  # opening says that the last is gone


def test_a_folder_that_vanishes_is_told_and_the_rest_is_found(folder):
    told = []
    found = find_photos([folder], unreadable=told.append)
    first = next(found)
    (folder / "sub" / "deep er" / "e.tiff").unlink()
    (folder / "sub" / "deep er").rmdir()
    (folder / "sub" / "c.webp").unlink()
    (folder / "sub").rmdir()
    assert names([first, *found], folder) == ["a.PNG", "b.jpg"]
    assert "sub' cannot be read" in str(told[0])
    with pytest.raises(DataError, match=r"cannot be read: .*; change its permissions"):
        list(photos_inside(folder / "sub"))


def test_names_that_no_system_knows(folder):
    assert len(list(find_photos(["nul\0byte", "x" * 5000]))) == 2
