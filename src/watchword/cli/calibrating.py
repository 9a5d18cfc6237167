"""How a matcher's scores become a probability, and the cut-off below which nothing fits, learnt from a data set."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from watchword.cli.questions import NOBODY, Questions, fitting, related
from watchword.cli.ranked import similarities
from watchword.core.errors import BundleError, RetrievalError
from watchword.metrics.logistic import fit_logistic
from watchword.retrieval.calibration import Best, Calibration, fit_calibration, with_photos

MOST = 1000  # photos, evenly taken from the split: scores of all with all take minutes
ANSWERED = 0.9  # of the questions that a photo fits, the share that the cut-off lets through
LISTED = 100  # photos of a search, its best, that are learnt from singly
_SMALLEST, _TIMES = 10, 3  # of the collections, which are of 10, 30, 90 photos and so on, and of all


class Searches(NamedTuple):
    """What searches find at best.

    fitting: where the photo that a question was written of is there. strange: where none is left that may fit.
    others: where its own alone is taken out. foreign: of questions written of no photo here, to which none may fit.
    """

    fitting: list[Best]
    strange: list[Best]
    others: list[Best]
    foreign: list[Best]

    @property
    def refusable(self) -> list[Best]:
        """What is to be refused."""
        return [*self.strange, *self.foreign]


class Asked(NamedTuple):
    """What is asked of photos, every score less the photo's hubness (N, S), and which may fit what and do (N, S) bool.

    averaged: the scores are means over the words.
    """

    questions: Questions
    scores: np.ndarray
    kin: np.ndarray
    fits: np.ndarray
    averaged: bool


def calibrate(
    regions: np.ndarray, asked: Questions, *, averaged: bool, hubness: np.ndarray | None = None
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return a calibration for the manifest, and how good it is on photos that it was not fitted on.

    regions: (N, R, D), and hubness: (N,), of the photos; without it 0. The figures are of searches among half of the
    photos, by a fit on the other half: `answered`, of the sentences whose own photo is there; `refused`, of those to
    which no photo is left that may fit; `refused_own_out`, of those whose own photo alone is left out, though other
    photos may fit as well; `refused_foreign`, of those written of other photos. `…_short` are the same of runs of a
    few words. Of single photos, of answered searches: `shown`, of those that fit, is the share that is shown,
    `shown_fit` the share of what is shown that fits, `shown_may_fit` that fits or shares half of the content words.

    Raises `BundleError` where there are too few photos to learn it from.
    """
    scores = similarities(regions, [read.vectors for read in asked.read])
    if hubness is not None:
        scores -= hubness[:, None]
    kin = related(asked.texts, asked.owner, len(regions))
    known = Asked(asked, scores, kin, fitting(asked.texts, asked.owner, asked.run, len(regions)), averaged)
    random = np.random.default_rng(0)
    everyone, all_asked = np.arange(len(regions)), np.arange(len(asked.texts))
    side = random.permutation(len(everyone)) % 2
    # A question of nobody's falls to either half by chance, so that none is both learnt from and judged by.
    falls = np.where(asked.owner == NOBODY, random.integers(0, 2, len(asked.owner)), side[asked.owner])

    def fitted(photos: np.ndarray, places: np.ndarray) -> Calibration:
        found = _searches(known, photos, places, sizes_of(photos), random)
        best = fit_calibration(found.fitting, found.refusable, fit_logistic, averaged=averaged, answered=ANSWERED)
        return _with_photos(known, best, photos, places)

    try:
        judged = [
            _judged(
                known, fitted(everyone[side != half], all_asked[falls != half]), everyone[side == half], mine, random
            )
            for half, mine in ((half, all_asked[falls == half]) for half in (0, 1))
        ]
        found = fitted(everyone, all_asked)
    except RetrievalError:
        raise BundleError(
            f"{len(everyone)} photos with sentences are too few, or too much alike, to tell what fits from what does "
            "not; calibrate on more, or leave out --calibrate"
        ) from None
    numbers: dict[str, Any] = {name: value for name, value in asdict(found).items() if name != "averaged"}
    return numbers, {
        name: float(np.mean([half[name] for half in judged if name in half]))
        for name in dict.fromkeys(name for half in judged for name in half)
    }


def sizes_of(photos: np.ndarray) -> list[int]:
    """Return of how many of these photos collections are made."""
    sizes, size = list[int](), _SMALLEST
    while size < len(photos):
        sizes.append(size)
        size *= _TIMES
    return [*sizes, len(photos)]


def _with_photos(known: Asked, best: Calibration, photos: np.ndarray, places: np.ndarray) -> Calibration:
    """Return a calibration with what its searches teach of single photos; without, where they teach nothing."""
    listed = list(_listed(known, best, photos, places, LISTED))
    certain = [each.fits | ~each.kin for each in listed]
    rows = [each.rows[sure] for each, sure in zip(listed, certain, strict=True)]
    fits = [each.fits[sure] for each, sure in zip(listed, certain, strict=True)]
    try:
        return with_photos(best, np.concatenate(rows), np.concatenate(fits), fit_logistic) if rows else best
    except RetrievalError:  # of what is found either everything fits or nothing
        return best


class Listed(NamedTuple):
    """Photos of one search whose best answers it: rows (K, 4) as `with_photos` takes them, what fits, what may."""

    rows: np.ndarray
    fits: np.ndarray
    kin: np.ndarray


