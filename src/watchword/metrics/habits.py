"""Which phrases are said of more photos than people say them of."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

PHRASE = 4  # words: "standing in front of", "group of people are"
CHANCE = 1.0  # photos of a batch that may have a phrase in common by chance


class Habits:
    """What people say how often, so that what a model says oftener can be told.

    A model that learns from a score finds phrases that fit many photos: "standing in front of" ends one sentence
    in ten where people end one in two hundred so.
    """

    def __init__(self, photos: Iterable[Iterable[str]]) -> None:
        """Count the phrases of tokenised sentences, those of each photo together; a photo counts a phrase once."""
        said = [_phrases(sentences) for sentences in photos]
        self._photos = max(len(said), 1)
        self._people = Counter(phrase for phrases in said for phrase in phrases)

    def surplus(self, drawn: Sequence[Sequence[str]]) -> np.ndarray:
        """Return (B, N), 0 to 1, of N tokenised sentences for each of B photos: how much of a habit each holds.

        A phrase that stands in sentences of n of the photos, where people would say it of m of as many, is
        too frequent by 1 - (m + CHANCE) / n, or not at all; a sentence has the figure of its worst phrase. As many
        sentences of a photo as people gave it make the two counts alike.
        """
        found = Counter(phrase for sentences in drawn for phrase in _phrases(sentences))
        scale = len(drawn) / self._photos
        over = {phrase: 1 - (self._people[phrase] * scale + CHANCE) / times for phrase, times in found.items()}
        worst = [[max((over[p] for p in _phrases([text])), default=0.0) for text in texts] for texts in drawn]
        return np.maximum(np.array(worst), 0.0)


def _phrases(sentences: Iterable[str]) -> set[tuple[str, ...]]:
    """Return every phrase that stands in one of the sentences."""
    split = [sentence.split() for sentence in sentences]
    return {tuple(words[i : i + PHRASE]) for words in split for i in range(len(words) - PHRASE + 1)}
