"""The figures of papers' tables for candidate sentences: BLEU-1 to BLEU-4, METEOR, ROUGE-L, CIDEr-D and CIDEr.

Equal to those of the COCO captions evaluation (pycocoevalcap), its tokeniser included, without Java.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from watchword import __version__
from watchword.core.errors import ScoreError, UnknownName
from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.bootstrap import RESAMPLES, Interval, intervals
from watchword.metrics.cider import Cider
from watchword.metrics.ids import Ids, by_id, check_pairs, check_references
from watchword.metrics.prepared import References
from watchword.metrics.rouge import rouge_l_scores
from watchword.metrics.tally import Tally, mean_tally
from watchword.metrics.treebank.batch import tokenize_photos

if TYPE_CHECKING:
    from watchword.metrics.meteor.helper import Helper
    from watchword.metrics.meteor.scorer import Meteor

BLEUS = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4")
METRICS = (*BLEUS, "METEOR", "ROUGE-L", "CIDEr-D", "CIDEr")  # the order of papers' tables
TOKENS = "ptb-3.4.1"  # the Penn Treebank tokeniser of that CoreNLP, for signatures
METEOR_VERSIONS = {"METEOR": "meteor:1.5", "METEOR-exact-stem": "meteor:exact-stem"}
WITHOUT_METEOR = tuple(name for name in METRICS if name != "METEOR")


class CaptionScores(Mapping[str, float]):
    """The figures of one set of candidates, by name.

    BLEU, METEOR and ROUGE-L are 0 to 1, CIDEr-D 0 to 10; CIDEr is 0 to 10 and a little more.

    images: ids in the order of `per_image`. sentences: the candidates, tokenised, in that order.
    signature: what the figures depend on besides the sentences; compare only those with equal signatures.
    tallies: each metric's statistics of every image.
    """

    def __init__(
        self,
        images: Sequence[str],
        sentences: Sequence[str],
        tallies: Sequence[Tally],
        only: Sequence[str],
        signature: str,
    ) -> None:
        self.images, self.sentences = tuple(images), tuple(sentences)
        self.tallies, self.signature = tuple(tallies), signature
        known = {name for tally in tallies for name in tally.names if name in only or name not in METRICS}
        self._names = sorted(known, key=[*METRICS, *METEOR_VERSIONS].index)

    @cached_property
    def _figures(self) -> dict[str, float]:
        return {name: float(each) for name, each in self._chosen([tally.whole() for tally in self.tallies]).items()}

    @cached_property
    def per_image(self) -> dict[str, np.ndarray]:
        """The figures of every image alone, by name, each (P,) float64; BLEU of the set is not their mean."""
        return self._chosen([tally.each().T for tally in self.tallies])

    def intervals(self, *, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Interval]:
        """Return the 95 % interval of every figure, over images, by the bootstrap."""
        found = intervals(self.tallies, resamples=resamples, seed=seed)
        return {name: found[name] for name in self._names}

    def __getitem__(self, name: str) -> float:
        """Return the figure called `name`."""
        return self._figures[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of figures."""
        return iter(self._names)

    def __len__(self) -> int:
        """Count the figures."""
        return len(self._names)

    def __repr__(self) -> str:
        """Show the figures."""
        shown = ", ".join(f"{name}: {value:.4f}" for name, value in self.items())
        return f"<CaptionScores {shown}; {self.signature}>"

    def _chosen(self, figures: Sequence[np.ndarray]) -> dict[str, Any]:
        """Return those of each tally's figures, first axis its names, that were asked for, in order."""
        found = {
            name: value
            for tally, values in zip(self.tallies, figures, strict=True)
            for name, value in zip(tally.names, values, strict=True)
        }
        return {name: found[name] for name in self._names}


