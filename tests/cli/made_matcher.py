"""A matcher that is made, not trained, and a data set of photos for it with phrases whose boxes are drawn."""

import json
from types import SimpleNamespace

import numpy as np
from PIL import Image

from watchword.core.errors import PictureError
from watchword.core.types import Looked, Read
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize

BOXES = np.array([[0, 0, 1, 1], [0, 0, 0.5, 1], [0.5, 0, 1, 1]], np.float32)
WHOLE, LEFT, RIGHT = (tuple(map(float, box)) for box in BOXES)
NAMED = {"left": (0.2, 1.0, 0.1), "right": (0.2, 0.1, 1.0), "faint": (0.1, 0.2, 0.15)}
OTHERS = (0.5, 0.3, 0.3)  # every other word is about the whole, a little


class Made:
    """Knows the words of `NAMED`. Regions of the photo 3.png are three times as long as those of 1.png.

    At most: words that it reads. One: whether it gives one vector for a sentence.
    """

    name = "made"
    draws_boxes = False
    vocabulary = Vocabulary(("<pad>", "<start>", "<end>", "<unk>", "a", "left", "right", "faint", "of"))
    manifest = SimpleNamespace(averaged=False)

    def __init__(self, at_most=20, one=False, cosines=False):
        self.at_most, self.one, self.cosines = at_most, one, cosines
        self.looks = []

    def look_many(self, photos):
        for photo in photos:
            self.looks.append(photo.name)
            if not photo.exists():
                yield photo, PictureError(f"{str(photo)!r} does not exist; check the name")
                continue
            scale = 1.0 if self.cosines else float(photo.stem)
            steps = np.ones(3) if self.cosines else np.array([1, 1.5, 0.5])
            yield photo, Looked((np.diag(steps) * scale).astype(np.float32), BOXES)

    def look(self, photos):
        return [looked for _, looked in self.look_many(photos)]

    def read(self, sentences):
        rows = []
        for text in sentences:
            words = tuple(tokenize(text)[: self.at_most])
            vectors = np.array([NAMED.get(word, OTHERS) for word in words], np.float32).reshape(-1, 3)
            if self.cosines:
                vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
            rows.append(Read(words, vectors.sum(0, keepdims=True) if self.one and len(words) else vectors))
        return rows

    def similarities(self, read, looked):
        return read.vectors @ looked.vectors.T

    def boxes_of(self, read, looked, runs):
        return looked.boxes[[run.region for run in runs]]


def region(phrase, box, sentid, start):
    return {"phrase": phrase, "box": list(box), "sentid": sentid, "start": start}


def photo(number, sentences, regions, split="val"):
    """Return the records of a photo for `dataset.json` and for `regions.json`."""
    file = f"{number}.png"
    rows = [{"raw": text, "sentid": 10 * number + place} for place, text in enumerate(sentences)]
    return (
        {"filename": file, "split": split, "imgid": number, "sentences": rows},
        {"filename": file, "split": split, "regions": regions},
    )


def saved(folder, photos, missing=()):
    """Write a data set with its photos, but those that are `missing`; return its folder."""
    (folder / "images").mkdir(parents=True)
    data, phrases = zip(*photos, strict=True)
    (folder / "dataset.json").write_text(json.dumps({"images": data}))
    (folder / "regions.json").write_text(json.dumps({"images": phrases}))
    for record in data:
        if record["filename"] not in missing:
            shade = np.full((40, 60, 3), 30 * record["imgid"], np.uint8)
            Image.fromarray(shade).save(folder / "images" / record["filename"])
    return folder


PHOTOS = [
    photo(
        1,
        ["A left , of a right .", "nothing"],
        [
            region("A left", LEFT, 10, 0),
            region("a right", RIGHT, 10, 4),
            region("nothing", (0.6, 0.1, 0.9, 0.9), 11, 0),
        ],
    ),
    photo(
        2,
        ["Left right left right"],
        [region("right", LEFT, 20, 1), region("Left", LEFT, 20, 0), region("Left", RIGHT, 20, 0)],
    ),
    photo(3, ["of the right"], [region("the right", RIGHT, 30, 1)], split="train"),
]
