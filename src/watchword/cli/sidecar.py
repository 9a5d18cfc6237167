"""Sentences in XMP sidecars: `photo.jpg.xmp` beside `photo.jpg`, which itself is never touched.

A sidecar may be another program's and hold ratings, edits or its owner's own words. It is therefore changed
in one place only, dc:description, and only if that is empty or holds what was written here before.
What was written is kept a second time under our own name, so that it can be told from anyone else's words.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from watchword.cli.printable import printable
from watchword.cli.whole_files import written_whole
from watchword.cli.xml_text import as_xml, not_of_xml
from watchword.cli.xmp import EMPTY, about_the_photo, describe, holds_words_of_others
from watchword.core.errors import DataError
from watchword.core.types import Sentence

_LARGEST = 16 << 20


class SidecarWriter:
    """Writes the best sentence of each photo into its sidecar."""

    def write(self, path: str, said: Sequence[Sentence]) -> None:
        """Write the first of `said`; `DataError` if the sidecar has another description or cannot be written."""
        write_sidecar(Path(path), said[0].text)


def write_sidecar(photo: Path, sentence: str) -> None:
    """Put `sentence` into the sidecar of `photo`, made anew or merged into what is there; see `SidecarWriter`."""
    place = photo.with_name(photo.name + ".xmp")
    if char := not_of_xml(sentence):
        raise DataError(f"{_name(place)} is not written: its sentence has {char!r}, which XML has not; describe anew")
    try:
        document = _read(place) if place.exists() else minidom.parseString(EMPTY.encode())
        _merge(document, sentence, place)
        with written_whole(place) as file:
            for node in document.childNodes:
                file.writelines(as_xml(node))
                file.write("\n")
    except OSError as error:  # a name that has no room for the ending, a full disk
        raise DataError(f"{_name(place)} cannot be written: {error.strerror}; see to that and run again") from None
    except RecursionError:
        raise DataError(f"{_name(place)} is no XMP that can be merged with (nested too deep); move it away") from None


def _read(place: Path) -> Any:
    """Return the document of a sidecar that is there; one with a document type is refused, for what it may pull in."""
    try:
        with place.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise DataError(f"{_name(place)} cannot be read: {error.strerror}; move it away") from None
    try:
        if len(data) > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST >> 20} MB")
        if b"<!DOCTYPE" in data:
            raise ValueError("it has a document type")
        document = minidom.parseString(data)
    except (ExpatError, ValueError) as error:
        raise DataError(f"{_name(place)} is no XMP that can be merged with ({error}); move it away") from None
    if document.doctype is not None:  # of an encoding that the search for bytes did not see through
        raise DataError(f"{_name(place)} has a document type, which XMP has not; move it away")
    return document


def _merge(document: Any, sentence: str, place: Path) -> None:
    """Set the description of the photo, unless there is one that is not ours."""
    tops = about_the_photo(document)
    if not tops:
        raise DataError(f"{_name(place)} is XML, but no XMP: it has no rdf:Description; move it away")
    if holds_words_of_others(tops):
        raise DataError(f"{_name(place)} has a description of its own, which is kept; clear it there to have ours")
    describe(document, tops, sentence)


def _name(place: Path) -> str:
    return f"the sidecar {printable(str(place))!r}"
