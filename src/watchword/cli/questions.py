"""What people might search a collection for: the sentences of its photos, runs of their words, and other sentences."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from watchword.core.evenly import evenly
from watchword.core.function_words import FUNCTION_WORDS
from watchword.core.types import Read
from watchword.data.words import tokenize
from watchword.metrics.content import content_stems

LONGEST_RUN = 5  # words: people search by fewer than they describe with
SHARED = 0.5  # a photo whose sentences hold this share of a question's content words may fit it
NOBODY = -1


class Questions(NamedTuple):
    """Questions asked of photos, S of them.

    texts, read: as they are and as the matcher reads them. owner: (S,) the photo that each was written of, or
    `NOBODY`. run: (S,) bool, True where it is a few words only.
    """

    texts: list[str]
    read: list[Read]
    owner: np.ndarray
    run: np.ndarray


def questions(
    sentences: Sequence[str], owner: np.ndarray, foreign: Sequence[str], reader: Callable[[list[str]], list[Read]]
) -> Questions:
    """Return the sentences of photos, as many of others as there are (evenly taken), and a run of words of each.

    owner: (S,) the photo of each sentence. foreign: sentences of other photos. reader: a matcher's.
    """
    random = np.random.default_rng(0)
    some = evenly(len(foreign), len(sentences))
    texts = [*sentences, *(foreign[i] for i in some)]
    owners = [*owner.tolist(), *[NOBODY] * len(some)]
    short = [(run, mine) for text, mine in zip(texts, owners, strict=True) if (run := _run(text, random))]
    asked = [*texts, *(run for run, _ in short)]
    whose = np.array([*owners, *(mine for _, mine in short)])
    return Questions(asked, reader(asked), whose, np.arange(len(asked)) >= len(texts))


def _run(text: str, random: np.random.Generator) -> str:
    """Return a few words of a sentence that follow each other, or "" where none of them says what is looked for."""
    words = tokenize(text)
    count = int(random.integers(1, LONGEST_RUN + 1))
    first = int(random.integers(0, max(len(words) - count, 0) + 1))
    run = words[first : first + count]
    return " ".join(run) if any(word not in FUNCTION_WORDS for word in run) else ""


def fitting(texts: Sequence[str], owner: np.ndarray, run: np.ndarray, photos: int) -> np.ndarray:
    """Return which photos fit which questions: (photos, S) bool.

    One fits where some sentence of it has all content words of the question; its own fits a question always.
    """
    stems = [content_stems(tokenize(text)) for text in texts]
    fits = np.zeros((photos, len(texts)), bool)
    said: dict[str, set[int]] = {}  # the sentences that have a stem
    for number, (own, each) in enumerate(zip(owner.tolist(), stems, strict=True)):
        if own != NOBODY:
            fits[own, number] = True
            for stem in each if not run[number] else ():
                said.setdefault(stem, set()).add(number)
    for number, each in enumerate(stems):
        if each:
            having = set.intersection(*(said.get(stem, set()) for stem in each))
            fits[owner[sorted(having)], number] = True
    return fits


def related(texts: Sequence[str], owner: np.ndarray, photos: int) -> np.ndarray:
    """Return which photos may fit which questions, by their words: (photos, S) bool; its own fits a question always."""
    stems = [content_stems(tokenize(text)) for text in texts]
    columns = {stem: i for i, stem in enumerate(sorted(frozenset[str]().union(*stems)))}
    asked, said = (np.zeros((count, len(columns)), np.float32) for count in (len(texts), photos))
    for number, (own, each) in enumerate(zip(owner.tolist(), stems, strict=True)):
        places = [columns[stem] for stem in each]
        asked[number, places] = 1
        if own != NOBODY:
            said[own, places] = 1
    fits: np.ndarray = said @ asked.T >= SHARED * np.maximum(asked.sum(1), 1)
    owned = np.flatnonzero(owner != NOBODY)
    fits[owner[owned], owned] = True
    return fits
