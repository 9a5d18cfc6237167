"""Things cut out of photos, by COCO's instances: an outline where the file gives one, else what is found in the box."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.core.boxes import areas
from watchword.core.errors import DataError, PictureError
from watchword.data.files import photos_inside
from watchword.data.made_clips.casts import chosen_names, trimmed
from watchword.data.made_clips.matte import MARGIN, cut_by_box, cut_by_outline
from watchword.data.made_clips.outlines import Outline, outlines_of
from watchword.data.made_clips.shares import Told, key_of, shares
from watchword.data.made_clips.world import Thing
from watchword.data.pictures import cut, open_picture
from watchword.data.readers.box_fields import Box, names_of
from watchword.data.readers.detections import read_detections

SMALLEST, LARGEST = 0.02, 0.7  # share of the photo that a box covers
NARROWEST = 0.25  # shorter side of a box by the longer one, in fractions of the photo
COVERED = 0.4  # share of a box that another box may cover, where no outline says what is in front
MOST = 30  # instances of a name that are looked at
EACH = 3  # instances that a name must have, so that each split has its own


class Instance(NamedTuple):
    """A thing in a photo. box: fractions. outline: polygons, or None where none is given."""

    photo: Path
    box: Box
    outline: Outline | None


class Instances:
    """The things of a file of instances that can be cut out well, and of whose name there are three or more."""

    def __init__(self, file: str | Path, images: str | Path, told: Told, only: Sequence[str] = ()) -> None:
        """Read the file and try what has no outline: that opens its photos, at most thirty for each name.

        images: the folder of the photos. told: hears of photos that are broken. only: names to take; else all.
        """
        if not Path(images).is_dir():
            raise DataError(f"{str(images)!r} is no folder; give the one with the photos of {str(file)!r}")
        self._told = told
        self._cut = lru_cache(1024)(self._cut_out)
        self._all: list[Instance] = []
        by_name: dict[str, list[int]] = {}
        for name, found in sorted(_usable(Path(file), Path(images), told).items()):
            if not only or name in only:
                first = len(self._all)
                self._all += found[:MOST]
                by_name[name] = [place for place in range(first, len(self._all)) if self._fit(place)]
        enough = {name: places for name, places in by_name.items() if len(places) >= EACH}
        names = chosen_names(enough, only, f"cut out well {EACH} times or more, the things of {str(file)!r}")
        self._shared = {name: shares(enough[name]) for name in names}
        chosen = [self._all[place] for name in names for place in enough[name]]
        self.key = key_of("instances", [*names, *(f"{each.photo.name} {each.box}" for each in chosen)])

    def things(self, random: np.random.Generator) -> list[Thing]:
        """Return one thing for each name."""
        return [Thing(name) for name in self._shared]

    def cutout(self, thing: Thing, split: str, random: np.random.Generator) -> np.ndarray:
        """Return a thing cut out (H, L, 4); photos that cannot be opened are passed over."""
        places = self._shared[thing.name][split]
        for number in random.permutation(len(places)):
            try:
                found = self._cut(places[number])
            except PictureError as error:
                self._told(error)
                continue
            if found is not None:
                return found
        last = self._all[places[-1]].photo
        raise DataError(f"no {thing.name} can be cut out of its photos any more; look at {str(last)!r}")

    def _fit(self, place: int) -> bool:
        """Tell whether an instance can be used; of those with an outline that is taken for granted."""
        if self._all[place].outline is not None:
            return True
        try:
            return self._cut(place) is not None
        except PictureError as error:
            self._told(error)
            return False

    def _cut_out(self, place: int) -> np.ndarray | None:
        instance = self._all[place]
        if instance.outline is None:
            found = cut_by_box(*_around(instance))
        else:
            found = cut_by_outline(open_picture(instance.photo), instance.box, instance.outline)
        return None if found is None else trimmed(found)


def _around(instance: Instance) -> tuple[np.ndarray, Box]:
    """Return what a box holds with something of what is around it, (h, l, 3) uint8, and where in that the box is."""
    x0, y0, x1, y1 = instance.box
    wide, high = (x1 - x0) * MARGIN, (y1 - y0) * MARGIN
    left, top, right, bottom = max(0, x0 - wide), max(0, y0 - high), min(1, x1 + wide), min(1, y1 + high)
    width, height = right - left, bottom - top
    inside = ((x0 - left) / width, (y0 - top) / height, (x1 - left) / width, (y1 - top) / height)
    return cut(open_picture(instance.photo), (left, top, right, bottom)), inside


def _usable(file: Path, images: Path, told: Told) -> dict[str, list[Instance]]:
    """Return the instances by name that are neither too small nor too large, whose photos are there."""
    outlines, crowds = outlines_of(file)
    paths = {name: path for path in photos_inside(images, told) for name in names_of(path)}
    found: dict[str, list[Instance]] = defaultdict(list)
    for number, detections in read_detections(file, images).items():
        path = next((paths[each] for each in names_of(detections.file or number) if each in paths), None)
        if path is None:
            continue
        hidden = _hidden(detections.boxes)
        for row, name, share in zip(detections.boxes, detections.names, hidden, strict=True):
            x0, y0, x1, y1 = box = tuple(map(float, row))
            sides = sorted((x1 - x0, y1 - y0))
            fits = SMALLEST <= sides[0] * sides[1] <= LARGEST and sides[0] >= NARROWEST * sides[1]
            outline = outlines.get((number, box))
            if name and fits and (outline is not None or share <= COVERED) and (number, box) not in crowds:
                found[name.lower()].append(Instance(path, (x0, y0, x1, y1), outline))
    return found


def _hidden(boxes: np.ndarray) -> np.ndarray:
    """Return the largest share of each box (N, 4) that another box covers: (N,)."""
    low, high = np.maximum(boxes[:, None, :2], boxes[None, :, :2]), np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1) / areas(boxes)[:, None]
    np.fill_diagonal(shared, 0)
    return shared.max(1, initial=0)