def _listed(
    known: Asked, calibration: Calibration, photos: np.ndarray, places: np.ndarray, most: int
) -> Iterator[Listed]:
    """Yield the `most` best photos of the searches that are answered, each among all these photos."""
    for place in places.tolist():
        read, scores = known.questions.read[place], known.scores[photos, place]
        words = len(read.vectors)
        if not words:
            continue
        best = float(scores.max())
        if calibration.probability(best, words, len(photos), read.rarity, read.hubness) < calibration.least:
            continue
        some = np.argpartition(-scores, min(most, len(photos)) - 1)[:most]
        rows = np.empty((len(some), 4))
        rows[:, 0] = scores[some] / (1 if known.averaged else words)
        rows[:, 1:] = words, read.rarity, read.hubness
        yield Listed(rows, known.fits[photos[some], place], known.kin[photos[some], place])


def _shown(known: Asked, calibration: Calibration, photos: np.ndarray, places: np.ndarray) -> Mapping[str, float]:
    """Return the shares of photos that fit and are shown, and of those shown that fit, and that may."""
    if calibration.photo is None:
        return {}
    of_photo, cut = calibration.photo, math.log(calibration.photo.least / (1 - calibration.photo.least))
    fit = shown = right = maybe = 0
    for each in _listed(known, calibration, photos, places, len(photos)):
        seen = of_photo.logit(*each.rows.T) >= cut
        seen[each.rows[:, 0].argmax()] = True
        fit, shown, right = fit + int(each.fits.sum()), shown + int(seen.sum()), right + int((seen & each.fits).sum())
        maybe += int((seen & (each.fits | each.kin)).sum())
    if not shown or not fit:
        return {}
    return {"shown": right / fit, "shown_fit": right / shown, "shown_may_fit": maybe / shown}


def _searches(
    known: Asked, photos: np.ndarray, places: np.ndarray, sizes: Sequence[int], random: np.random.Generator
) -> Searches:
    """Return what searches for the questions at `places` find at best, among so many of these photos."""
    found = Searches([], [], [], [])
    for place in places.tolist():
        for kind, best in _found(known, photos, place, sizes, random):
            getattr(found, kind).append(best)
    return found


def _found(
    known: Asked, photos: np.ndarray, place: int, sizes: Sequence[int], random: np.random.Generator
) -> Iterator[tuple[str, Best]]:
    """Yield what each search for one question finds at best, and which kind of search it is."""
    read, own = known.questions.read[place], int(known.questions.owner[place])
    if not len(read.vectors):
        return
    fits, scores = known.kin[:, place], known.scores[:, place]

    def best(chosen: np.ndarray) -> Best:
        return Best(float(scores[chosen].max()), len(read.vectors), len(chosen), read.rarity, read.hubness)

    for size in sizes:
        if own == NOBODY:
            if not fits[photos].any():
                yield "foreign", best(random.permutation(photos)[:size])
            continue
        others = random.permutation(photos[photos != own])[: size - 1]
        unlike = others[~fits[others]]
        yield "fitting", best(np.append(others, own))
        if len(others):
            yield "others", best(others)
        if len(unlike):
            yield "strange", best(unlike)


def _judged(
    known: Asked, calibration: Calibration, photos: np.ndarray, places: np.ndarray, random: np.random.Generator
) -> Mapping[str, float]:
    """Return the shares of searches among all these photos that are answered and refused."""

    def share(bests: Sequence[Best], right: Callable[[float], bool]) -> float:
        return float(np.mean([right(calibration.probability(*best)) for best in bests])) if bests else 0.0

    figures = dict[str, float]()
    for ending, short in (("", False), ("_short", True)):
        found = _searches(known, photos, places[known.questions.run[places] == short], [len(photos)], random)
        figures[f"answered{ending}"] = share(found.fitting, lambda chance: chance >= calibration.least)
        refusals = {"refused": found.strange, "refused_own_out": found.others, "refused_foreign": found.foreign}
        for name, bests in refusals.items():
            if bests:
                figures[name + ending] = share(bests, lambda chance: chance < calibration.least)
        own = places[(known.questions.run[places] == short) & (known.questions.owner[places] != NOBODY)]
        figures |= {name + ending: value for name, value in _shown(known, calibration, photos, own).items()}
    return figures


def told(figures: Mapping[str, Any]) -> str:
    """Return the figures of `calibrate` as a line for people."""
    names = {"refused": "of sentences that no photo fits", "refused_foreign": "written of other photos"}
    refused = ", of ".join(f"{figures[name]:.0%} {what}" for name, what in names.items() if name in figures)
    return (
        f"nothing fits: said of {refused or 'what nobody knows (some photo fits each sentence)'}, and not of "
        f"{figures['answered']:.0%} of those that one fits (of {figures['refused_own_out']:.0%} whose own photo alone "
        f"is left out), on held-out halves{_told_of_photos(figures)}"
    )


def _told_of_photos(figures: Mapping[str, Any]) -> str:
    """Return the figures of single photos behind those of searches, where there are any."""
    kinds = [
        f"{figures[f'shown{ending}']:.0%} of the photos that fit {what} are shown, {figures[f'shown_fit{ending}']:.0%} "
        f"of those shown fit and {figures[f'shown_may_fit{ending}']:.0%} may"
        for ending, what in (("", "sentences"), ("_short", "runs of words"))
        if f"shown{ending}" in figures
    ]
    return "".join(f"; {kind}" for kind in kinds)
