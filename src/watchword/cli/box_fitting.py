"""A matcher's bundle learns to draw boxes, of phrases whose boxes people drew."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.cli.bundling import rewrite
from watchword.cli.failures import Failure, report
from watchword.cli.grounding import MEASURE, figures, ground
from watchword.cli.looking import looked_at, read_words
from watchword.cli.phrases_asked import Asked, phrases_asked
from watchword.core.errors import BundleError, SettingsError
from watchword.runtime.match_manifest import BOXES
from watchword.runtime.matcher import Matcher
from watchword.training.box_learning import Drawn, learn_boxes

_LEARNT = "train"
FEWEST = 100  # phrases: of fewer nothing is learnt that holds for others


def fit_boxes(
    folder: Path, data: str, images: str | None, split: str, *, phrases: Path | None = None, half: bool = True
) -> str:
    """Write boxes.onnx into the bundle folder of a matcher, learnt from the training photos' phrases.

    phrases: their file, or None for the one beside the data set. half: store weights as float16.
    Return how well it does on those of `split`. Raises `DataError` where there is none, `SettingsError` for the split
    that is learnt from, and `BundleError` for too few or for a matcher that gives words no vectors.
    """
    import torch

    from watchword.alignment.box_regression import BoxRegression
    from watchword.training.export_matcher import write_boxes

    if split == _LEARNT:
        raise SettingsError(f"boxes are learnt from split {_LEARNT!r}: give another one to judge them by, as val")
    asked, failures, _ = phrases_asked(data, images, phrases, _LEARNT)
    judges, wrong, _ = phrases_asked(data, images, phrases, split)
    failures = list(dict.fromkeys(failures + wrong))  # a fault of the file is found twice
    matcher = Matcher(folder)
    drawn = _drawn(matcher, asked, failures)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)  # so that a bundle exported again draws the same boxes
        model = BoxRegression(matcher.boxes, matcher.width)
    learn_boxes(model, drawn.learnt)
    write_boxes(model, len(matcher.boxes), matcher.width, folder / BOXES, half)
    rewrite(folder, {})
    said = _told(folder, drawn.phrases, judges, split, failures)
    report(failures)
    return said


class _Phrases(NamedTuple):
    """What there is to learn from, and how many phrases that is of."""

    learnt: Drawn
    phrases: int


def _drawn(matcher: Matcher, asked: Sequence[Asked], failures: list[Failure]) -> _Phrases:
    """Return each phrase that the matcher reads, and besides its last word alone, for words are asked for too."""
    of_photo: dict[Path, list[Asked]] = defaultdict(list)
    for one in asked:
        of_photo[one.photo].append(one)
    count = 0
    similarities, words, regions = list[np.ndarray](), list[np.ndarray](), list[np.ndarray]()
    photos, boxes = list[int](), list[np.ndarray]()
    for photo, looked in looked_at(matcher, list(of_photo), failures):
        for one in of_photo[photo]:
            read = read_words(matcher, one.sentence)
            if one.words.stop > len(read.words):
                continue
            count += 1
            for first in sorted({one.words.start, one.words.stop - 1}):
                words.append(read.vectors[first : one.words.stop].sum(0))
                similarities.append(looked.vectors @ words[-1])
                photos.append(len(regions))
                boxes.append(one.boxes)
        regions.append(looked.vectors)
    if count < FEWEST:
        raise BundleError(
            f"{matcher.name} reads {count} of {len(asked)} phrases with boxes: too few to learn from; give {FEWEST} or "
            "more"
        )
    learnt = Drawn(np.stack(similarities), np.stack(words), np.array(photos), np.stack(regions), boxes)
    return _Phrases(learnt, count)


def _told(folder: Path, learnt: int, judges: Sequence[Asked], split: str, failures: list[Failure]) -> str:
    """Say how well the bundle draws boxes of phrases that it did not learn from."""
    found = ground(Matcher(folder), judges, [0.0], failures)
    said = f"boxes: learnt from {learnt} phrases"
    if not found.asked:
        return f"{said}; none of those in {split} could be read, so nobody knows how good they are"
    rows = figures(found)
    chosen, drawn = (next(row for row in rows["ways"] if row["by"] == by) for by in ("sum", "drawn"))
    shares = ", ".join(
        f"{what} {chosen[name]:.1%} by the best region, {drawn[name]:.1%} drawn"
        for what, name in (("pointing accuracy", MEASURE), ("IoU 0.5 or more", "recall_at_iou_0.5"))
    )
    return f"{said}; of {rows['phrases']} in {split}: {shares}"
