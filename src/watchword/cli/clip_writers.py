"""What keeps the segments of clips: rows, tracks, the page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from watchword.runtime.segments import Segment

Put = Callable[[Segment], None]


class ClipWriter(Protocol):
    """Something that keeps what was said of clips, one clip after another."""

    def clip(self, path: str) -> AbstractContextManager[Put]:
        """Begin with the clip at `path`; what is given takes its segments in order, and the end finishes it.

        Raises `DataError` where it cannot be written.
        """
        ...
