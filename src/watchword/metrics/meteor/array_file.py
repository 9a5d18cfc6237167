"""Named arrays in one file that is opened without being read: mapped into memory, page by page.

    magic, length of the header (16 bytes) | CRC-32 of the header (8) | header, JSON | the arrays, each at 64 n

The header gives the length of the file and, for each array, its place and a weighed sum of its 64-bit words,
so a file that was cut short, altered or put in another order is noticed. Adding up goes at the speed of memory.
"""

import json
import os
import secrets
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

_MAGIC = b"wwarray2"
_HEAD = struct.Struct("<8sQQ")
_ALIGNED = 64
_BLOCK = 512  # words that are weighed alike in each block


class DamagedError(Exception):
    """The file is not whole, or not of this kind."""


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> None:
    """Write `arrays` and `facts` (anything JSON can say) so that `path` is either whole or as it was."""
    entries, place = {}, 0
    for name, array in arrays.items():
        entries[name] = [array.dtype.str, array.shape, place, _sum(_bytes(array))]
        place += -(-array.nbytes // _ALIGNED) * _ALIGNED
    header = json.dumps({"facts": facts, "arrays": entries, "bytes": place}).encode()
    header += b" " * (-(_HEAD.size + len(header)) % _ALIGNED)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.draft")
    try:
        with draft.open("xb") as file:  # not mkstemp, whose files only their owner can read: a cache may be shared
            file.write(_HEAD.pack(_MAGIC, len(header), zlib.crc32(header)) + header)
            for array in arrays.values():
                file.write(_bytes(array).data)
                file.write(b"\0" * (-array.nbytes % _ALIGNED))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def open_arrays(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the arrays, read-only, and the facts of a file. Raises `DamagedError` where it is not whole."""
    try:
        said, body = _opened(path)
        arrays = {name: _array(body, *entry) for name, entry in said["arrays"].items()}
    except (ValueError, struct.error) as error:
        raise DamagedError(f"{path}: {error}") from None
    return arrays, said["facts"]


def seems_whole(path: Path) -> bool:
    """Whether there is a file whose header and length are right. What the arrays hold is not looked at."""
    try:
        _opened(path)
    except (OSError, ValueError, struct.error, DamagedError):
        return False
    return True


def _opened(path: Path) -> tuple[dict[str, Any], np.ndarray]:
    """Return what the header says, and the bytes after it."""
    text = np.memmap(path, np.uint8, "r")
    magic, length, checksum = _HEAD.unpack(text[: _HEAD.size].tobytes())
    header = text[_HEAD.size : _HEAD.size + length].tobytes()
    if magic != _MAGIC or zlib.crc32(header) != checksum:
        raise DamagedError(f"{path}: not a file of arrays")
    said, body = json.loads(header), text[_HEAD.size + length :]
    if len(body) != said["bytes"]:
        raise DamagedError(f"{path}: {len(body)} bytes of arrays, not {said['bytes']}")
    return said, body


def _array(body: np.ndarray, kind: str, shape: list[int], place: int, total: int) -> np.ndarray:
    dtype = np.dtype(kind)
    part = body[place : place + dtype.itemsize * int(np.prod(shape))]
    if _sum(part) != total:
        raise DamagedError("the figures in it have changed")
    return np.asarray(part).view(dtype).reshape(shape)


def _bytes(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _sum(part: np.ndarray) -> int:
    """Return the sum, modulo 2^64, of a part's 64-bit words, filled up with zeros, each times an odd number of its own.

    Odd, so that no change of one word goes unnoticed; of its own, so that words that change places do not either.
    """
    whole = len(part) // (8 * _BLOCK) * 8 * _BLOCK
    rest = np.zeros(8 * _BLOCK, np.uint8)
    rest[: len(part) - whole] = part[whole:]
    within = 2 * np.arange(_BLOCK, dtype=np.uint64) + 1
    sums = [np.einsum("bw,w->b", words.view(np.uint64).reshape(-1, _BLOCK), within) for words in (part[:whole], rest)]
    blocks = np.concatenate(sums)
    return int(np.dot(blocks, 2 * _BLOCK * np.arange(len(blocks), dtype=np.uint64) + 1))
