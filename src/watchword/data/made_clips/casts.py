"""What moves: drawn shapes, pictures with transparency, or things cut out of photos.

A cast offers things, their names all different, and gives a cut-out of one: (H, L, 4) uint8, its opacity last.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from watchword.core.errors import DataError, PictureError
from watchword.data.files import photos_inside
from watchword.data.made_clips.drawn import COLOURS, SHAPES, shape
from watchword.data.made_clips.shares import Told, key_of, shares
from watchword.data.made_clips.world import Thing
from watchword.data.picture_files import decode

FEWEST = 4  # names that a cast must have: the hardest clips show four things
LONGEST = 256  # pixels of a cut-out's longer side


class Cast(Protocol):
    """What can act in a clip. key: tells it from any other."""

    key: str

    def things(self, random: np.random.Generator) -> list[Thing]:
        """Return what there is to choose from, each name once."""
        ...

    def cutout(self, thing: Thing, split: str, random: np.random.Generator) -> np.ndarray:
        """Return a cut-out (H, L, 4) uint8 of a thing, one that only this split may use where there are enough."""
        ...


class Drawn:
    """Shapes that are drawn here, in a colour each."""

    key = "drawn"

    def things(self, random: np.random.Generator) -> list[Thing]:
        """Return every shape in a colour drawn for it."""
        colours = list(COLOURS)
        return [Thing(name, colours[random.integers(len(colours))]) for name in SHAPES]

    def cutout(self, thing: Thing, split: str, random: np.random.Generator) -> np.ndarray:
        """Return the shape (160, 160, 4)."""
        return shape(thing.name, thing.adjective)


class Pictures:
    """Pictures with transparency in a folder: `dog_1.png`, or `dog/1.png`, shows a dog."""

    def __init__(self, folder: str | Path, told: Told, only: Sequence[str] = ()) -> None:
        """Look for them; `DataError` where they have fewer than four names. told: hears of those that are broken."""
        self._told = told
        by_name: dict[str, list[Path]] = defaultdict(list)
        for path in photos_inside(Path(folder), told):
            name = _name_of(path, Path(folder))
            if name:
                by_name[name].append(path)
        names = chosen_names(by_name, only, f"the pictures in {str(folder)!r}")
        self._shared = {name: shares(by_name[name]) for name in names}
        self.key = key_of("pictures", [f"{name} {path.name}" for name in self._shared for path in by_name[name]])

    def things(self, random: np.random.Generator) -> list[Thing]:
        """Return one thing for each name."""
        return [Thing(name) for name in self._shared]

    def cutout(self, thing: Thing, split: str, random: np.random.Generator) -> np.ndarray:
        """Return what a picture shows; those that cannot be opened, or show nothing, are passed over."""
        paths = self._shared[thing.name][split]
        for place in random.permutation(len(paths)):
            try:
                return trimmed(decode(paths[place], None, _with_opacity, repr(str(paths[place]))))
            except PictureError as error:
                self._told(error)
        raise DataError(f"no picture of {thing.name!r} can be used; the last tried was {str(paths[place])!r}")


def chosen_names(names: Collection[str], only: Sequence[str], where: str) -> list[str]:
    """Return the names that are to act, sorted: all, or those in `only`.

    Raises `DataError`, which begins with `where`, where one of these is not there or there are fewer than four.
    """
    if missing := sorted(set(only) - set(names)):
        raise DataError(
            f"{where} show no {', '.join(missing)}; there are: {', '.join(sorted(names)) or 'none of these'}"
        )
    chosen = sorted(set(only) or names)
    if len(chosen) < FEWEST:
        raise DataError(
            f"{where} show {len(chosen)} different things ({', '.join(chosen) or 'none'}); the hardest clips show "
            f"{FEWEST}, so give as many or more"
        )
    return chosen


def trimmed(cutout: np.ndarray) -> np.ndarray:
    """Return a cut-out (H, L, 4) uint8 without empty margins, its longer side at most `LONGEST`.

    Raises `PictureError` where all of it is transparent.
    """
    rows, columns = (np.flatnonzero((cutout[..., 3] > 8).any(axis)) for axis in (1, 0))
    if not len(rows):
        raise PictureError("all of a cut-out is transparent: leave the picture out, or save it with its opacity")
    inside = Image.fromarray(cutout[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    inside.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return np.array(inside)


def _with_opacity(image: Image.Image) -> np.ndarray:
    return np.array(image.convert("RGBA"))


def _name_of(path: Path, folder: Path) -> str:
    """Return what a picture shows, by the folder that it is in or else by its own name without numbers."""
    name = path.parent.name if path.parent != folder else re.sub(r"[\d\W_]+$", "", path.stem)
    return re.sub(r"[\W_]+", " ", name).strip().lower()
