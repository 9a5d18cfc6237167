"""Subtitle tracks that players accept: WebVTT and SubRip (SRT)."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Literal, NamedTuple

from watchword import __version__

Track = Literal["vtt", "srt"]
WIDTH, LINES = 42, 2  # characters a line and lines at once, as subtitles are set
_NOT_SRT = str.maketrans({"<": "\u2039", ">": "\u203a"})  # SRT has marks of style but no escapes
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


class Cue(NamedTuple):
    """A text and when it is shown: milliseconds from the clip's start."""

    start: int
    end: int
    text: str


def cue(start: float, end: float, text: str) -> Cue:
    """Return a cue of times in seconds."""
    return Cue(round(start * 1000), round(end * 1000), text)


def track(cues: Iterable[Cue], kind: Track, model: str) -> Iterator[str]:
    """Yield the file of a track, part by part.

    cues: in order, not overlapping. model: which said so; a remark in WebVTT says it, SRT has none.
    """
    if kind == "vtt":
        yield f"WEBVTT\n\nNOTE\nWritten by watchword {__version__}, model {_entities(_plain(model))}\n"
    number = 0
    for whole in cues:
        for part in shown(whole):
            number += 1
            yield vtt(part) if kind == "vtt" else srt(part, number)


def shown(whole: Cue) -> list[Cue]:
    """Return a cue as cues of at most two lines, which share its time by their letters; [] if it has none of either.

    The lines of each are parted by line ends.
    """
    lines = wrap(_plain(whole.text), WIDTH)
    texts = ["\n".join(lines[place : place + LINES]) for place in range(0, len(lines), LINES)]
    span, letters = whole.end - whole.start, sum(map(len, texts))
    cues, said = list[Cue](), 0
    for text in texts:
        start = whole.start + span * said // letters
        said += len(text)
        end = whole.start + span * said // letters
        if end > start:
            cues.append(Cue(start, end, text))
    return cues


def vtt(part: Cue) -> str:
    """Return a cue of WebVTT, the blank line before it first."""
    return f"\n{_clock(part.start, '.')} --> {_clock(part.end, '.')}\n{_entities(part.text)}\n"


def srt(part: Cue, number: int) -> str:
    """Return a cue of SRT, counted from 1; angle brackets, which would be taken for marks, as quotation marks."""
    before = "\n" if number > 1 else ""
    times = f"{_clock(part.start, ',')} --> {_clock(part.end, ',')}"
    return f"{before}{number}\n{times}\n{part.text.translate(_NOT_SRT)}\n"


def spoken(words: Iterable[str]) -> str:
    """Return words as a sentence for people: a capital first and a full stop last; "" for none."""
    text = " ".join(words)
    return text[:1].upper() + text[1:] + "." if text else ""


def _plain(text: str) -> str:
    """Return a text on one line: a blank line would end a cue."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _entities(text: str) -> str:
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text


def _clock(milliseconds: int, point: str) -> str:
    """Return hours:minutes:seconds and milliseconds, hours with two figures or more.

    >>> _clock(3_723_004, ",")
    '01:02:03,004'
    """
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{point}{thousandths:03}"
