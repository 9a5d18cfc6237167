"""Bundles made to do harm."""

import os
import shutil
import stat
import zipfile

import pytest

from tests.runtime import tiny
from watchword.core.errors import BundleError
from watchword.runtime import bundle as bundle_module
from watchword.runtime.bundle import Bundle
from watchword.runtime.containers import Folder, Zip


@pytest.fixture
def folder(sealed, tmp_path):
    return shutil.copytree(sealed, tmp_path / "tiny")


@pytest.fixture
def packed(folder, tmp_path):
    return tiny.zip_bundle(folder, tmp_path / "tiny.zip")


def add(packed, name, data=b"x", mode=None):
    """Put one more member into a .zip."""
    member = zipfile.ZipInfo(name)
    if mode is not None:
        member.external_attr = mode << 16
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, data, compress_type=zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "folder/file", "..\\evil", "C:\\evil", ".."])
def test_names_that_lead_out_of_the_zip_are_refused(packed, name):
    add(packed, name)
    with pytest.raises(BundleError, match="files lie at the top of the"):
        Bundle.open(packed)


@pytest.mark.parametrize("name", ["../vocabulary.txt", "/etc/passwd", "a/b", "", ".hidden", "a\nb"])
def test_names_that_lead_out_of_the_manifest_are_refused(folder, name):
    files = {name: {"sha256": "0" * 64, "bytes": 1}}
    tiny.seal(folder, files=files)
    with pytest.raises(BundleError, match="a bundle holds plain file names"):
        Bundle.open(folder)


def test_links_in_a_zip_are_refused(packed):
    add(packed, "link", b"/etc/passwd", stat.S_IFLNK | 0o777)
    with pytest.raises(BundleError, match="'link' is no plain file"):
        Bundle.open(packed)


def test_links_in_a_folder_are_refused(folder, tmp_path):
    shutil.move(folder / "vocabulary.txt", tmp_path / "elsewhere.txt")
    (folder / "vocabulary.txt").symlink_to(tmp_path / "elsewhere.txt")
    with pytest.raises(BundleError, match=r"'vocabulary\.txt' is no plain file"):
        Bundle.open(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_a_folder_does_not_hang(folder):
    os.mkfifo(folder / "pipe")
    with pytest.raises(BundleError, match="'pipe' is no plain file"):
        Bundle.open(folder)


def test_a_link_put_there_after_the_look_is_not_followed(folder, tmp_path):
    container = Folder(folder)
    shutil.move(folder / "card.md", tmp_path / "secret")
    (folder / "card.md").symlink_to(tmp_path / "secret")
    with pytest.raises(BundleError, match="cannot be read"):
        container.read("card.md")


def test_a_file_that_grows_after_the_look_is_read_no_further(folder):
    container = Folder(folder)
    size = container.sizes()["card.md"]
    (folder / "card.md").write_bytes(b"x" * 100_000)
    assert len(container.read("card.md")) == size + 1


def test_a_bomb_is_refused_before_it_is_unpacked(packed):
    add(packed, "bomb", bytes(50_000_000))
    with pytest.raises(BundleError, match="'bomb' unpacks to 50000000 bytes from "):
        Bundle.open(packed)


def test_a_huge_declared_size_is_refused(folder):
    files = {
        path.name: {"sha256": "0" * 64, "bytes": 10**12} for path in folder.iterdir() if path.name != "bundle.json"
    }
    tiny.seal(folder, files=files)
    with pytest.raises(BundleError, match="declares 5000000000000 bytes; a bundle has at most 1073741824"):
        Bundle.open(folder)


def test_a_huge_manifest_is_refused(folder, monkeypatch):
    monkeypatch.setattr(bundle_module, "_LARGEST_MANIFEST", 100)
    with pytest.raises(BundleError, match="so it is no bundle"):
        Bundle.open(folder)


def test_a_name_given_twice_is_refused(packed):
    with pytest.warns(UserWarning, match="Duplicate name"):
        add(packed, "card.md", b"another")
    with pytest.raises(BundleError, match="some of them twice"):
        Bundle.open(packed)


def test_many_files_are_refused(packed):
    for i in range(70):
        add(packed, f"file{i}")
    with pytest.raises(BundleError, match="holds 76 files, more than 64"):
        Bundle.open(packed)


def test_other_ways_of_packing_are_refused(folder, tmp_path):
    path = tmp_path / "tiny.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    with pytest.raises(BundleError, match="packed in a way other than deflate"):
        Bundle.open(path)


def test_a_damaged_member_is_noticed(packed):
    data = bytearray(packed.read_bytes())
    with zipfile.ZipFile(packed) as archive:
        place = archive.getinfo("step.onnx").header_offset + 60
    data[place : place + 20] = bytes(20)
    packed.write_bytes(data)
    with pytest.raises(BundleError, match=r"'step\.onnx' is damaged"):
        Bundle.open(packed)


def test_a_zip_whose_directory_is_damaged_is_refused(packed):
    data = packed.read_bytes()
    at = data.index(b"PK\x01\x02")
    packed.write_bytes(data[:at] + b"PK\x00\x00" + data[at + 4 :])
    with pytest.raises(BundleError, match=r"a \.zip that cannot be read"):
        Zip(packed)
