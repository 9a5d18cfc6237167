"""Sentences by id, without photos: language alone.

{"179765": ["A black Honda motorcycle parked in front of a garage.", "A Honda motorcycle in a driveway"]}
"""

from collections.abc import Iterator
from pathlib import Path

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.readers.faults import Faults
from watchword.data.readers.fields import Record, split_named


def read_sentence_lists(document: Record, source: Path, faults: Faults) -> Iterator[Example]:
    """Yield one example without path for each id; `DataError` names an id that has no list of sentences."""
    split = split_named(source.name)
    for number, sentences in document.items():
        with faults:
            if not isinstance(sentences, list) or not all(isinstance(sentence, str) for sentence in sentences):
                raise DataError(f"{source}: {number!r} has to be a list of sentences, not {str(sentences)[:60]!r}")
            yield Example(id=number, path=None, sentences=tuple(sentences), split=split)
