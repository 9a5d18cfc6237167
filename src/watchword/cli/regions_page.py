"""A page of regions of photos: one HTML file that needs nothing else, no network least of all."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from PIL import Image

from watchword import __version__
from watchword.cli.page_head import page_head
from watchword.cli.printable import printable
from watchword.cli.region_tiles import Group, Tile, framed
from watchword.cli.thumbnails import data_uri
from watchword.cli.whole_files import written_whole
from watchword.core.errors import PictureError

THUMBNAIL = 240  # pixels, the longer side
_HEAD = """<header>
<h1>{title}</h1>
<p>{about}</p>
</header>
"""
_TAIL = """<footer>watchword {version}. This page is one file and asks nothing of any network.</footer>
</html>
"""


def write_page(place: Path, title: str, about: str, groups: Sequence[Group]) -> None:
    """Write the page at `place`, whole or not at all. about: a sentence below the title."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(place) as file:
        file.write(page_head(title, "page.css", "regions_page.css"))
        file.write(_HEAD.format(title=escape(title), about=escape(printable(about))))
        for group in groups:
            file.write(f"<h2>{escape(printable(group.title))}</h2>\n<main>\n")
            for tile in group.tiles:
                file.write(_card(tile))
            file.write("</main>\n")
        file.write(_TAIL.format(version=__version__))


def _card(tile: Tile) -> str:
    photo = as_html(lambda: framed(tile.photo, tile.box, THUMBNAIL))
    name = escape(printable(Path(tile.photo).name))
    return (
        f"<article>\n<div class=photo>{photo}</div>\n<div class=said>\n"
        f"<p>{escape(printable(tile.caption))}</p>\n<p class=file>{name}</p>\n</div>\n</article>\n"
    )


def as_html(drawn: Callable[[], Image.Image]) -> str:
    """Return a picture that is yet to be drawn as HTML, or what stands there if its photo has gone meanwhile."""
    try:
        small = drawn()
    except PictureError:
        return "<p>This photo can no longer be opened.</p>"
    size = f'width="{small.width}" height="{small.height}"'
    return f'<img src="{data_uri(small)}" {size} alt="" loading="lazy">'
