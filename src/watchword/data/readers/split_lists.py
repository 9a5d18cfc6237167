"""UCF-101's split lists (Soomro et al. 2012): a clip on each line, its folder is its class.

    ApplyEyeMakeup/v_ApplyEyeMakeup_g08_c01.avi 1        trainlist01.txt, with the number of the class
    ApplyEyeMakeup/v_ApplyEyeMakeup_g01_c01.avi          testlist01.txt

Clips of one group (g08) were cut from one video, and belong together.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.clips.files import is_clip
from watchword.data.readers.clip_files import clip_file, clip_folder
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import split_named

_LINE = re.compile(r"(?P<path>(?P<label>[^/]+)/[^/]+\.\w+)(?: \d+)?")
_GROUP = re.compile(r"v_(.+_g\d+)_c\d+")


def is_listed(line: str) -> bool:
    """Tell whether a line names a clip in the folder of its class."""
    found = _LINE.fullmatch(line.strip())
    return bool(found and is_clip(found["path"]))


def read_split_list(text: str, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield the clips of a list, labelled; the split is the list's name, "train" or "test"."""
    found: list[re.Match[str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            with faults:
                row = _LINE.fullmatch(line.strip())
                if not row:
                    raise DataError(
                        f"{source}, line {number}: no clip in the folder of its class: {line.strip()[:60]!r}"
                    )
                found.append(row)
    folder = clip_folder(source, images, (row["path"] for row in found))
    for row in found:
        group = _GROUP.fullmatch(Path(row["path"]).stem)
        yield Example(
            id=row["path"],
            path=clip_file(folder, row["path"]),
            labels=(row["label"],),
            split=split_named(source.name),
            extra={"group": group[1]} if group else {},
        )
