"""A page of photos beside their nearest training photos, with the sentences that were taken.

One HTML file that needs nothing else, no network least of all.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from watchword import __version__
from watchword.cli.neighbouring import Taken
from watchword.cli.page_head import page_head
from watchword.cli.printable import printable, writable
from watchword.cli.thumbnails import data_uri, thumbnail
from watchword.cli.whole_files import written_whole
from watchword.core.errors import PictureError
from watchword.core.types import Example

MOST = 36  # photos on the page, evenly from the split
THUMBNAIL = 320  # pixels, the longer side
_TITLE = "Nearest photos"
_HEAD = """<header>
<h1>{title}</h1>
<p>Each photo, on the left, beside the one of {learnt} training photos that is nearest to it by the features of
{encoder}; below them the sentences of its neighbours, then what people wrote. {shown} of {photos} photos.</p>
</header>
<main>
"""
_TAIL = """</main>
<footer>watchword {version}. This page is one file and asks nothing of any network.</footer>
</html>
"""


def write_page(place: Path, encoder: str, rows: Sequence[Example], learnt: Sequence[Example], taken: Taken) -> None:
    """Write the page at `place`, whole or not at all. rows: the photos that sentences were taken for."""
    shown = np.unique(np.linspace(0, len(rows) - 1, MOST).round().astype(int)).tolist()
    about = {"learnt": len(learnt), "shown": len(shown), "photos": len(rows)}
    place.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(place) as file:
        file.write(page_head(_TITLE, "page.css", "neighbours_page.css"))
        file.write(_HEAD.format(title=_TITLE, encoder=escape(printable(encoder)), **about))
        for number in shown:
            said = {count: sentences[number] for count, sentences in taken.sentences.items()}
            file.write(_card(rows[number], learnt[int(taken.nearest[number, 0])], said))
        file.write(_TAIL.format(version=__version__))


def _card(row: Example, near: Example, said: dict[int, str]) -> str:
    """Return the card of a photo. said: the sentence that was taken from so many neighbours."""
    told = "".join(
        f"<dt>{'nearest' if count == 1 else f'of {count}'}</dt><dd>{escape(writable(text))}</dd>\n"
        for count, text in said.items()
    )
    others = "".join(f"<li>{escape(writable(text))}</li>" for text in row.sentences)
    return (
        f"<article>\n<div class=pair>{_photo(row)}{_photo(near)}</div>\n<div class=said>\n"
        f"<dl>{told}</dl>\n<ul class=others>{others}</ul>\n"
        f"<p class=file>{_name(row)}; nearest: {_name(near)}</p>\n</div>\n</article>\n"
    )


def _name(row: Example) -> str:
    return escape(printable(row.path.name if row.path else row.id))


def _photo(row: Example) -> str:
    try:
        small = thumbnail(row.path or "", THUMBNAIL)
    except PictureError:
        return "<p>This photo can no longer be opened.</p>"
    size = f'width="{small.width}" height="{small.height}"'
    return f'<img src="{data_uri(small)}" {size} alt="" loading="lazy">'
