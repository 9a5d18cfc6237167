"""Phrases whose boxes people drew, looked for by a matcher, and how often it points where they did."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from watchword.alignment.grounding import by_best_word, by_majority, by_sum
from watchword.cli.failures import Failure
from watchword.cli.looking import looked_at, read_words
from watchword.cli.phrases_asked import Asked
from watchword.core.smoothing import aligned
from watchword.core.snippets import Snippet, snippets
from watchword.core.types import Looked
from watchword.metrics.pointing import at_best, by_chance, largest_part, pointing, whole_picture
from watchword.runtime.matcher import Matcher

MEASURE = "centre_in_box"  # which of the figures is called pointing accuracy
NAMES = {"chance": "by chance", "whole": "whole picture", "largest_part": "largest part"}


class Way(NamedTuple):
    """How a box is found: what neighbours in one region are worth, and how it goes on.

    by: "sum", "best word" or "majority", the region of the words; "drawn", the box that the matcher draws for them.
    """

    beta: float
    by: str


@dataclass
class Grounded:
    """What a matcher found for the phrases that could be asked for.

    asked: (N) of them, regions: (N) boxes (R, 4) of each one's photo. where: (N) boxes (4,) that were found, by way.
    sentences: how many were read, each once; words: how many they have; parts: into how many snippets, by beta.
    beyond: phrases that begin or end where the matcher no longer reads.
    """

    asked: list[Asked] = field(default_factory=list)
    regions: list[np.ndarray] = field(default_factory=list)
    where: dict[Way, list[np.ndarray]] = field(default_factory=lambda: defaultdict(list))
    sentences: int = 0
    words: int = 0
    parts: dict[float, int] = field(default_factory=lambda: defaultdict(int))
    beyond: int = 0


def ground(matcher: Matcher, asked: Sequence[Asked], betas: Sequence[float], failures: list[Failure]) -> Grounded:
    """Return the box of each phrase by each beta; photos that cannot be opened go to `failures`."""
    found = Grounded()
    of_photo: dict[Path, dict[str, list[Asked]]] = defaultdict(lambda: defaultdict(list))
    for one in asked:
        of_photo[one.photo][one.sentence].append(one)
    for photo, looked in looked_at(matcher, list(of_photo), failures):
        for sentence, phrases in of_photo[photo].items():
            _ground(matcher, looked, sentence, phrases, betas, found)
    return found


def _ground(
    matcher: Matcher, looked: Looked, sentence: str, phrases: list[Asked], betas: Sequence[float], found: Grounded
) -> None:
    """Add the phrases of one sentence to what was found."""
    read = read_words(matcher, sentence)
    known = [one for one in phrases if one.words.stop <= len(read.words)]
    found.beyond += len(phrases) - len(known)
    if not known:
        return
    similarities = matcher.similarities(read, looked)
    found.asked += known
    found.regions += [looked.boxes] * len(known)
    found.sentences += 1
    found.words += len(read.words)
    for beta in betas:
        alignment = aligned(similarities, beta)
        runs = snippets(similarities, alignment)
        found.parts[beta] += len(runs)
        for one in known:
            for by, place in _choices(similarities, alignment, beta, one.words).items():
                found.where[Way(beta, by)].append(looked.boxes[place])
        if matcher.draws_boxes:
            asked_for = [_run(runs, similarities, beta, one.words) for one in known]
            found.where[Way(beta, "drawn")] += [*matcher.boxes_of(read, looked, asked_for)]


def _choices(similarities: np.ndarray, alignment: np.ndarray, beta: float, words: slice) -> dict[str, int]:
    """Return the region of a phrase: of words each on its own by two ways, of smoothed ones by theirs."""
    if beta:
        return {"majority": by_majority(similarities, alignment, words)}
    return {"sum": by_sum(similarities, words), "best word": by_best_word(similarities, words)}


def _run(runs: Sequence[Snippet], similarities: np.ndarray, beta: float, words: slice) -> Snippet:
    """Return the words that a phrase's box is drawn for: its own, or, smoothed, the snippet that most of them are in.

    Of several that hold as many of them, the one that fits its region best.
    """
    if not beta:
        return Snippet(words.start, words.stop, by_sum(similarities, words), 0.0)
    return max(runs, key=lambda run: (min(run.end, words.stop) - max(run.first, words.start), run.similarity))


def figures(found: Grounded) -> dict[str, Any]:
    """Return how often each way is right, and what that is beside the best of three ways that read no sentence."""
    boxes = [one.boxes for one in found.asked]
    baselines = {
        "chance": named(by_chance(found.regions, boxes)),
        "whole": named(whole_picture(boxes)),
        "largest_part": named(largest_part(found.regions, boxes)),
    }
    best = max(baselines, key=lambda name: baselines[name][MEASURE])
    rows = []
    for way, where in found.where.items():
        row = named(pointing(where, boxes))
        mean = found.words / found.parts[way.beta]
        rows.append({**way._asdict(), **row, "ratio": ratio(row, baselines[best]), "words_a_snippet": mean})
    about = {"phrases": len(boxes), "photos": len({one.photo for one in found.asked}), "sentences": found.sentences}
    best_region = named(at_best(found.regions, boxes))
    return about | {
        "beyond": found.beyond,
        "ways": rows,
        "baselines": baselines,
        "best_baseline": best,
        "best_region": best_region,
    }


def named(shares: Any) -> dict[str, float]:
    """Return a `Pointing` under names that say what is right."""
    return {MEASURE: shares.inside, "covers_centre": shares.covers, "recall_at_iou_0.5": shares.overlaps}


def ratio(row: Mapping[str, float], baseline: Mapping[str, float]) -> float | None:
    """Return how many times as often as the baseline a way is right; None where that never is."""
    return row[MEASURE] / baseline[MEASURE] if baseline[MEASURE] else None
