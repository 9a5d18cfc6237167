"""How every page that watchword writes begins: one HTML file that may load nothing from anywhere."""

from html import escape
from pathlib import Path

_HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:;{more} style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>
{css}</style>
"""


def page_head(title: str, *styles: str, files: bool = False) -> str:
    """Return the head of a page called `title`, with these style sheets of this folder inside.

    files: whether it may play what lies on the disk, or on the server, that it comes from.
    """
    more = " media-src file: 'self';" if files else ""
    return _HEAD.format(title=escape(title), css="".join(map(beside, styles)), more=more)


def beside(name: str) -> str:
    """Return the text of a file of this folder: a style sheet or a script."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
