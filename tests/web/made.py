"""What the pages can do, made for the tests: an index of made photos, a captioner and a matcher of a few lines."""

from pathlib import Path

import numpy as np

from tests.retrieval.made import MadeMatcher, put
from watchword.core.errors import DataError
from watchword.core.types import Sentence
from watchword.data.pictures import open_picture
from watchword.retrieval.calibration import Calibration
from watchword.retrieval.index import Index
from watchword.retrieval.matching import Described
from watchword.web.abilities import Abilities, Told
from watchword.web.aligning import Aligner

MARKUP = "<img src=x onerror=alert(1)> & \"quotes\" 'too'.png"
SAID = Sentence(
    "a red thing",
    ("a", "red", "thing"),
    (-0.1, -0.2, -2.0, -0.1),
    0.62,
    np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.7], [0.25, 0.25, 0.25, 0.25]], np.float32),
    (("collie", 0.71), ("<b>pug</b>", 0.2), ("cat", 0.001)),
)
KEPT = Described("a made photo", ("made",))
CALIBRATION = Calibration(per_word=6.0, words=0.0, bias=-12.0)


class Reading(MadeMatcher):
    """The matcher of the index's tests, which also aligns."""

    def look(self, pictures):
        return super().look([open_picture(picture, size=self.size) for picture in pictures])

    def similarities(self, read, looked):
        return read.vectors @ looked.vectors.T

    def boxes_of(self, read, looked, runs):
        return looked.boxes[[run.region for run in runs]]


def photos(folder):
    """Photos of four shades each, one of them with a name full of markup."""
    put(folder / "mixed.png", "red", "green", "blue", "white")
    put(folder / "red.png", "red", "red", "red", "red")
    put(folder / "sub" / "blue.png", "blue", "blue", "blue", "blue")
    put(folder / MARKUP, "green", "green", "green", "white")
    return folder


def describe(photo):
    """One sentence for all; a picture that cannot be opened is found out."""
    open_picture(photo.source, size=8)
    return SAID


def regions(photo):
    """Two parts."""
    return [Told((0.0, 0.0, 0.5, 0.5), "a red part", 0.9), Told((0.5, 0.5, 1.0, 1.0), "<i>white</i> part")]


def abilities(folder, **changes):
    """What can be done with the photos in a folder, indexed beside it."""
    matcher = Reading()
    index = Index(Path(folder).parent / "made.index", matcher)
    if index.about is None:
        index.update([folder], matcher, describe=lambda pictures: [KEPT] * len(pictures))
        index.calibrate(CALIBRATION)

    def search(question):
        image = question.photo.source if question.photo else None
        asked = {"limit": question.limit, "where": question.where, "by": question.by, "least": question.least}
        return index.search(question.text, image=image, **asked)

    given = {
        "model": "made",
        "grid": (2, 2),
        "describe": describe,
        "align": Aligner(matcher, lambda word: word != "white"),
        "regions": regions,
        "search": search,
        "calibration": lambda: index.calibration,
        "photos": index.__len__,
        "content": lambda word: word != "white",
    }
    return Abilities(**{**given, **changes})


def refuses(*_):
    """A model that refuses."""
    raise DataError("the model says no; ask another one")
