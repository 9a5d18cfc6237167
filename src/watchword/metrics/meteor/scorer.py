"""METEOR 1.5: words and phrases aligned by form, stem, meaning and paraphrase, and how well they keep together.

Denkowski and Lavie, "Meteor Universal: language specific translation evaluation for any target language",
WMT 2014. Figures equal those of the Java program that the COCO captions evaluation runs, with its data.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from watchword.core.errors import ScoreError
from watchword.metrics.meteor.align import align
from watchword.metrics.meteor.cache import load_lexicon
from watchword.metrics.meteor.lexicon import EMPTY, Lexicon
from watchword.metrics.meteor.matches import Matcher, Matches
from watchword.metrics.meteor.ragged import offsets, spans
from watchword.metrics.meteor.sentences import Sentences, read_sentences
from watchword.metrics.meteor.statistics import FIGURES, score, statistics, total, without_chunks_of_whole
from watchword.metrics.meteor.vocabulary import Vocabulary
from watchword.metrics.tally import Tally

NAME, WITHOUT_DATA = "METEOR", "METEOR-exact-stem"
_BORDER = "|||"  # between sentences, to the Java program
_TOGETHER = 2_000_000  # words of candidates times words of references, summed over pairs; this bounds the memory
_PAIR = 125  # what a pair costs besides, which short captions hardly exceed


class Meteor:
    """METEOR against references that are prepared once.

    Without the package pycocoevalcap, whose data it needs, words match by form and stem only, and function
    words count like any other. Such figures are not METEOR's, and `name` says so.
    """

    def __init__(self, references: Sequence[Sequence[str]], lexicon: Lexicon | None = None) -> None:
        """Read `references`: for each photo its tokenised sentences.

        lexicon: the words that METEOR knows; those of the installed package when None. The first time, its
        data are compiled, which takes half a minute, and kept in the user's cache folder.
        Raises `ScoreError` when there is no photo, or a photo without sentences.
        """
        sizes = np.array([len(sentences) for sentences in references], np.int64)
        if not len(sizes) or not sizes.all():
            given = f"photo {int(np.argmin(sizes))} has no reference sentence" if len(sizes) else "no photos"
            raise ScoreError(f"{given}: scores need one or more for each photo; leave out photos that have none")
        self._lexicon = lexicon or load_lexicon() or EMPTY
        self._vocabulary = Vocabulary(self._lexicon)
        split = [[part for sentence in sentences for part in sentence.split(_BORDER)] for sentences in references]
        self._ends = offsets(np.array([len(sentences) for sentences in split], np.int64))
        self._references, self._numbers = self._read(list(chain.from_iterable(split)))

    @property
    def name(self) -> str:
        """What to call the figures: "METEOR", or "METEOR-exact-stem" without the package's data."""
        return WITHOUT_DATA if self._lexicon is EMPTY else NAME

    def score(self, candidates: Sequence[str]) -> float:
        """Return the figure of a whole set, 0 to 1: of summed statistics, one tokenised candidate for each photo."""
        return meteor_of(self.statistics(candidates))

    def scores(self, candidates: Sequence[str], photos: Sequence[int] | None = None) -> np.ndarray:
        """Return (N,) float64, 0 to 1, the figure of each tokenised candidate; arguments as in `statistics`."""
        return score(self.statistics(candidates, photos))

    def statistics(self, candidates: Sequence[str], photos: Sequence[int] | None = None) -> np.ndarray:
        """Return (N, 23) float64, what METEOR counts of each tokenised candidate and its best reference.

        Columns: words of both; function words of both; for exact matches, stems, synonyms and paraphrases the
        content words of both that are matched, then the function words; chunks; matched words of both.
        photos: which photo each candidate is about; all in order when None. Raises `ScoreError` where
        candidates and photos do not fit each other.
        """
        about = self._about(candidates, photos)
        sentences, numbers = self._read([said.replace(_BORDER, "").replace("  ", " ") for said in candidates])
        matcher = Matcher(sentences, self._references, self._vocabulary, self._lexicon)
        tables = [np.empty((0, FIGURES))]
        sizes = self._ends[about + 1] - self._ends[about]
        work = _work(sentences.lengths[numbers], self._references.lengths[self._numbers], self._ends, about)
        for rows in _parts(work):
            which, at = spans(self._ends[about[rows]], self._ends[about[rows] + 1])
            ours, theirs = numbers[rows][which], self._numbers[at]
            matches = matcher.find(ours, theirs)
            taken = align(matches, sentences.lengths[ours], self._references.lengths[theirs])
            matches = Matches(*(column[taken] for column in matches))
            tables.append(_best(statistics(matches, sentences, self._references, ours, theirs), sizes[rows]))
        return np.concatenate(tables)

    def _about(self, candidates: Sequence[str], photos: Sequence[int] | None) -> np.ndarray:
        """Return the number of the photo that each candidate is about, (N,) int64."""
        known = len(self._ends) - 1
        about = np.arange(known) if photos is None else np.asarray(photos, np.int64)
        if len(about) != len(candidates):
            raise ScoreError(f"{len(candidates)} candidate sentences for {len(about)} photos: give one for each")
        strange = about[(about < 0) | (about >= known)]
        if len(strange):
            raise ScoreError(f"photo {strange[0]}: there are {known}, numbered from 0 in the order of the references")
        return about

    def tally(self, candidates: Sequence[str], photos: Sequence[int] | None = None) -> Tally:
        """Return the figures of candidates in a form that adds up over photos; arguments as in `statistics`."""
        return tally_of(self.name, self.statistics(candidates, photos))

    def _read(self, texts: list[str]) -> tuple[Sentences, np.ndarray]:
        """Return the different sentences of `texts`, and which of them each is, (N,) int64."""
        known: dict[str, int] = {}
        numbers = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
        return read_sentences(list(known), self._vocabulary, self._lexicon), numbers


