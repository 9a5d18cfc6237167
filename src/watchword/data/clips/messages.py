"""What goes through the pipe between whoever asks for a clip and the process that decodes it.

A request is one line of JSON. An answer is a header of fixed size and what it announces:

kind   what follows                                        fields
FRAME  a picture, height x width x 3 bytes                 time in seconds, number (how often it counts)
LEVEL  width float32: loudness, one for each window        time of the first
ALIVE  nothing: decoding goes on, no frame is due yet
AGAIN  nothing: forget the frames sent so far
DONE   width bytes of JSON: what the whole reading found
ERROR  width bytes of text: why it ended
"""

import struct
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What an answer is."""

    FRAME = 1
    LEVEL = 2
    ALIVE = 3
    AGAIN = 4
    DONE = 5
    ERROR = 6


class Header(NamedTuple):
    """What stands before each answer."""

    kind: int
    time: float = 0.0
    number: int = 0
    height: int = 0
    width: int = 0

    def pack(self) -> bytes:
        """Return the header as bytes."""
        return _LAYOUT.pack(*self)

    @property
    def following(self) -> int:
        """How many bytes follow."""
        if self.kind == Kind.FRAME:
            return self.height * self.width * 3
        return self.width * 4 if self.kind == Kind.LEVEL else self.width


_LAYOUT = struct.Struct("<BdIII")
HEADER_BYTES = _LAYOUT.size


def unpack(header: bytes) -> Header:
    """Return the header in `HEADER_BYTES` bytes."""
    return Header(*_LAYOUT.unpack(header))
