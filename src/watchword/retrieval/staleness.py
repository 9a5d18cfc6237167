"""Whether a photo is still what the index kept of it."""

import os
from typing import Literal

from watchword.core.errors import PictureError
from watchword.retrieval.looking import read

State = Literal["same", "changed", "gone"]


def state_of(path: str, content: str, size: int, changed: int) -> State:
    """Tell whether a file still holds what its row says: `content` and `size`, last changed at `changed` (ns).

    Its bytes are read only where its date is another one and its size is not. What cannot be read counts as gone.
    """
    try:
        found = os.stat(path)
        if (found.st_size, found.st_mtime_ns) == (size, changed):
            return "same"
        if found.st_size != size:
            return "changed"
        return "same" if read(path)[0].content == content else "changed"
    except (OSError, ValueError, PictureError):
        return "gone"
