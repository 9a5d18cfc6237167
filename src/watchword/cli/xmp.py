"""The description in a document of XMP: whose words it holds, and ours in its place.

A property of the photo is written as an element or as an attribute, on any of the elements at the top of the
RDF. What lies further in describes something else, such as a face, and is neither judged nor changed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_OURS = "urn:watchword:xmp"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_SAYS_NOTHING = (("http://www.w3.org/XML/1998/namespace", "lang"), (_RDF, "parseType"), (_RDF, "datatype"))
_DESCRIPTION, _SENTENCE = (_DC, "description"), (_OURS, "sentence")

EMPTY = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about=""/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def about_the_photo(document: Any) -> list[Any]:
    """Return the elements that describe the photo, an rdf:Description first; none if the document is no XMP."""
    lists = document.getElementsByTagNameNS(_RDF, "RDF")
    tops = [child for each in lists for child in _elements(each)]
    tops = tops or document.getElementsByTagNameNS(_RDF, "Description")[:1]
    tops.sort(key=lambda top: not _is(top, (_RDF, "Description")))
    return tops if tops and _is(tops[0], (_RDF, "Description")) else []


def holds_words_of_others(tops: Sequence[Any]) -> bool:
    """Tell whether the description says anything but what was written here before."""
    ours = {"", *_said(tops, _SENTENCE)}
    return any(text not in ours for text in _said(tops, _DESCRIPTION))


def describe(document: Any, tops: Sequence[Any], sentence: str) -> None:
    """Put `sentence` in the place of the description, and our own copy beside it."""
    for property_ in (_DESCRIPTION, _SENTENCE):
        for top in tops:
            if top.hasAttributeNS(*property_):
                top.removeAttributeNS(*property_)
            for element in _elements(top, property_):
                top.removeChild(element).unlink()
    item = _element(document, _RDF, "rdf:li", sentence)
    item.setAttribute("xml:lang", "x-default")
    for namespace, name in ((_RDF, "rdf:Alt"), (_DC, "dc:description")):
        outer = _element(document, namespace, name)
        outer.appendChild(item)
        item = outer
    tops[0].appendChild(item)
    tops[0].appendChild(_element(document, _OURS, "watchword:sentence", sentence))


def _element(document: Any, namespace: str, name: str, text: str = "") -> Any:
    """Return a new element that declares its own prefix, so that it may stand anywhere."""
    element = document.createElementNS(namespace, name)
    element.setAttribute("xmlns:" + name.partition(":")[0], namespace)
    if text:
        element.appendChild(document.createTextNode(text))
    return element


def _elements(parent: Any, name: tuple[str, str] | None = None) -> list[Any]:
    """Return the elements directly in another; those of one name (namespace, local name) if it is given."""
    found = (child for child in parent.childNodes if child.nodeType == child.ELEMENT_NODE)
    return [child for child in found if name is None or _is(child, name)]


def _is(element: Any, name: tuple[str, str]) -> bool:
    return (element.namespaceURI, element.localName) == name


def _said(tops: Sequence[Any], property_: tuple[str, str]) -> Iterator[str]:
    """Yield what is said in a property, "" where that is nothing."""
    for top in tops:
        yield top.getAttributeNS(*property_).strip()
        for element in _elements(top, property_):
            yield from _texts(element)


def _texts(element: Any) -> Iterator[str]:
    """Yield what is said in an element and in all within it: each one's text, and the attributes that say something.

    RDF has many ways to write a description, and its owner's words may stand in any of them.
    """
    yield _text(element)
    for attribute in element.attributes.values():
        if not _is(attribute, (_XMLNS, attribute.localName)) and not any(_is(attribute, one) for one in _SAYS_NOTHING):
            yield attribute.value.strip()
    for child in _elements(element):
        yield from _texts(child)


def _text(element: Any) -> str:
    """Return the text directly in an element, marked as CDATA or not."""
    kinds = (element.TEXT_NODE, element.CDATA_SECTION_NODE)
    return "".join(node.data for node in element.childNodes if node.nodeType in kinds).strip()
