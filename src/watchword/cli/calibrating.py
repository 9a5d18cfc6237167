"""How a matcher's scores become a probability, and the cut-off below which nothing fits, learnt from a data set."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from watchword.cli.ranked import Ranked, similarities
from watchword.core.errors import BundleError, RetrievalError
from watchword.data.words import tokenize
from watchword.metrics.content import content_stems
from watchword.metrics.logistic import fit_logistic
from watchword.retrieval.calibration import Best, Calibration, fit_calibration

MOST = 1000  # photos, evenly taken from the split: scores of all with all take minutes
ANSWERED = 0.9  # of the sentences that a photo fits, the share that the cut-off lets through
SHARED = 0.5  # a photo whose sentences hold this share of a sentence's content words may fit it
_SMALLEST, _TIMES = 10, 3  # of the collections, which are of 10, 30, 90 photos and so on, and of all


class Searches(NamedTuple):
    """What searches for sentences find at best.

    fitting: where a sentence's own photo is there. strange: where none is left that may fit. others: where its own
    alone is taken out.
    """

    fitting: list[Best]
    strange: list[Best]
    others: list[Best]


def calibrate(seen: Ranked, *, averaged: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Return a calibration for the manifest, and how good it is on photos that it was not fitted on.

    The figures are of searches among half of the photos, by a fit on the other half: `answered`, of the sentences
    whose own photo is there; `refused`, of those to which no photo is left that may fit; `refused_own_out`, of those
    whose own photo alone is left out, though other photos may fit as well.

    Raises `BundleError` where there are too few photos to learn it from.
    """
    scores = similarities(seen.regions, [read.vectors for read in seen.read])
    kin = related(seen.sentences, seen.owner, len(seen.regions))
    words = np.array([len(read.vectors) for read in seen.read])
    random = np.random.default_rng(0)

    def searched(photos: np.ndarray, sizes: Sequence[int]) -> Searches:
        return _together(_searches(scores, kin, words, seen.owner, photos, sizes, random))

    def fitted(found: Searches) -> Calibration:
        return fit_calibration(found.fitting, found.strange, fit_logistic, averaged=averaged, answered=ANSWERED)

    everyone = np.arange(len(seen.regions))
    halves = [everyone[random.permutation(len(everyone)) % 2 == half] for half in (0, 1)]
    try:
        judged = [
            _judged(fitted(searched(halves[1 - half], sizes_of(halves[1 - half]))), searched(mine, [len(mine)]))
            for half, mine in enumerate(halves)
        ]
        found = fitted(searched(everyone, sizes_of(everyone)))
    except RetrievalError:
        raise BundleError(
            f"{len(everyone)} photos with sentences are too few, or too much alike, to tell what fits from what does "
            "not; calibrate on more, or leave out --calibrate"
        ) from None
    numbers = {name: value for name, value in asdict(found).items() if name != "averaged"}
    return numbers, {name: float(np.mean([half[name] for half in judged])) for name in judged[0]}


def related(sentences: Sequence[str], owner: np.ndarray, photos: int) -> np.ndarray:
    """Return which photos may fit which sentences, by their words: (photos, S) bool; its own fits a sentence always."""
    stems = [content_stems(tokenize(text)) for text in sentences]
    columns = {stem: i for i, stem in enumerate(sorted(frozenset[str]().union(*stems)))}
    asked, said = (np.zeros((count, len(columns)), np.float32) for count in (len(sentences), photos))
    for number, (own, each) in enumerate(zip(owner.tolist(), stems, strict=True)):
        places = [columns[stem] for stem in each]
        asked[number, places] = 1
        said[own, places] = 1
    fits: np.ndarray = said @ asked.T >= SHARED * np.maximum(asked.sum(1), 1)
    fits[owner, np.arange(len(owner))] = True
    return fits


def sizes_of(photos: np.ndarray) -> list[int]:
    """Return of how many of these photos collections are made."""
    sizes, size = list[int](), _SMALLEST
    while size < len(photos):
        sizes.append(size)
        size *= _TIMES
    return [*sizes, len(photos)]


def _searches(
    scores: np.ndarray,
    kin: np.ndarray,
    words: np.ndarray,
    owner: np.ndarray,
    photos: np.ndarray,
    sizes: Sequence[int],
    random: np.random.Generator,
) -> Iterator[Searches]:
    """Yield, for each sentence of these photos and each size, what a search among so many of them finds at best."""
    for sentence in np.flatnonzero(np.isin(owner, photos) & (words > 0)).tolist():
        own, count = owner[sentence], int(words[sentence])

        def best(places: np.ndarray, sentence: int = sentence, count: int = count) -> list[Best]:
            return [Best(float(scores[places, sentence].max()), count, len(places))] if len(places) else []

        for size in sizes:
            others = random.permutation(photos[photos != own])[: size - 1]
            yield Searches(best(np.append(others, own)), best(others[~kin[others, sentence]]), best(others))


def _together(searches: Iterator[Searches]) -> Searches:
    whole = Searches([], [], [])
    for part in searches:
        for all_of, some in zip(whole, part, strict=True):
            all_of.extend(some)
    return whole


def _judged(calibration: Calibration, found: Searches) -> Mapping[str, float]:
    """Return the shares of searches that are answered and refused."""

    def share(bests: Sequence[Best], right: Callable[[float], bool]) -> float:
        return float(np.mean([right(calibration.probability(*best)) for best in bests]))

    return {
        "answered": share(found.fitting, lambda chance: chance >= calibration.least),
        "refused": share(found.strange, lambda chance: chance < calibration.least),
        "refused_own_out": share(found.others, lambda chance: chance < calibration.least),
    }


def told(figures: Mapping[str, Any]) -> str:
    """Return the figures of `calibrate` as a line for people."""
    return (
        f"nothing fits: said of {figures['refused']:.0%} of sentences that no photo fits, and not of "
        f"{figures['answered']:.0%} of those that one fits (of {figures['refused_own_out']:.0%} whose own photo alone "
        "is left out), on held-out halves"
    )
