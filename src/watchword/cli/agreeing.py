"""How much sentences are like each other, for those who choose by consensus."""

from collections.abc import Iterable

from watchword.cli.datasets import read_all
from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.words import tokenize
from watchword.metrics.cider import Cider
from watchword.runtime.asking import Consensus


def consensus_by(data: str) -> Consensus:
    """Return `consensus_of` a data set that is yet to be read. Raises `DataError` where it cannot be."""
    return consensus_of(read_all([data], [], []), data)


def consensus_of(rows: Iterable[Example], data: str) -> Consensus:
    """Return CIDEr-D between sentences, whose n-grams weigh by how rare they are in the "train" captions among rows.

    The captions are taken apart as the model's own were, for what is compared are a model's words. Raises
    `DataError`, which names the data set `data`, where there is no caption to learn from.
    """
    captions = [
        [" ".join(tokenize(text)) for text in row.sentences] for row in rows if row.split == "train" and row.sentences
    ]
    if len(captions) < 2:
        raise DataError(
            f"{data!r} has captions of {len(captions)} photos in split 'train': a consensus weighs words by how rare "
            "they are, so give the data set that the model learnt from"
        )
    return Cider(captions).between
