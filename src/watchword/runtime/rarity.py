"""How rare the words of a query are in what a model learnt from: of rare ones it knows little."""

import math
from collections.abc import Iterable

from watchword.core.function_words import FUNCTION_WORDS
from watchword.data.vocabulary import Vocabulary

MIDDLING = 4  # words of middling rank that are counted in, for a single word says little of a query


def rarity(words: Iterable[str], vocabulary: Vocabulary) -> float:
    """Return the mean of ln(rank by frequency) - ln(V) / 2 over the content words of a query and `MIDDLING` more.

    0 for words of middling rank, the root of V; above it for rarer ones. A word that is not known ranks behind all.
    """
    said = [word for word in dict.fromkeys(words) if word not in FUNCTION_WORDS]
    middle = math.log(max(len(vocabulary), 1)) / 2
    return sum(math.log(vocabulary.rank(word)) - middle for word in said) / (len(said) + MIDDLING)
