"""Karpathy's splits: a folder with `dataset.json` and `images/` (Karpathy and Fei-Fei 2015)."""

import json
from collections.abc import Iterator
from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example


def read_karpathy(path: Path, images: Path) -> Iterator[Example]:
    """Yield the rows of `path`, a dataset.json, whose photos lie in `images`; "restval" counts as train."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["images"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise DataError(f"{path} is not a dataset.json of Karpathy's splits: {problem!r}") from None
    for number, row in enumerate(rows):
        folder = images / row["filepath"] if row.get("filepath") else images
        yield Example(
            id=str(row.get("imgid", number)),
            path=folder / row["filename"],
            sentences=tuple(sentence["raw"] for sentence in row.get("sentences", ())),
            labels=tuple(str(row[key]) for key in ("label", "category") if key in row),
            split="train" if row.get("split") == "restval" else row.get("split", "train"),
        )