def meteor_of(figures: np.ndarray) -> float:
    """Return METEOR, 0 to 1, of a set whose statistics are `figures`, (N, 23): that of their sum, not a mean."""
    return float(score(total(figures)[None])[0])


def tally_of(name: str, table: np.ndarray) -> Tally:
    """Return statistics, (N, 23), in a form that adds up over photos."""
    return Tally((name,), without_chunks_of_whole(table), _figure)


def _figure(sums: np.ndarray, _: int) -> np.ndarray:
    """Return (..., 1) float64, METEOR of summed statistics (..., 23)."""
    return score(sums.reshape(-1, FIGURES)).reshape(*sums.shape[:-1], 1)


def _work(ours: np.ndarray, theirs: np.ndarray, ends: np.ndarray, about: np.ndarray) -> np.ndarray:
    """Return (N,) how much each candidate costs: of so many words, against the references of its photo.

    ours: (N,) words of each. theirs: (R,) words of the references. ends: where those of each photo start. about: (N,).
    """
    words, pairs = offsets(theirs)[ends], ends
    of_photo = [np.diff(counts)[about] for counts in (words, pairs)]
    return ours * of_photo[0] + _PAIR * of_photo[1]


def _parts(work: np.ndarray) -> Iterator[slice]:
    """Yield slices of the candidates, each so much work, that are scored together."""
    ends = np.cumsum(work)
    start = 0
    while start < len(ends):
        done = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, done + _TOGETHER, "right")))
        yield slice(start, end)
        start = end


def _best(figures: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return for each candidate the figures of the first of its references that scores best."""
    scores, starts = score(figures), offsets(sizes)
    best = np.repeat(np.maximum.reduceat(scores, starts[:-1]), sizes)
    winners = np.flatnonzero(scores == best)
    return figures[winners[np.searchsorted(winners, starts[:-1])]]
