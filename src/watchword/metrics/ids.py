"""Which candidate belongs to which references: ids, and what is wrong with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from watchword.core.errors import ScoreError

Ids = TypeVar("Ids", bound=str | int)
Value = TypeVar("Value")
_SHOWN = 10  # ids that a message lists


def by_id(given: Mapping[Ids, Value] | Sequence[Value], side: str) -> dict[str, Value]:
    """Return what was given for each id, ids as text; those of a list are its places, from 0.

    side: "candidates" or "references", for messages. Raises `ScoreError` where two ids are the same as text, or
    sentences are not of the kind that the side needs.
    """
    if isinstance(given, str) or not isinstance(given, Mapping | Sequence):
        raise ScoreError(f"the {side} are a {type(given).__name__}: give a mapping from ids, or a list in order")
    pairs: list[tuple[Any, Value]] = list(given.items() if isinstance(given, Mapping) else enumerate(given))
    found = {str(image): value for image, value in pairs}
    if len(found) < len(pairs):
        twice = [image for image, times in Counter(str(image) for image, _ in pairs).items() if times > 1]
        raise ScoreError(f"{side}: ids that are the same as text are given twice: {listed(twice)}; keep one of each")
    for image, value in found.items():
        _check_kind(image, value, side)
    return found


def check_references(references: Mapping[str, Sequence[str]]) -> None:
    """Raise `ScoreError` unless there are images and each has a reference sentence."""
    if not references:
        raise ScoreError("no images: scores need one or more, each with its reference sentences")
    bare = [image for image, sentences in references.items() if not sentences]
    if bare:
        raise ScoreError(f"{_counted(bare)} no reference sentence: {listed(bare)}; leave out images that have none")


def check_pairs(candidates: Mapping[str, str], references: Mapping[str, Sequence[str]]) -> None:
    """Raise `ScoreError` unless both have the same ids and each image has a reference sentence."""
    check_references(references)
    silent = [image for image in references if image not in candidates]
    unknown = [image for image in candidates if image not in references]
    faults = []
    if silent:
        faults.append(f"{_counted(silent)} references but no candidate: {listed(silent)}")
    if unknown:
        faults.append(f"{_counted(unknown)} a candidate but no references: {listed(unknown)}")
    if faults:
        raise ScoreError("; ".join(faults) + "; score the same images on both sides")


def listed(images: Sequence[str]) -> str:
    """Return ids for a message: the first few, and how many more there are."""
    more = f" and {len(images) - _SHOWN} more" if len(images) > _SHOWN else ""
    return ", ".join(repr(image) for image in images[:_SHOWN]) + more


def _counted(images: Sequence[str]) -> str:
    return "1 image has" if len(images) == 1 else f"{len(images)} images have"


def _check_kind(image: str, value: object, side: str) -> None:
    if side == "candidates":
        if not isinstance(value, str):
            raise ScoreError(f"candidate {image!r} is a {type(value).__name__}: each image has one sentence, as text")
    elif isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(one, str) for one in value):
        raise ScoreError(f"references {image!r} have to be a list of sentences, not {str(value)[:40]!r}")
