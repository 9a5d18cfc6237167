"""The figures of papers' tables for candidate sentences: BLEU-1 to BLEU-4, METEOR, ROUGE-L, CIDEr-D and CIDEr.

Equal to those of the COCO captions evaluation (pycocoevalcap), its tokeniser included, without Java.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from watchword import __version__
from watchword.core.errors import ScoreError, UnknownName
from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.cider import Cider
from watchword.metrics.figures import BLEUS, METEOR_VERSIONS, METRICS, CaptionScores
from watchword.metrics.ids import Ids, by_id, check_pairs, check_references
from watchword.metrics.prepared import References
from watchword.metrics.rouge import rouge_l_scores
from watchword.metrics.tally import Tally, mean_tally
from watchword.metrics.treebank.batch import tokenize_photos

if TYPE_CHECKING:
    from watchword.metrics.meteor.helper import Helper
    from watchword.metrics.meteor.scorer import Meteor

TOKENS = "ptb-3.4.1"  # the Penn Treebank tokeniser of that CoreNLP, for signatures
WITHOUT_METEOR = tuple(name for name in METRICS if name != "METEOR")


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
