"""What a run was given to learn from and to validate on, so that it is resumed with the same."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from watchword.core.errors import CheckpointError
from watchword.core.types import Example
from watchword.training import checkpoints


def summary(learn: Sequence[Example], judge: Sequence[Example]) -> dict[str, dict[str, Any]]:
    """Return of both the number of photos and of sentences, and the SHA-256 of ids, sentences and weights."""
    return {"learn": _of(learn), "validate": _of(judge)}


def refuse_other_data(last: Path, given: dict[str, dict[str, Any]]) -> None:
    """Raise `CheckpointError`, saying what differs, where a run would be resumed with another `summary`.

    One that says nothing of its data, as those of earlier versions, is resumed with any.
    """
    begun = checkpoints.read_description(last).get("data")
    if begun in (None, given):
        return
    differs = [f"{what} {_change(begun[part], given[part])}" for part, what in _PARTS if begun[part] != given[part]]
    raise CheckpointError(
        f"the run to resume was begun with other data: {'; '.join(differs)}. Give the --data, --images and --weight "
        f"that it was begun with, or begin a new run with --start-from {last}"
    )


_PARTS = (("learn", "to learn from it had"), ("validate", "to validate on it had"))


def _of(rows: Iterable[Example]) -> dict[str, Any]:
    """Return what is to be known of rows; their order counts, for batches are drawn by it."""
    photos = sentences = 0
    content = hashlib.sha256()
    for row in rows:
        photos, sentences = photos + 1, sentences + len(row.sentences)
        content.update(json.dumps([row.id, row.sentences, row.weight]).encode("ascii") + b"\n")
    return {"photos": photos, "sentences": sentences, "sha256": content.hexdigest()}


def _change(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Say how what was given differs."""
    counts = [f"{each['photos']} photos with {each['sentences']} sentences" for each in (before, now)]
    if counts[0] == counts[1]:
        return f"the same {counts[0]}, but other ids, sentences or weights, or in another order"
    return f"{counts[0]}, now there are {counts[1]}"
