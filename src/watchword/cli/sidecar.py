"""Sentences in XMP sidecars: `photo.jpg.xmp` beside `photo.jpg`, which itself is never touched.

A sidecar may be another program's and hold ratings, edits or its owner's own words. It is therefore changed
in one place only, dc:description, and only if that is empty or holds what was written here before.
What was written is kept a second time under our own name, so that it can be told from anyone else's words.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from watchword.cli.printable import printable
from watchword.cli.whole_files import written_whole
from watchword.core.errors import DataError
from watchword.core.types import Sentence

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_SAYS_NOTHING = (("http://www.w3.org/XML/1998/namespace", "lang"), (_RDF, "parseType"), (_RDF, "datatype"))
_DC = "http://purl.org/dc/elements/1.1/"
_OURS = "urn:watchword:xmp"
_LARGEST = 16 << 20
_EMPTY = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about=""/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


class SidecarWriter:
    """Writes the best sentence of each photo into its sidecar."""

    def write(self, path: str, said: Sequence[Sentence]) -> None:
        """Write the first of `said`; `DataError` if the sidecar has another description or cannot be written."""
        write_sidecar(Path(path), said[0].text)


def write_sidecar(photo: Path, sentence: str) -> None:
    """Put `sentence` into the sidecar of `photo`, made anew or merged into what is there; see `SidecarWriter`."""
    place = photo.with_name(photo.name + ".xmp")
    try:
        document = _read(place) if place.exists() else minidom.parseString(_EMPTY.encode())
        _set(document, _description(document, place), sentence, place)
        with written_whole(place) as file:
            file.writelines(node.toxml() + "\n" for node in document.childNodes)
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


def _description(document: Any, place: Path) -> Any:
    """Return the element that describes the photo, the first rdf:Description."""
    found = document.getElementsByTagNameNS(_RDF, "Description")
    if not found:
        raise DataError(f"{_name(place)} is XML, but no XMP: it has no rdf:Description; move it away")
    return found[0]


def _set(document: Any, description: Any, sentence: str, place: Path) -> None:
    """Set dc:description and our own copy, unless there is a description that is not ours."""
    there = [*document.getElementsByTagNameNS(_DC, "description")]
    ours = ["", *(_text(element) for element in document.getElementsByTagNameNS(_OURS, "sentence"))]
    if any(text not in ours for element in there for text in _texts(element)) or any(
        e.hasAttributeNS(_DC, "description") for e in _all(document)
    ):
        raise DataError(f"{_name(place)} has a description of its own, which is kept; clear it there to have ours")
    for element in [*there, *document.getElementsByTagNameNS(_OURS, "sentence")]:
        if element.parentNode:  # else it was inside one that has gone
            element.parentNode.removeChild(element).unlink()
    item = _element(document, _RDF, "rdf:li", sentence)
    item.setAttribute("xml:lang", "x-default")
    for namespace, name in ((_RDF, "rdf:Alt"), (_DC, "dc:description")):
        outer = _element(document, namespace, name)
        outer.appendChild(item)
        item = outer
    description.appendChild(item)
    description.appendChild(_element(document, _OURS, "watchword:sentence", sentence))


def _all(document: Any) -> Any:
    return document.getElementsByTagNameNS(_RDF, "Description")


def _element(document: Any, namespace: str, name: str, text: str = "") -> Any:
    """Return a new element that declares its own prefix, so that it may stand anywhere."""
    element = document.createElementNS(namespace, name)
    element.setAttribute("xmlns:" + name.partition(":")[0], namespace)
    if text:
        element.appendChild(document.createTextNode(text))
    return element


def _texts(element: Any) -> Iterator[str]:
    """Yield what is said in an element and in all within it: each one's text, and the attributes that say something.

    RDF has many ways to write a description, and its owner's words may stand in any of them.
    """
    yield _text(element)
    for attribute in element.attributes.values():
        if (attribute.namespaceURI, attribute.localName) not in _SAYS_NOTHING and attribute.namespaceURI != _XMLNS:
            yield attribute.value.strip()
    for child in element.childNodes:
        if child.nodeType == child.ELEMENT_NODE:
            yield from _texts(child)


def _text(element: Any) -> str:
    """Return the text directly in an element, marked as CDATA or not."""
    kinds = (element.TEXT_NODE, element.CDATA_SECTION_NODE)
    return "".join(node.data for node in element.childNodes if node.nodeType in kinds).strip()


def _name(place: Path) -> str:
    return f"the sidecar {printable(str(place))!r}"
