import struct
import zlib

import numpy as np
import pytest

from watchword.core.errors import DataError
from watchword.data import matlab
from watchword.data.matlab import read_matrix

TYPES = {"f4": (7, 7), "f8": (9, 6), "u1": (2, 9), "i4": (5, 12)}  # of the numbers, and of the class


def element(kind, content, order="<"):
    if len(content) <= 4 and kind != 15:
        return struct.pack(order + "I", len(content) << 16 | kind) + content.ljust(4, b"\0")
    padding = b"" if kind == 15 else b"\0" * (-len(content) % 8)
    return struct.pack(order + "II", kind, len(content)) + content + padding


def matrix(name, array, order="<", stored=None, flags=0):
    """A matrix, its numbers kept in type `stored`, as MATLAB does with integers."""
    kind = stored or array.dtype.str[1:]
    parts = element(6, struct.pack(order + "II", TYPES[array.dtype.str[1:]][1] | flags, 0), order)
    parts += element(5, struct.pack(order + f"{array.ndim}i", *array.shape), order)
    parts += element(1, name.encode(), order)
    parts += element(TYPES[kind][0], array.astype(order + kind).tobytes("F"), order)
    return element(14, parts, order)


def packed(content, order="<"):
    return element(15, zlib.compress(content), order)


def file_of(*elements, order="<", text=b"MATLAB 5.0 MAT-file"):
    mark = b"IM" if order == "<" else b"MI"
    return text.ljust(124) + struct.pack(order + "H", 0x0100) + mark + b"".join(elements)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vgg_feats.mat"


FEATS = np.random.default_rng(0).normal(size=(5, 3)).astype("f4")


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("wrap", [lambda content, order: content, packed])
def test_a_matrix_is_read(path, order, wrap):
    path.write_bytes(file_of(wrap(matrix("feats", FEATS, order), order), order=order))
    found = read_matrix(path, "feats")
    assert np.array_equal(found, FEATS)
    assert found.dtype.kind == "f"


def test_the_one_by_its_name_is_read(path):
    others = [packed(matrix("a", np.eye(2))), matrix("ids", np.arange(3.0)[None]), matrix("feats", FEATS)]
    path.write_bytes(file_of(*others))
    assert np.array_equal(read_matrix(path, "feats"), FEATS)
    assert np.array_equal(read_matrix(path, "ids"), [[0, 1, 2]])
    with pytest.raises(DataError, match="holds no matrix 'x'; it holds: a, ids, feats"):
        read_matrix(path, "x")


def test_numbers_kept_narrower_than_the_matrix_are_read(path):
    given = np.array([[1.0, 2.0], [3.0, 200.0]])
    path.write_bytes(file_of(matrix("feats", given, stored="u1")))
    assert np.array_equal(read_matrix(path, "feats"), given)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"MATLAB 7.3 MAT-file".ljust(600), "MATLAB 7.3, which is HDF5: save it with -v7, or the matrix as .npy"),
        (b"", "no MATLAB 5 file"),
        (b"x" * 500, "no MATLAB 5 file"),
        (file_of(), "holds no matrix 'feats'; it holds: nothing"),
        (file_of(matrix("feats", FEATS))[:-20], "damaged: an element of .* bytes"),
        (file_of(packed(matrix("feats", FEATS))[:-9]), "damaged"),
        (file_of(element(15, b"no zlib at all")), "damaged"),
        (file_of(matrix("feats", np.eye(2), flags=0x0800)), "no matrix of real numbers"),
        (file_of(matrix("feats", FEATS).replace(struct.pack("<2i", 5, 3), struct.pack("<2i", 5, 4))), "damaged"),
    ],
)
def test_what_is_no_such_file_is_refused(path, content, says):
    path.write_bytes(content)
    with pytest.raises(DataError, match=says):
        read_matrix(path, "feats")


def test_a_bomb_is_not_unpacked(path, monkeypatch):
    """What a packed matrix announces is checked first, and no more is unpacked."""
    huge = struct.pack("<II", 14, 1 << 20) + b"\0" * (1 << 20)
    path.write_bytes(file_of(element(15, zlib.compress(huge))))
    monkeypatch.setattr(matlab, "LARGEST", 1 << 16)
    with pytest.raises(DataError, match="a matrix of 1048576 bytes; at most 65536"):
        read_matrix(path, "feats")
    assert len(matlab._unpacked(zlib.compress(struct.pack("<II", 14, 16) + b"\0" * (1 << 20)), "<")) == 24


@pytest.mark.parametrize("compressed", [False, True])
def test_what_scipy_writes_is_read(path, compressed):
    io = pytest.importorskip("scipy.io")
    io.savemat(path, {"other": "text", "cells": np.array([{}], object), "feats": FEATS}, do_compression=compressed)
    assert np.array_equal(read_matrix(path, "feats"), FEATS)
