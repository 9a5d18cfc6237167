"""A document tree as text that reads back as the same document.

minidom's own writer leaves line ends and tabs in attributes as they are, and every reader takes those for
spaces; it leaves carriage returns in text, which readers take for line ends.
"""

import re
from collections.abc import Iterator
from typing import Any

_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_VALUE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_NOT_OF_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def not_of_xml(text: str) -> str:
    """Return the first character of `text` that no XML may hold, not even as a reference, or ""."""
    found = _NOT_OF_XML.search(text)
    return found.group() if found else ""


def as_xml(node: Any) -> Iterator[str]:
    """Yield the text of a node of minidom and of all within it, in pieces."""
    if node.nodeType == node.TEXT_NODE:
        yield node.data.translate(_IN_TEXT)
    elif node.nodeType == node.ELEMENT_NODE:
        values = "".join(f' {name}="{value.translate(_IN_VALUE)}"' for name, value in node.attributes.items())
        yield f"<{node.tagName}{values}"
        yield ">" if node.childNodes else "/>"
        for child in node.childNodes:
            yield from as_xml(child)
        if node.childNodes:
            yield f"</{node.tagName}>"
    else:  # comments, instructions and CDATA, in which nothing is escaped
        yield node.toxml()
