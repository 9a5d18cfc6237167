"""A page of scored sentences: the figures, then every image with its sentences, worst or best first.

One HTML file that needs nothing else, no network least of all.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import numpy as np

from watchword.cli.page_head import beside, page_head
from watchword.cli.printable import printable, writable
from watchword.cli.score_report import order
from watchword.cli.score_sources import Result
from watchword.cli.thumbnails import data_uri, thumbnail
from watchword.cli.whole_files import written_whole
from watchword.core.errors import PictureError
from watchword.metrics.bootstrap import Interval

MOST = 1000  # images on the page: the worst and the best half of them
THUMBNAIL = 320  # pixels, the longer side
_HEAD = """<header>
<h1>Scored sentences</h1>
<p>{about}</p>
<table>
<thead><tr><th scope="col">metric</th><th scope="col">score</th><th scope="col">95 % interval</th></tr></thead>
{figures}</table>
<form onsubmit="return false">
<label>Words <input type="search" placeholder="Show images with these words"></label>
<label>Order <select>{orders}</select></label>
</form>
</header>
<main>
"""
_TAIL = """</main>
<footer>{signature}. This page is one file and asks nothing of any network.</footer>
<script>
{script}</script>
</html>
"""


def write_page(place: Path, result: Result, images: Path | None, spans: dict[str, Interval]) -> None:
    """Write the page at `place`, whole or not at all.

    images: the folder of the photos; by default where the references say they are, and no picture where they are not.
    spans: the interval of each figure.
    """
    scores = result.scores
    chosen = _chosen(result)
    shown = "" if len(chosen) == len(scores.images) else f"; shown are the {len(chosen)} worst and best"
    with written_whole(place) as file:
        file.write(
            page_head("Scored sentences", "page.css", "score_page.css")
            + _HEAD.format(
                about=f"{len(scores.images)} images{shown}.",
                figures="".join(_figure(name, value, spans[name]) for name, value in scores.items()),
                orders="".join(_orders(list(scores), order(scores)[0])),
            )
        )
        file.writelines(_card(result, position, images) for position in chosen.tolist())
        file.write(_TAIL.format(signature=escape(scores.signature), script=beside("score_page.js")))


def _chosen(result: Result) -> np.ndarray:
    """Return the places of the images that the page shows, worst first."""
    places = order(result.scores)[1][::-1]
    return places if len(places) <= MOST else np.concatenate((places[: MOST // 2], places[-(MOST // 2) :]))


def _figure(name: str, value: float, span: Interval) -> str:
    """Return a row of the table of figures."""
    return (
        f'<tr><th scope="row">{escape(name)}</th><td>{value:.4f}</td><td>{span.low:.4f} to {span.high:.4f}</td></tr>\n'
    )


def _orders(names: list[str], usual: str) -> Iterator[str]:
    for number, name in enumerate(names):
        for direction, which in ((1, "worst"), (-1, "best")):
            selected = " selected" if name == usual and direction == 1 else ""
            yield f'<option value="{number} {direction}"{selected}>{which} {escape(name)} first</option>'


def _card(result: Result, position: int, images: Path | None) -> str:
    scores, paired = result.scores, result.paired
    image = scores.images[position]
    values = {name: float(each[position]) for name, each in scores.per_image.items()}
    figures = " · ".join(f"{escape(name)} {value:.3f}" for name, value in values.items())
    others = "".join(f"<li>{escape(writable(text))}</li>" for text in paired.references[image])
    return (
        f'<article data-scores="{" ".join(f"{value:.6g}" for value in values.values())}">\n'
        f"{_photo(paired.photos.get(image), images)}"
        f"<div class=said>\n<p class=sentence>{escape(writable(paired.candidates[image])) or '(nothing said)'}</p>\n"
        f"<ul class=references>{others}</ul>\n<p class=scores>{figures}</p>\n"
        f"<p class=file>{escape(printable(image))}</p>\n</div>\n</article>\n"
    )


def _inside(folder: Path, path: Path) -> Path | None:
    """Return the photo in another folder: under its name, or under the last folders of its path too (val2014/x.jpg)."""
    places = (folder.joinpath(*path.parts[-count:]) for count in range(1, min(4, len(path.parts)) + 1))
    return next((place for place in places if place.is_file()), None)


def _photo(path: Path | None, images: Path | None) -> str:
    """Return the picture of an image, or nothing where there is none."""
    place = path if images is None or path is None else _inside(images, path)
    if place is None or not place.is_file():
        return ""
    try:
        small = thumbnail(place, THUMBNAIL)
    except PictureError:
        return ""
    size = f'width="{small.width}" height="{small.height}"'
    return f'<div class=photo><div><img src="{data_uri(small)}" {size} alt="" loading="lazy"></div></div>\n'
