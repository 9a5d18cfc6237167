"""The folder of a set of made clips: whose it is, with which settings it was begun, and one run at a time."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from watchword.cli.printable import printable
from watchword.core.errors import DataError
from watchword.core.file_lock import locked
from watchword.data.made_clips.plan import Plan

FORMAT = 1


def begun(folder: Path, plan: Plan, resume: bool, stack: ExitStack) -> None:
    """Take a folder for this run alone until `stack` closes, and put in it what the set is made with (`made.json`).

    How many clips are wanted is no part of that. Raises `DataError`, and changes nothing, where the folder holds
    something else, a set that is not to be gone on with, or one that was begun in another way; or another run is at it.
    """
    shown, about = printable(str(folder)), folder / "made.json"
    try:
        there = about.exists()
        if not there and folder.exists() and any(each.name != "lock" for each in folder.iterdir()):
            raise DataError(f"{shown!r} is there already, and no set of made clips; name an empty or a new folder")
        if there and not resume:
            raise DataError(f"{shown!r} is there already: go on with it by --resume, remove it, or name another folder")
        (folder / "clips").mkdir(parents=True, exist_ok=True)
        stack.enter_context(locked(folder / "lock", wait=False))
    except BlockingIOError:
        raise DataError(f"another run is making clips in {shown!r}: let it end, or name another folder") from None
    except OSError as error:
        raise DataError(f"{shown!r} cannot be used: {error.strerror}; name another folder") from None
    if there:
        _compare(about, _settings(plan))
    else:
        draft = about.with_suffix(".new")
        draft.write_text(json.dumps(_settings(plan), indent=2) + "\n", encoding="utf-8")
        draft.replace(about)


def _settings(plan: Plan) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "seed": plan.seed,
        "difficulties": list(plan.levels),
        "size": plan.side,
        "twins": plan.twins,
        "objects": plan.cast.key,
        "backgrounds": plan.grounds.key,
    }


def _compare(about: Path, wanted: dict[str, Any]) -> None:
    """Raise `DataError` where a set was begun in another way."""
    try:
        found = json.loads(about.read_text(encoding="utf-8"))
        differs = [
            f"{name} {found.get(name)!r}, now {value!r}" for name, value in wanted.items() if found.get(name) != value
        ]
    except (OSError, ValueError, AttributeError) as error:
        raise DataError(f"{str(about)!r} cannot be read: {error}; remove the folder and begin again") from None
    if differs:
        raise DataError(
            f"the set of {printable(str(about))!r} was begun with {', '.join(differs)}; "
            "give the same again (--count may grow), or name another folder"
        )