class Scorer:
    """Scores sets of candidates against references that are tokenised and counted once."""

    def __init__(
        self,
        references: Mapping[Ids, Sequence[str]] | Sequence[Sequence[str]],
        *,
        only: Sequence[str] = METRICS,
        helper: "Helper | None" = None,
    ) -> None:
        """Prepare `references`: for each image's id its sentences as people wrote them, or a list in order.

        only: names among `METRICS`. helper: takes a part of METEOR's work, the first time that `score` is called.
        Raises `ScoreError` when there is no image, or one without sentences.
        """
        self._helper = helper
        self.only = _known(only)
        given = by_id(references, "references")
        check_references(given)
        self._references = tokenize_photos(given)

    def score(self, candidates: Mapping[Ids, str] | Sequence[str]) -> CaptionScores:
        """Return the figures of `candidates`: for each image's id the sentence to be scored, or a list in order.

        Raises `ScoreError` unless the ids are those of the references.
        """
        said = by_id(candidates, "candidates")
        check_pairs(said, self._references)
        return self._scores(self._references, [said[image] for image in self._references], None)

    def score_each(self, images: Sequence[Ids], candidates: Sequence[str]) -> CaptionScores:
        """Return the figures of candidates (N,), each about the image of that id; an image may have several, or none.

        `per_image` then has a figure for each candidate. Raises `ScoreError` for an unknown id, or none at all.
        """
        places = {image: place for place, image in enumerate(self._references)}
        about = [places.get(str(image), -1) for image in images]
        if not about or len(about) != len(candidates):
            raise ScoreError(f"{len(candidates)} candidates for {len(about)} images: give an id for each, one or more")
        if -1 in about:
            raise ScoreError(f"image {images[about.index(-1)]!r} has a candidate but no references")
        return self._scores(list(map(str, images)), candidates, about)

    def _scores(self, images: Iterable[str], candidates: Sequence[str], about: Sequence[int] | None) -> CaptionScores:
        sentences = [one for (one,) in tokenize_photos({place: [c] for place, c in enumerate(candidates)}).values()]
        tallies = list(self._tallies(sentences, about))
        return CaptionScores(tuple(images), sentences, tallies, self.only, self._signature(tallies))

    def _tallies(self, sentences: Sequence[str], about: Sequence[int] | None) -> Iterator[Tally]:
        """Yield the tallies of tokenised sentences, about the images of those places; None: each image in order."""
        helper, self._helper = self._helper if about is None and "METEOR" in self.only else None, None
        everyone = list(self._references.values())
        if helper:
            helper.ask(everyone, sentences)
        counted = self._prepared.count(sentences, about)
        if any(name in self.only for name in BLEUS):
            statistics = self._bleu.statistics(counted).astype(np.float64)
            yield Tally(BLEUS, statistics, lambda sums, _: bleu(sums))
        if "ROUGE-L" in self.only:
            theirs = everyone if about is None else [everyone[place] for place in about]
            yield mean_tally("ROUGE-L", rouge_l_scores(sentences, theirs))
        if "CIDEr-D" in self.only:
            yield mean_tally("CIDEr-D", self._cider_d.scores(counted))
        if "CIDEr" in self.only:
            yield mean_tally("CIDEr", self._cider.scores(counted))
        if "METEOR" in self.only:
            yield helper.tally(everyone, sentences) if helper else self._meteor.tally(sentences, about)

    def _signature(self, tallies: Sequence[Tally]) -> str:
        """Return what figures depend on besides the sentences: tokeniser, METEOR, references, images, version."""
        few, many = int(self._prepared.sizes.min()), int(self._prepared.sizes.max())
        each = str(few) if few == many else f"{few}-{many}"
        meteor = "".join(f"|{METEOR_VERSIONS[t.names[0]]}" for t in tallies if t.names[0] in METEOR_VERSIONS)
        return f"tokens:{TOKENS}{meteor}|references:{each}|images:{len(self._prepared)}|watchword:{__version__}"

    @cached_property
    def _prepared(self) -> References:
        return References(list(self._references.values()))

    @cached_property
    def _bleu(self) -> Bleu:
        return Bleu(self._prepared)

    @cached_property
    def _meteor(self) -> "Meteor":
        from watchword.metrics.meteor.scorer import Meteor  # which takes a while to load

        return Meteor(list(self._references.values()))

    @cached_property
    def _cider_d(self) -> Cider:
        return Cider(self._prepared)

    @cached_property
    def _cider(self) -> Cider:
        return self._cider_d.plain()


def score(
    candidates: Mapping[Ids, str] | Sequence[str],
    references: Mapping[Ids, Sequence[str]] | Sequence[Sequence[str]],
    *,
    only: Sequence[str] = METRICS,
) -> CaptionScores:
    """Return the figures of `candidates`, a mapping by name, with `per_image`, `intervals()` and `signature`.

    candidates: for each image's id the sentence to be scored. references: for each of the same ids the sentences
    that people wrote. Ids may be text or numbers (5 is "5"); two lists in the same order do as well.
    Raises `ScoreError` where the ids differ or an image has no references.
    """
    return Scorer(references, only=only).score(candidates)


def _known(only: Sequence[str]) -> tuple[str, ...]:
    """Return the names asked for, in the order of `METRICS`."""
    if isinstance(only, str):
        raise ScoreError(f"only={only!r}: give a list of names, such as [{only!r}]")
    for name in only:
        if name not in METRICS:
            raise UnknownName("metric", name, METRICS)
    if not only:
        raise ScoreError(f"no metric to compute; there are: {', '.join(METRICS)}")
    return tuple(name for name in METRICS if name in only)
