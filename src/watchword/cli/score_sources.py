"""What `watchword score` reads, and the figures of it."""

import re
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import typer

from watchword.core.errors import ScoreError
from watchword.core.types import Example
from watchword.data.captions import Paired, pair, read_captions
from watchword.data.rated import read_ratings
from watchword.metrics.comparison import Comparison, compare
from watchword.metrics.figures import CaptionScores
from watchword.metrics.ids import check_pairs, listed
from watchword.metrics.ratings import Agreement, by_metric
from watchword.metrics.scorer import Scorer

if TYPE_CHECKING:
    from watchword.metrics.meteor.helper import Helper

_LONG = 5_000_000  # ratings times sets of images: from here on a word is due
_LINE_END = re.compile("[\r\v\f\u2028\u2029](?=.)", re.DOTALL)  # at the very end it moves nothing


class Sources(NamedTuple):
    """The files of both sides; no candidates where ratings bring their own."""

    candidates: Path | None
    references: list[Path]
    against: Path | None = None
    ratings: Path | None = None

    @property
    def all(self) -> list[Path]:
        """Every file that is read."""
        return [*self.references, *(path for path in (self.candidates, self.against, self.ratings) if path)]


@dataclass(frozen=True)
class Result:
    """Sentences brought together, their figures, what scored them, and the references as they were read."""

    paired: Paired
    scores: CaptionScores
    scorer: Scorer
    references: list[Example]


def asked(
    files: Sequence[Path], references: Sequence[Path], against: Path | None = None, ratings: Path | None = None
) -> Sources:
    """Return which of the given files are which: candidates first, then references, those of the option before."""
    if references and not ratings and _comes_first("--references", files[0]):
        raise typer.BadParameter("give the candidates first: watchword score CANDIDATES --references FILE...")
    first, rest = (files[0], files[1:]) if ratings is None else (None, files)
    sources = Sources(first, [*references, *rest], against, ratings)
    if not sources.references:
        raise typer.BadParameter("give references too: watchword score CANDIDATES REFERENCES")
    for path in sources.all:
        if not path.exists():
            raise typer.BadParameter(f"{path} does not exist")
    return sources


def _comes_first(option: str, file: Path) -> bool:
    """Say whether an option was typed before a file: what follows it was then meant to be its own."""
    typed = [place for place, text in enumerate(sys.argv) if text == option or text.startswith(f"{option}=")]
    files = [place for place, text in enumerate(sys.argv) if text == str(file)]
    return bool(typed and files) and typed[0] < files[0]


def scored(sources: Sources, split: str | None, only: Sequence[str], *, partial: bool) -> Result:
    """Return the figures of the candidates."""
    assert sources.candidates is not None
    prepare_for(only)
    with _helper(sources.candidates, only) as helper:
        said, theirs = read_captions([sources.candidates]), read_captions(sources.references)
        paired = pair(said, theirs, split=split, partial=partial)
        _warn_of_shifts(paired)
        scorer = Scorer(paired.references, only=only, helper=helper)
        return Result(paired, scorer.score(paired.candidates), scorer, theirs)


def _helper(candidates: Path, only: Sequence[str]) -> "AbstractContextManager[Helper | None]":
    """Return a second process for METEOR where that pays: from about 2,000 sentences on, with two cores."""
    if "METEOR" not in only or candidates.stat().st_size < 120_000:
        return nullcontext()
    from watchword.metrics.meteor.helper import Helper, cores

    return Helper() if cores() > 1 else nullcontext()


def prepare_for(only: Sequence[str]) -> None:
    """Say that METEOR's data are compiled first, so that nobody thinks that the program hangs, or are not there."""
    if "METEOR" not in only:
        return
    from watchword.metrics.meteor import cache, packaged

    if packaged.find_packaged() is None:
        print(
            "METEOR's synonyms and paraphrases come with pycocoevalcap, which is not installed: "
            "pip install '.[meteor]' in the checkout of watchword",
            file=sys.stderr,
        )
    elif not cache.is_compiled():
        print("compiling METEOR's synonyms and paraphrases; this is done once, and takes a minute", file=sys.stderr)


def _warn_of_shifts(paired: Paired) -> None:
    """Say how many captions hold what ends a line for the published tokeniser, and so for ours."""
    everything = (*paired.candidates.values(), *(text for texts in paired.references.values() for text in texts))
    odd = sum(bool(_LINE_END.search(text)) for text in everything)
    if odd:
        print(
            f"captions that hold a carriage return or another line end: {odd}; it moves the words of all later ones, "
            "as it does in pycocoevalcap; take it out of them",
            file=sys.stderr,
        )


def compared(
    result: Result, against: Path, split: str | None, resamples: int, seed: int, *, partial: bool
) -> list[Comparison]:
    """Return the figures beside those of another system's candidates for the same images."""
    paired = pair(read_captions([against]), result.references, split=split, partial=partial)
    if list(result.paired.references.values()) != list(paired.references.values()):
        mine, theirs = set(result.paired.references), set(paired.references)
        raise ScoreError(
            f"{len(mine)} images here, {len(theirs)} in {against}, and not the same ones: "
            f"{listed(sorted(mine ^ theirs))}; systems are compared over the same images"
        )
    _warn_of_shifts(paired)
    check_pairs(paired.candidates, paired.references)
    images = zip(result.paired.references, paired.references, strict=True)  # the same ones, maybe by other names
    other = result.scorer.score({image: paired.candidates[theirs] for image, theirs in images})
    rows = compare(result.scores.tallies, other.tallies, resamples=resamples, seed=seed)
    found = {row.name: row for row in rows}
    return [found[name] for name in result.scores]


def rated(
    ratings: Path, sources: Sources, split: str | None, only: Sequence[str], resamples: int, seed: int
) -> tuple[dict[str, Agreement], str]:
    """Return how far the metrics agree with people's ratings, by metric, and the signature of the figures."""
    rows = [row for row in read_ratings(ratings) if row.ratings]
    images = list({row.image: row.example for row in rows}.values())
    paired = pair(images, read_captions(sources.references), split=split)
    theirs = {image: found for image, found in paired.references.items() if image in paired.candidates}
    unknown = [image for image in paired.candidates if image not in theirs]
    if unknown:
        raise ScoreError(f"rated images without references: {listed(unknown)}; add their references, or leave them out")
    prepare_for(only)
    scorer = Scorer(theirs, only=only)
    scores = scorer.score_each([row.image for row in rows], [row.candidate for row in rows])
    times = [len(row.ratings) for row in rows]
    each = {name: np.repeat(values, times) for name, values in scores.per_image.items()}
    given = np.array([rating for row in rows for rating in row.ratings])
    places = {image.id: place for place, image in enumerate(images)}
    if len(given) * resamples > _LONG:
        print(f"drawing {resamples} sets of images for each of {len(each)} metrics: some seconds each", file=sys.stderr)
    about = np.repeat([places[row.image] for row in rows], times)
    return by_metric(each, given, about, resamples=resamples, seed=seed), scores.signature
