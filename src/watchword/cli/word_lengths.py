"""The lengths of the vectors that a matcher gives words, over many sentences."""

from collections.abc import Sequence

import numpy as np

from watchword.alignment.magnitudes import Magnitudes
from watchword.cli.looking import Lengths, read_words
from watchword.cli.progress import followed
from watchword.core.errors import DataError
from watchword.data.words import tokenize
from watchword.runtime.matcher import Matcher


def word_lengths(matcher: Matcher, sentences: Sequence[str]) -> Magnitudes:
    """Return the lengths of the words of sentences, before they are divided by how many there are.

    Raises `BundleError` for a model of cosines, whose vectors all have one length, `DataError` if it knows no word.
    """
    if not any(word in matcher.vocabulary for text in sentences for word in tokenize(text)):
        raise DataError(
            f"{matcher.name!r} knows no word of the {len(sentences)} sentences, as where they are of another language: "
            "give --data and --split with sentences like those that it learnt from"
        )
    found, lengths = Magnitudes(matcher.vocabulary), Lengths(matcher)
    for text in followed(sentences, len(sentences)):
        read = read_words(matcher, text)
        vectors = read.vectors * (len(read.words) if matcher.manifest.averaged else 1)
        lengths.of(vectors)
        found.add(vectors, np.array(matcher.vocabulary.encode(read.words), np.int64))
    lengths.check()
    return found
