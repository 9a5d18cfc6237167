"""A page of photos and sentences: one HTML file that needs nothing else, no network least of all.

Each word of a sentence is a button; hovering, focusing or tapping it shows on the photo what it looked at.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TextIO

from watchword import __version__
from watchword.cli.heat import grid_of, stretched
from watchword.cli.page_head import beside, page_head
from watchword.cli.printable import printable
from watchword.cli.thumbnails import data_uri, thumbnail
from watchword.cli.whole_files import written_whole
from watchword.core.errors import PictureError
from watchword.core.types import Sentence

THUMBNAIL = 480  # pixels, the longer side
_HEAD = """<header>
<h1>{title}</h1>
<p>{about}</p>
<input type="search" placeholder="Show {what} with these words" aria-label="Show {what} with these words">
</header>
<main{grid}>
"""
_PHOTOS = """Point at a word, tap it or go to it with Tab: the photo shows what the word looked at. Escape clears.
The stronger the line below a word, the surer the model was of it."""
_CLIPS = """Choose a sentence, or go to it with Tab and press Enter: the clip is played from there. With the arrow keys
one goes up and down the sentences. A clip is played from where it lies; keep it and this page where they are."""
_TAIL = """</main>
<footer>Said by watchword {version}, model {model}. This page is one file and asks nothing of any network.</footer>
<script>
{script}</script>
</html>
"""


class PageWriter:
    """Writes one card for each photo. Made by `page`."""

    def __init__(self, file: TextIO, grid: tuple[int, int] | None) -> None:
        """Write cards into `file`; grid: rows and columns of what words look at."""
        self.file, self._grid = file, grid

    def write(self, path: str, said: Sequence[Sentence]) -> None:
        """Write the card of the photo at `path`; a photo that has gone meanwhile leaves its sentence."""
        best = said[0]
        others = "".join(f"<li>{escape(_shown(one.words))}</li>" for one in said[1:])
        self.file.write(
            f"<article>\n<div class=photo>{_picture(path, best)}</div>\n<div class=said>\n"
            f"<p class=sentence>{_words(best)}</p>\n<p class=sure>{_sure(best)}</p>\n"
            + (f"<ul class=others>{others}</ul>\n" if others else "")
            + f"{_labels(best)}<p class=file>{escape(printable(path))}</p>\n</div>\n</article>\n"
        )


@contextmanager
def page(
    place: Path, model: str, grid: tuple[int, int] | None, cells: int, photos: bool = True, clips: bool = False
) -> Iterator[PageWriter]:
    """Yield a writer of the page at `place`, which appears there once it is whole.

    model: its name. grid: rows and columns of the cells, or None if they are no grid; cells: how many. photos, clips:
    what will be on the page; clips have a writer of their own, `clip_page.ClipCards`.
    """
    what = " and ".join(name for name, there in (("photos", photos), ("clips", clips)) if there)
    about = " ".join(text for text, there in ((_PHOTOS, photos), (_CLIPS, clips)) if there)
    title = f"{what.capitalize()} in sentences"
    rows, columns = grid_of(cells, grid)
    with written_whole(place) as file:
        file.write(page_head(title, "page.css", *["clip_page.css"] * clips, files=clips))
        file.write(_HEAD.format(title=title, about=about, what=what, grid=f" data-rows={rows} data-columns={columns}"))
        yield PageWriter(file, grid)
        script = beside("page.js") + (beside("clip_page.js") if clips else "")
        file.write(_TAIL.format(version=__version__, model=escape(printable(model)), script=script))


def _picture(path: str, sentence: Sentence) -> str:
    try:
        small = thumbnail(path, THUMBNAIL)
    except PictureError:
        return "<p>This photo can no longer be opened.</p>"
    size = f'width="{small.width}" height="{small.height}"'
    canvas = "" if sentence.looked_at is None else "<canvas></canvas>"
    return f'<div><img src="{data_uri(small)}" {size} alt="{escape(_shown(sentence.words))}">{canvas}</div>'


def _words(sentence: Sentence) -> str:
    """Return the sentence, each word a button if it looked at something."""
    shares = [math.exp(log_prob) for log_prob in sentence.log_probs[: len(sentence.words)]]
    shown = [escape(word) for word in _shown(sentence.words).removesuffix(".").split()]
    if sentence.looked_at is None:
        return " ".join(shown) + "."
    looks = (stretched(sentence.looked_at) * 255).round().astype("uint8")
    buttons = [
        f'<button type="button" class="word" style="--sure:{share * 100:.0f}" data-looked="{look.tobytes().hex()}" '
        f'title="“{escape(word)}”: {share:.0%} probable here">{text}</button>'
        for word, text, share, look in zip(sentence.words, shown, shares, looks, strict=True)
    ]
    return " ".join([*buttons[:-1], f'<span class="end">{"".join(buttons[-1:])}.</span>'])


def _shown(words: Sequence[str]) -> str:
    """Return words as a sentence for people: a capital first and a full stop last."""
    text = " ".join(words)
    return text[:1].upper() + text[1:] + "."


def _sure(sentence: Sentence) -> str:
    return "" if sentence.confidence is None else f"Confidence {sentence.confidence:.0%}"


def _labels(sentence: Sentence) -> str:
    items = "".join(
        f"<li>{escape(name)} <span>{share:.0%}</span></li>" for name, share in sentence.labels if share >= 0.01
    )
    return f"<ul class=labels>{items}</ul>\n" if items else ""
