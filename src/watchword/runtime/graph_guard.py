"""Refuse ONNX graphs that keep weights in other files.

A graph may name any file as the place of its weights. Those of a bundle hold theirs, so a graph that
points outside is hostile or badly exported, and is refused before ONNX Runtime sees it. The file is
a protocol buffer (onnx.proto of the ONNX project); only the parts on the way to a tensor are walked.
"""

from collections.abc import Iterator

from watchword.core.errors import BundleError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
# message: {number of a field: the message it holds}, as numbered in onnx.proto
_WALKED: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14


def check_graph(name: str, graph: bytes) -> None:
    """Raise `BundleError` if the ONNX file called `name` is no protocol buffer or has weights elsewhere."""
    waiting = [("model", memoryview(graph))]
    try:
        while waiting:
            message, data = waiting.pop()
            for number, value in _fields(data):
                if message == "tensor" and (number == _EXTERNAL_DATA or (number == _DATA_LOCATION and value)):
                    raise BundleError(f"{name!r} keeps weights in another file; a bundle's graphs hold their own")
                if (inner := _WALKED[message].get(number)) and isinstance(value, memoryview):
                    waiting.append((inner, value))
    except (IndexError, ValueError):
        raise BundleError(f"{name!r} is not an ONNX graph; get or export the bundle again") from None


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of each field of a message; bytes as a view, fixed-width numbers as 0."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _varint(data, place)
            yield number, value
        elif kind == _BYTES:
            length, place = _varint(data, place)
            if place + length > len(data):
                raise ValueError("a field reaches past the end")
            yield number, data[place : place + length]
            place += length
        elif kind in (_FIXED64, _FIXED32):
            place += 8 if kind == _FIXED64 else 4
            yield number, 0
        else:
            raise ValueError(f"wire type {kind}")


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    """Return the number that begins at `place`, seven bits a byte, lowest first, and the place after it."""
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")
