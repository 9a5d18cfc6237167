"""A matcher's bundle learns to draw boxes, of phrases whose boxes people drew."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from watchword.cli.bundling import rewrite
from watchword.cli.failures import Failure, report
from watchword.cli.grounding import MEASURE, figures, ground
from watchword.cli.looking import looked_at, read_words
from watchword.cli.phrases_asked import Asked, phrases_asked
from watchword.core.errors import BundleError
from watchword.runtime.match_manifest import BOXES
from watchword.runtime.matcher import Matcher
from watchword.training.box_learning import Drawn, learn_boxes

FEWEST = 100  # phrases: of fewer nothing is learnt that holds for others


def fit_boxes(folder: Path, data: str, images: str | None, split: str) -> str:
    """Write boxes.onnx into the bundle folder of a matcher, learnt from the training photos' phrases.

    Return how well it does on those of `split`. Raises `DataError` where there is none, and `BundleError` for too few
    or for a matcher that gives words no vectors.
    """
    from watchword.alignment.box_regression import BoxRegression
    from watchword.training.export_matcher import write_boxes

    asked, failures, _ = phrases_asked(data, images, None, "train")
    judges, wrong, _ = phrases_asked(data, images, None, split)
    report(failures + wrong)
    if len(asked) < FEWEST:
        raise BundleError(f"{data}: {len(asked)} phrases with boxes are too few to learn from; give {FEWEST} or more")
    matcher = Matcher(folder)
    drawn = _drawn(matcher, asked)
    model = BoxRegression(matcher.boxes, matcher.width)
    learn_boxes(model, drawn)
    write_boxes(model, len(matcher.boxes), matcher.width, folder / BOXES)
    rewrite(folder, {})
    return _told(folder, asked, judges, split)


def _drawn(matcher: Matcher, asked: Sequence[Asked]) -> Drawn:
    """Return what there is to learn from: each phrase, and besides its last word alone, for words are asked for too."""
    of_photo: dict[Path, list[Asked]] = defaultdict(list)
    for one in asked:
        of_photo[one.photo].append(one)
    failures = list[Failure]()
    similarities, words, regions = list[np.ndarray](), list[np.ndarray](), list[np.ndarray]()
    photos, boxes = list[int](), list[np.ndarray]()
    for photo, looked in looked_at(matcher, list(of_photo), failures):
        for one in of_photo[photo]:
            read = read_words(matcher, one.sentence)
            for run in dict.fromkeys([(one.words.start, one.words.stop), (one.words.stop - 1, one.words.stop)]):
                if run[1] > len(read.words):
                    continue
                words.append(read.vectors[slice(*run)].sum(0))
                similarities.append(looked.vectors @ words[-1])
                photos.append(len(regions))
                boxes.append(one.boxes)
        regions.append(looked.vectors)
    report(failures)
    if not boxes:
        raise BundleError(f"{matcher.name} reads none of the phrases to their end, so nothing is learnt from them")
    return Drawn(np.stack(similarities), np.stack(words), np.array(photos), np.stack(regions), boxes)


def _told(folder: Path, asked: Sequence[Asked], judges: Sequence[Asked], split: str) -> str:
    """Say how well the bundle draws boxes of phrases that it did not learn from."""
    failures = list[Failure]()
    found = figures(ground(Matcher(folder), judges, [0.0], failures))
    report(failures)
    chosen, drawn = (next(row for row in found["ways"] if row["by"] == by) for by in ("sum", "drawn"))
    shares = ", ".join(
        f"{what} {chosen[name]:.1%} by the best region, {drawn[name]:.1%} drawn"
        for what, name in (("pointing accuracy", MEASURE), ("IoU 0.5 or more", "recall_at_iou_0.5"))
    )
    return f"boxes: learnt from {len(asked)} phrases; of {len(judges)} in {split}: {shares}"
