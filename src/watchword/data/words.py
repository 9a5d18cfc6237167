"""Sentences into words, as the papers do it before counting them.

The rule reproduces, word for word, the `tokens` that the Karpathy splits of Flickr8k, COCO, Pascal
Sentences and UCM Captions publish beside each raw sentence: lower case, hyphens part words,
every other character that is neither letter nor digit is dropped.
"""

import re
import unicodedata

_DASHES = re.compile(r"[-\u2010-\u2015\u2212]")
_DROPPED = re.compile(r"[^\w\s]|_")


def tokenize(raw: str) -> list[str]:
    """Return the words of a sentence as people wrote it; [] if it has none.

    >>> tokenize("A tri-colored dog's ball .")
    ['a', 'tri', 'colored', 'dogs', 'ball']
    """
    text = unicodedata.normalize("NFC", raw.lower())
    return _DROPPED.sub("", _DASHES.sub(" ", text)).split()
