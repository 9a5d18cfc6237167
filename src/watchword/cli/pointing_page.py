"""A page of phrases: where people drew their boxes, and which box a matcher found.

One HTML file that needs nothing else, no network least of all.
"""

from html import escape
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from watchword import __version__
from watchword.cli.boxes_drawn import COLOURS
from watchword.cli.grounding import Grounded, Way
from watchword.cli.page_head import page_head
from watchword.cli.phrases_asked import Asked
from watchword.cli.printable import printable, writable
from watchword.cli.region_tiles import framed, in_pixels
from watchword.cli.regions_page import as_html
from watchword.cli.whole_files import written_whole
from watchword.data.words import tokenize
from watchword.metrics.pointing import right

MOST = 48  # phrases on the page, evenly from all
THUMBNAIL = 320  # pixels, the longer side
_TITLE = "Where phrases are"
_PEOPLES = COLOURS[1]
_HEAD = """<header>
<h1>{title}</h1>
<p>Blue: where people say that the phrase in bold is. Orange, the rest dimmed: the box that {model} found for it, by
{way}. Right is one whose middle lies in a blue box. {shown} of {phrases} phrases.</p>
</header>
<main>
"""
_TAIL = """</main>
<footer>watchword {version}. This page is one file and asks nothing of any network.</footer>
</html>
"""


def write_page(place: Path, model: str, found: Grounded, way: Way) -> None:
    """Write the page at `place`, whole or not at all. way: whose choices are shown."""
    shown = np.unique(np.linspace(0, len(found.asked) - 1, MOST).round().astype(int)).tolist()
    said = f"{way.by} at beta {way.beta:g}"
    about = {"way": said, "shown": len(shown), "phrases": len(found.asked), "model": escape(printable(model))}
    place.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(place) as file:
        file.write(page_head(_TITLE, "page.css", "regions_page.css"))
        file.write(_HEAD.format(title=_TITLE, **about))
        for number in shown:
            file.write(_card(found.asked[number], found.where[way][number]))
        file.write(_TAIL.format(version=__version__))


def _card(asked: Asked, region: np.ndarray) -> str:
    """Return the card of a phrase and the box (4,) that was found for it."""
    is_right = bool(right(region[None], asked.boxes)[1, 0])
    told = '<p class="right">right</p>' if is_right else '<p class="wrong">wrong</p>'
    photo = as_html(lambda: drawn(asked, region))
    return (
        f"<article>\n<div class=photo>{photo}</div>\n<div class=said>\n<p>{_sentence(asked)}</p>\n"
        f"{told}\n<p class=file>{escape(printable(asked.photo.name))}</p>\n</div>\n</article>\n"
    )


def _sentence(asked: Asked) -> str:
    """Return the words of the sentence, those of the phrase in bold."""
    words = [escape(writable(word)) for word in tokenize(asked.sentence)]
    first, end = asked.words.start, asked.words.stop
    return " ".join([*words[:first], f"<b>{' '.join(words[first:end])}</b>", *words[end:]])


def drawn(asked: Asked, region: np.ndarray) -> Image.Image:
    """Return the photo with that box framed, and thinner the boxes that people drew."""
    small = framed(asked.photo, tuple(region.tolist()), THUMBNAIL)
    pencil = ImageDraw.Draw(small)
    for box in asked.boxes:
        x0, y0, x1, y1 = in_pixels(tuple(box.tolist()), small.size)
        pencil.rectangle((x0, y0, x1 - 1, y1 - 1), outline=_PEOPLES, width=2)
    return small
