"""What the formats have in common: fields of a record, checked, and where the photos are."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from watchword.core.errors import DataError, suggestion

Record = Mapping[str, Any]

_SPLITS = {
    "train": "train",
    "training": "train",
    "restval": "train",  # Karpathy's name for what is left of COCO's validation photos, which count as training
    "val": "val",
    "valid": "val",
    "validation": "val",
    "validate": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
LABELS = ("labels", "label", "categories", "category", "class")


def split_of(record: Record, where: str) -> str:
    """Return the split of a record, "train" if it has none; `DataError` for a name that is not one."""
    given = str(record.get("split") or "train")
    split = _SPLITS.get(given.strip().lower())
    if split is None:
        raise DataError(f"{where}: no split {given!r}{suggestion(given, _SPLITS)}; there are: {', '.join(_SPLITS)}")
    return split


def split_named(text: str) -> str:
    """Return the split whose name a file or folder name holds ("captions_val2017"), "train" if none."""
    found = (split for split in ("val", "dev", "test", "train") if split in text.lower())
    return _SPLITS[next(found, "train")]


def first_of(record: Record, names: Iterable[str]) -> Any:
    """Return the first of the named fields that is there and not empty, or None; 0 is not empty."""
    for name in names:  # a plain loop: this is most of the reading of a large table
        value = record.get(name)
        if value is not None and value != "" and value != []:
            return value
    return None


def text_of(record: Record, names: Iterable[str]) -> str | None:
    """Return the first of the named fields that is there, as text, or None; 5.0 is "5"."""
    given = first_of(record, names)
    if given is None:
        return None
    return str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)


def labels_of(record: Record) -> tuple[str, ...]:
    """Return the class names of a record, from whichever of the usual fields it has."""
    given = first_of(record, LABELS)
    if given is None:
        return ()
    return tuple(map(str, given)) if isinstance(given, list) else (str(given),)


def the_rest(record: Record, used: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a record that have no place of their own in an Example."""
    known = {"split", *LABELS, *used}
    return {name: value for name, value in record.items() if name not in known and value not in (None, "")}


def listed(record: Record, name: str, where: str) -> list[Any]:
    """Return a field that has to be a list; `DataError` if it is missing or something else."""
    value = record.get(name)
    if not isinstance(value, list):
        found = (
            f"{name!r} is a {type(value).__name__}" if name in record else f"it has: {', '.join(record) or 'nothing'}"
        )
        raise DataError(f"{where}: {name!r} has to be a list; {found}")
    return value


def is_record(value: Any, where: str) -> Record:
    """Return `value` if it maps names to values; `DataError` if it is something else."""
    if not isinstance(value, Mapping):
        raise DataError(f"{where}: an object with fields was expected, not {str(value)[:40]!r}")
    return value


def needed(record: Any, name: str, where: str) -> Any:
    """Return a field that a record cannot do without."""
    fields = is_record(record, where)
    if name not in fields:
        raise DataError(f"{where}: a record has no {name!r}; it has: {', '.join(fields)}")
    return fields[name]


def needed_id(record: Any, name: str, where: str) -> int | str:
    """Return the id in a record: a number, or text."""
    value = needed(record, name, where)
    if not isinstance(value, int | str):
        raise DataError(f"{where}: {name!r} has to be a number or text, not {str(value)[:40]!r}")
    return value


def needed_text(record: Any, name: str, where: str) -> str:
    """Return the text in a record."""
    value = needed(record, name, where)
    if not isinstance(value, str):
        raise DataError(f"{where}: {name!r} has to be text, not {str(value)[:40]!r}")
    return value


def raw_sentence(sentence: Any, where: str) -> str:
    """Return a sentence: text, a number, or an object with its `raw` text or, where that was left out, its `tokens`."""
    if not isinstance(sentence, Mapping):
        return _plain(sentence, where, "a sentence")
    if "raw" in sentence:
        return _plain(sentence["raw"], where, "'raw' of a sentence")
    if "tokens" in sentence:
        return " ".join(_plain(token, where, "a token") for token in listed(sentence, "tokens", where))
    raise DataError(f"{where}: a sentence has neither 'raw' nor 'tokens'; it has: {', '.join(sentence) or 'nothing'}")


def _plain(value: Any, where: str, what: str) -> str:
    """Return text, or a number as text; `DataError` for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise DataError(f"{where}: {what} has to be text, not {str(value)[:40]!r}")
    return str(value)


def photo_folder(source: Path, images: Path | None, names: Iterable[str]) -> Path:
    """Return the folder that photo paths of the file `source` start from.

    images: the folder that the user gave; it wins. Else the first of the usual places that holds one of the
    first few photos `names`: `images/` beside the file, the file's own folder, or a folder beside either
    whose name the file's name ends with (COCO's captions_val2017.json and val2017/).
    """
    if images is not None:
        if not images.is_dir():
            raise DataError(f"{images} is not a folder; give the folder that the photos of {source} are in")
        return images
    home = source.parent
    tail = source.stem.rpartition("_")[2]
    usual = [home / "images", home, home / tail, home.parent / tail, home.parent / "images"]
    # One that is given from the root on lies in no folder, or in each.
    first = [name for name, _ in zip(names, range(20), strict=False) if not Path(name).is_absolute()]
    return next((folder for folder in usual if any(_is_file(folder / name) for name in first)), usual[0])


def _is_file(path: Path) -> bool:
    """Tell whether a photo is there; a name that no disk can hold is nowhere."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
