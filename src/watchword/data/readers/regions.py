"""Parts of photos and what is said of each, as examples: given as boxes with phrases, or as rows of a table.

{"image": "1.jpg", "box": [0.1, 0.2, 0.5, 0.9], "sentence": "a white dog", "split": "train"}

Boxes of a photo that overlap by more than 0.7 are one region, their mean, with all that is said of them (paper 5,
section 4); so the sentences of an example are different ones about one place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from watchword.core.types import Example
from watchword.data.boxes import merged
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import Record, photo_folder
from watchword.data.readers.phrases import PhrasedPhoto, Region, photos_in, regions_of
from watchword.data.readers.visual_genome import photos_of

Box = tuple[float, float, float, float]


def read_phrased(document: Record, source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield the regions of a parsed file of phrases with boxes."""
    return examples_of(photos_in(document, source, faults), source, images)


def read_described(records: list[Any], source: Path, images: Path | None, faults: Faults) -> Iterator[Example]:
    """Yield the regions of Visual Genome's parsed region_descriptions.json, beside which image_data.json lies."""
    return examples_of(photos_of(records, source, source.with_name("image_data.json"), faults), source, images)


def examples_of(photos: Iterable[PhrasedPhoto], source: Path, images: Path | None) -> Iterator[Example]:
    """Yield an example for each region of photos, photo by photo."""
    listed = list(photos)
    folder = photo_folder(source, images, (photo.file for photo in listed))
    for photo in listed:
        whole = Example(photo.file, folder / photo.file, split=photo.split)
        yield from (_part(whole, region) for region in regions_of(photo.phrases))


def joined(examples: Iterable[Example]) -> Iterator[Example]:
    """Yield examples, those with a box as regions in place of the first one of their photo, or stretch, and split."""
    given = list(examples)
    boxed: dict[tuple[object, ...], list[Example]] = {}
    for row in given:
        if row.box is not None:
            boxed.setdefault(_photo(row), []).append(row)
    for row in given:
        if row.box is None:
            yield row
        else:
            yield from _regions(boxed.pop(_photo(row), []))


def _photo(row: Example) -> tuple[object, ...]:
    """Return what rows have in common that are of one photo, or of one stretch of a clip."""
    return row.path or row.id, row.span, row.split, row.weight


def _regions(parts: list[Example]) -> Iterator[Example]:
    """Yield the regions of a photo's examples, all with a box: what the first of a region has, and what all say."""
    said = [row for row in parts for _ in row.sentences or ("",)]  # a box counts once for each of its sentences
    means, groups = merged(np.array([row.box for row in said], np.float32).reshape(-1, 4))
    for mean, group in zip(means, groups, strict=True):
        rows = [said[i] for i in group]
        labels = tuple(dict.fromkeys(label for row in rows for label in row.labels))
        sentences = tuple(dict.fromkeys(text for row in rows for text in row.sentences))
        yield _part(replace(rows[0], labels=labels), Region(mean, sentences))


def _part(photo: Example, region: Region) -> Example:
    """Return the example of a region; its id is that of the photo, with the box behind it."""
    x0, y0, x1, y1 = (round(float(side), 4) for side in region.box)
    named = f"{photo.id}@{x0:g},{y0:g},{x1:g},{y1:g}"
    return replace(photo, id=named, sentences=region.sentences, box=(x0, y0, x1, y1))
