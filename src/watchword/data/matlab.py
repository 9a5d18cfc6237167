"""A matrix of numbers from a MATLAB 5 file (.mat, as MATLAB writes with -v6 and -v7): that, and nothing else of it.

The file is a header of 128 bytes and then elements, each a type and a length in bytes and that many bytes. A
matrix is an element made of others: flags, dimensions, name, numbers by columns. MathWorks, "MAT-File Format".
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.core.errors import DataError

HEADER = 128
MATRIX, PACKED = 14, 15
NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
NUMERIC_CLASSES = range(6, 16)  # double, single, and the integers
COMPLEX = 0x0800
LARGEST = 1 << 33  # bytes of a matrix: 8 GiB; neuraltalk's largest has 2


class Element(NamedTuple):
    """A type, its bytes, and where what follows begins."""

    kind: int
    content: memoryview
    end: int


def read_matrix(path: Path, name: str) -> np.ndarray:
    """Return the matrix called `name`, its dimensions as MATLAB has them; `DataError` where there is none."""
    data = memoryview(path.read_bytes())
    order = {b"IM": "<", b"MI": ">"}.get(bytes(data[126:128]))
    if bytes(data[:10]) == b"MATLAB 7.3" or bytes(data[:4]) == b"\x89HDF":
        raise DataError(f"{path} is of MATLAB 7.3, which is HDF5: save it with -v7, or the matrix as .npy")
    if order is None:
        raise DataError(f"{path} is no MATLAB 5 file: its header has no mark of byte order")
    found = []
    try:
        for matrix in _matrices(data[HEADER:], order):
            flags, shape, label, *numbers = _elements(matrix, order)
            found.append(bytes(label.content).decode("latin-1"))
            if found[-1] == name:
                return _array(flags, shape, numbers, order)
    except (ValueError, zlib.error, IndexError) as problem:
        raise DataError(f"{path} is damaged: {problem}") from None
    raise DataError(f"{path} holds no matrix {name!r}; it holds: {', '.join(found) or 'nothing'}")


def _matrices(data: memoryview, order: str) -> Iterator[memoryview]:
    """Yield the content of each matrix of a file, unpacked."""
    for element in _elements(data, order):
        whole = element if element.kind != PACKED else _element(_unpacked(element.content, order), 0, order)
        if whole.kind == MATRIX and whole.content:
            yield whole.content


def _elements(data: memoryview, order: str) -> Iterator[Element]:
    """Yield elements that stand one after the other."""
    place = 0
    while place + 8 <= len(data):
        element = _element(data, place, order)
        place = element.end
        yield element


def _element(data: memoryview, place: int, order: str) -> Element:
    """Return the element at a place. A short one has its length in the upper half of its type."""
    kind, length = (int(each) for each in np.frombuffer(data[place : place + 8], f"{order}u4"))
    start = place + 8
    if kind >> 16:
        kind, length, start = kind & 0xFFFF, kind >> 16, place + 4
    end = start + length
    if end > len(data):
        raise ValueError(f"an element of {length} bytes, of which {len(data) - start} are there")
    # Elements begin at multiples of 8, but for packed ones.
    return Element(kind, data[start:end], end if kind == PACKED else place + (end - place + 7) // 8 * 8)


def _unpacked(content: memoryview, order: str) -> memoryview:
    """Return what was packed, no more than its own first bytes announce."""
    inflate = zlib.decompressobj()
    head = inflate.decompress(content, 8)
    announced = int(np.frombuffer(head[4:8], f"{order}u4")[0])
    if announced > LARGEST:
        raise ValueError(f"a matrix of {announced} bytes; at most {LARGEST}")
    return memoryview(head + inflate.decompress(inflate.unconsumed_tail, announced))


def _array(flags: Element, shape: Element, numbers: list[Element], order: str) -> np.ndarray:
    """Return the numbers of a matrix; they may be kept in a narrower type than the matrix has."""
    word = int(np.frombuffer(flags.content, f"{order}u4")[0])
    if (word & 0xFF) not in NUMERIC_CLASSES or word & COMPLEX or not numbers or numbers[0].kind not in NUMBERS:
        raise ValueError("it is no matrix of real numbers")
    dimensions = np.frombuffer(shape.content, f"{order}i4").tolist()
    return np.frombuffer(numbers[0].content, order + NUMBERS[numbers[0].kind]).reshape(dimensions, order="F")
