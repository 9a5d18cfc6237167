"""A model made for the tests: it sees the shades of the four quarters of a picture, and reads names of shades."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

from watchword.core.types import Looked, Read
from watchword.retrieval.about import About
from watchword.retrieval.lance import PHOTOS, photo_schema
from watchword.retrieval.photo import Photo, photo_table
from watchword.retrieval.tables import Tables

WIDTH = 4
SHADES = {"red": (230, 20, 20), "green": (20, 230, 20), "blue": (20, 20, 230), "white": (240, 240, 240)}
QUARTERS = np.array([[0, 0, 0.5, 0.5], [0.5, 0, 1, 0.5], [0, 0.5, 0.5, 1], [0.5, 0.5, 1, 1]], np.float32)


def vector(shade):
    """A shade as a point: red, green, blue around the middle, and lightness."""
    return np.array([*(np.array(shade) / 127.5 - 1), np.mean(shade) / 255], np.float32)


class MadeMatcher:
    """Keeps count of the pictures it looked at."""

    size, width = 16, WIDTH

    def __init__(self, key="made", spoil=None):
        """key: what it calls itself. spoil: changes what was seen, to do damage."""
        self.key, self.spoil, self.looked = key, spoil, 0

    def look(self, pictures):
        self.looked += len(pictures)
        return [self._one(picture) for picture in pictures]

    def _one(self, picture):
        half = len(picture) // 2
        parts = [picture[:half, :half], picture[:half, half:], picture[half:, :half], picture[half:, half:]]
        seen = Looked(np.stack([vector(part.mean((0, 1))) for part in parts]), QUARTERS.copy())
        return self.spoil(seen) if self.spoil else seen

    def read(self, texts):
        known = [tuple(word for word in text.split() if word in SHADES) for text in texts]
        return [Read(row, np.array([vector(SHADES[word]) for word in row]).reshape(-1, WIDTH)) for row in known]


def picture(*shades, size=8):
    """A picture of four quarters."""
    pixels = np.zeros((2 * size, 2 * size, 3), np.uint8)
    for i, shade in enumerate(shades):
        y, x = divmod(i, 2)
        pixels[y * size : (y + 1) * size, x * size : (x + 1) * size] = SHADES.get(shade, shade)
    return Image.fromarray(pixels)


def put(path, *shades, exif=None, age=60):
    """Write a picture as PNG, changed `age` seconds ago."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(*shades).save(path, "PNG", **({"exif": exif} if exif is not None else {}))
    return aged(path, age)


def aged(path, age=60):
    """Let a file have been changed some seconds ago."""
    then = path.stat().st_mtime_ns - int(age * 1e9)
    os.utime(path, ns=(then, then))
    return path


def fill(place, vectors, *, sentences=None, labels=None, paths=None, taken=None, model="made", hubness=None):
    """Make an index of made vectors, (R, D) a photo, without photos."""
    tables = Tables(place)
    tables.begin(About(model, vectors[0].shape[1]))
    table = tables.need(PHOTOS)
    step = 4096
    for start in range(0, len(vectors), step):
        photos = [
            Photo(
                paths[i] if paths else f"/photos/{i:06}.jpg",
                f"{i:064x}",
                model,
                1,
                1,
                taken[i] if taken else None,
                labels[i] if labels else (),
                sentences[i] if sentences else None,
                np.asarray(vectors[i], np.float16),
                np.tile(np.array([0, 0, 1, 1], np.float32), (len(vectors[i]), 1)),
                hubness[i] if hubness else 0.0,
            )
            for i in range(start, min(start + step, len(vectors)))
        ]
        table.add(photo_table(photos, photo_schema(vectors[0].shape[1])))
    return place


class Fixed:
    """A model whose words are given: `read` returns what was put into `words`."""

    size = 16

    def __init__(self, words, key="made"):
        self.words, self.key, self.width = np.asarray(words, np.float32), key, np.shape(words)[1]

    def look(self, pictures):
        return [Looked(self.words, np.tile(np.array([0, 0, 1, 1], np.float32), (len(self.words), 1)))] * len(pictures)

    def read(self, texts):
        return [Read(tuple(f"word {i}" for i in range(len(self.words))), self.words)] * len(texts)
