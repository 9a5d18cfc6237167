"""Make a set of clips in a folder: begin it, go on with it, and put its rows beside it."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.cli.clip_set import begun
from watchword.cli.json_text import json_text
from watchword.cli.printable import printable
from watchword.cli.progress import counted
from watchword.cli.replacing import PNG, refuse_to_replace
from watchword.cli.tiles import save_png
from watchword.cli.whole_files import written_whole
from watchword.core.errors import DataError, SettingsError
from watchword.data.made_clips.casts import Cast, Drawn, Pictures
from watchword.data.made_clips.encoding import library, write_clip
from watchword.data.made_clips.grounds import Photos, Textures
from watchword.data.made_clips.instances import Instances
from watchword.data.made_clips.plan import Clip, Plan
from watchword.data.made_clips.shares import Told


@dataclass(frozen=True)
class Asked:
    """What is to be made: the options of the command."""

    output: Path
    count: int
    seed: int
    levels: tuple[int, ...]
    backgrounds: tuple[Path, ...]
    objects: Path | None
    images: Path | None
    only: tuple[str, ...]
    size: int
    twins: bool


def make(asked: Asked, *, resume: bool, sheet: Path | None, rows: int, as_json: bool) -> int:
    """Make the set, the sheet, and say what was made; return the exit status."""
    _check(asked, sheet)
    passed_over: dict[str, None] = {}
    plan = plan_of(asked, lambda error: passed_over.setdefault(str(error)))
    started = time.perf_counter()
    with ExitStack() as stack:
        begun(asked.output, plan, resume, stack)
        _refuse_fewer(asked)
        try:
            made = list(_made(plan, asked))
        except KeyboardInterrupt:
            print("watchword: stopped; --resume goes on with the clips that are not there yet", file=sys.stderr)
            return 130
        with written_whole(asked.output / "clips.jsonl") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
    if sheet:
        _draw(plan, made[:rows], sheet)
    _say(asked, made, time.perf_counter() - started, as_json)
    for message in passed_over:
        print(f"passed over: {printable(message)}", file=sys.stderr)
    return 1 if passed_over else 0


def plan_of(asked: Asked, told: Told) -> Plan:
    """Return the plan; `WatchwordError` where the photos or the things are not to be had."""
    grounds = Photos(asked.backgrounds, asked.seed, told) if asked.backgrounds else Textures()
    return Plan(_cast(asked, told), grounds, asked.seed, asked.levels, asked.size, asked.twins)


def _cast(asked: Asked, told: Told) -> Cast:
    only = tuple(name.lower() for name in asked.only)
    if asked.objects is None:
        if asked.images or asked.only:
            raise SettingsError(
                "--images and --only are about --objects, which is not given; give it, or leave them out"
            )
        return Drawn()
    if asked.objects.is_dir():
        if asked.images:
            raise SettingsError(
                f"--images goes with a file of instances; {str(asked.objects)!r} is a folder of pictures"
            )
        return Pictures(asked.objects, told, only)
    if asked.images is None:
        raise SettingsError("the photos of the instances are not known; give their folder as --images")
    print("watchword: looking for things that can be cut out well", file=sys.stderr)
    return Instances(asked.objects, asked.images, told, only)


def _check(asked: Asked, sheet: Path | None) -> None:
    """Raise, before anything is made, for what cannot be."""
    if asked.size % 2:
        raise SettingsError(f"--size {asked.size}: an even number of pixels, for so is a clip's colour kept")
    if sheet:
        refuse_to_replace(sheet, "--sheet", PNG, [])
    library()


def _refuse_fewer(asked: Asked) -> None:
    """Raise `DataError` for a set that has more clips than are wanted: those left over would be in no row."""
    there = sum(1 for _ in (asked.output / "clips").glob("*.mp4"))
    if there > asked.count:
        raise DataError(
            f"{printable(str(asked.output))!r} holds {there:,} clips, more than the {asked.count:,} of --count: give "
            "at least as many, or name another folder"
        )


def _made(plan: Plan, asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield the row of each clip once its file is there; those that are there already are not painted again."""
    before: tuple[Clip, Any] | None = None
    with counted() as count:
        for number in range(asked.count):
            clip = plan.clip(number)
            place = asked.output / clip.file
            if not place.exists() or not place.stat().st_size:
                twin = before is not None and before[0].scene == clip.scene
                frames = before[1][::-1] if before is not None and twin else clip.frames()
                write_clip(place, frames)
                before = clip, frames
            yield clip.row()
            count(number + 1, asked.count)


def _draw(plan: Plan, made: Sequence[dict[str, Any]], place: Path) -> None:
    from watchword.cli.clip_sheet import clip_sheet

    shown = ((row, plan.clip(number).frames()) for number, row in enumerate(made))
    place.parent.mkdir(parents=True, exist_ok=True)
    save_png(clip_sheet(shown), place)


def _say(asked: Asked, made: Sequence[dict[str, Any]], seconds: float, as_json: bool) -> None:
    splits = Counter(row["split"] for row in made)
    place = str(asked.output / "clips.jsonl")
    if as_json:
        labels = dict(sorted(Counter(row["label"] for row in made).items()))
        about = {"rows": place, "clips": len(made), "splits": splits, "labels": labels, "seconds": round(seconds, 1)}
        print(json_text(about))
        return
    parts = ", ".join(f"{splits[split]:,} {split}" for split in ("train", "val", "test") if splits[split])
    print(f"{len(made):,} clips ({parts}) in {printable(place)}, {seconds:.0f} s")
