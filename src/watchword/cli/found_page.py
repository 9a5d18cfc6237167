"""A page of photos that were found: one HTML file that needs nothing else, no network least of all."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import ImageDraw

from watchword import __version__
from watchword.cli.boxes_drawn import colours_of, outline
from watchword.cli.found_rows import fit_of
from watchword.cli.found_words import boxed, place_of, shown, with_picture
from watchword.cli.page_head import page_head
from watchword.cli.printable import printable, writable
from watchword.cli.thumbnails import data_uri, thumbnail
from watchword.cli.whole_files import written_whole
from watchword.core.errors import PictureError
from watchword.retrieval.hits import Hit, Suggested
from watchword.runtime.aligning import Named

THUMBNAIL = 480  # pixels, the longer side
_HEAD = """<header>
<h1>{title}</h1>
<p>{about}</p>
{sentences}</header>
<main>
"""
_COLOURS = "Each word stands in the colour of the box that it was found in."
_STALE = "<p>Changed since it was indexed: what is said here is of what was there.</p>\n"
_TAIL = """</main>
<footer>Found by watchword {version}. This page is one file and asks nothing of any network.</footer>
</html>
"""


def write_page(place: Path, title: str, hits: Sequence[Hit], sentences: Sequence[Suggested]) -> None:
    """Write the page at `place`, whole or not at all. title: what was searched for."""
    listed = "".join(f"<li>{_text(each.sentence)}</li>" for each in sentences)
    told = f"<p>Sentences for this:</p><ul>{listed}</ul>\n" if listed else ""
    with written_whole(place) as file:
        file.write(page_head(writable(printable(title)), "page.css", "found_page.css"))
        file.write(_HEAD.format(title=_text(title), about=_about(hits), sentences=told))
        for hit in hits:
            file.write(_card(hit))
        file.write(_TAIL.format(version=__version__))


def _about(hits: Sequence[Hit]) -> str:
    """Return how many there are, and what their boxes mean."""
    if not hits:
        return "Photos found: none."
    alike, some = any(map(with_picture, hits)), any(hit.state != "changed" and shown(hit) for hit in hits)
    colours = "The part that is most alike has a box." if alike else _COLOURS
    order = "most alike" if alike else "best"
    return f"Photos found: {len(hits)}, {order} first.{f' {colours}' if some else ''}"


def _card(hit: Hit) -> str:
    """Return the card of a photo."""
    parts = () if hit.state == "changed" else shown(hit)
    said = f"<p class=sentence>{_text(hit.sentence)}</p>\n" if hit.sentence else ""
    fits = "score" if hit.probability is None else "fits"
    labels = "".join(f"<li>{_text(label)}</li>" for label in hit.labels)
    return (
        f"<article>\n<div class=photo>{_photo(hit, parts)}</div>\n<div class=said>\n{said}"
        f"<p class=sure>{fits} {fit_of(hit)}</p>\n{_STALE if hit.state == 'changed' else ''}{_words(parts)}"
        + (f"<ul class=labels>{labels}</ul>\n" if labels else "")
        + f"<p class=file>{_text(hit.path)}</p>\n</div>\n</article>\n"
    )


def _photo(hit: Hit, parts: Sequence[Named]) -> str:
    """Return the photo with the boxes of its words; one that has gone meanwhile leaves its words."""
    try:
        small = thumbnail(hit.path, THUMBNAIL)
    except PictureError:
        return "<p>This photo can no longer be opened.</p>"
    draw = ImageDraw.Draw(small)
    for box, colour in colours_of(boxed(parts)).items():
        outline(draw, box, small.size, colour, width=3)
    size = f'width="{small.width}" height="{small.height}"'
    return f'<div><img src="{data_uri(small)}" {size} alt="{_text(hit.sentence or hit.path)}" loading="lazy"></div>'


def _words(parts: Sequence[Named]) -> str:
    """Return the words, each in the colour of its box."""
    colours = colours_of(boxed(parts))
    words = "".join(
        f"<li{_style(colours.get(part.box))}>{_text(part.text)} {place_of(part.box)}</li>" for part in parts
    )
    return f"<ul class=where>{words}</ul>\n" if words else ""


def _style(colour: tuple[int, int, int] | None) -> str:
    return f' style="border-color: rgb{colour}"' if colour else ""


def _text(text: str) -> str:
    return escape(printable(text))
