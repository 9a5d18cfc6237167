"""Strict readers of subtitle tracks: they raise on what a forgiving player would let pass."""

import re

_VTT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})"
_SRT_TIME = r"(\d{2}):([0-5]\d):([0-5]\d),(\d{3})"
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


def read_vtt(text):
    """Return the cues of a WebVTT file as (start, end, text), times in milliseconds."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    cues = []
    for block in blocks:
        assert block.strip() == block, "a blank line too many"
        first, *lines = block.split("\n")
        if first.startswith("NOTE"):
            assert not cues
            assert "-->" not in block
            continue
        found = re.fullmatch(f"{_VTT_TIME} --> {_VTT_TIME}", first)
        assert found, first
        joined = "\n".join(lines)
        assert lines
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", joined), joined
        cues.append((*_times(found), re.sub("&amp;|&lt;|&gt;", lambda entity: _ENTITIES[entity[0]], joined)))
    return _in_order(cues)


def read_srt(text):
    """Return the cues of an SRT file as (start, end, text), times in milliseconds."""
    cues = []
    for number, block in enumerate(text.removesuffix("\n").split("\n\n") if text else (), start=1):
        count, times, *lines = block.split("\n")
        assert count == str(number)
        found = re.fullmatch(f"{_SRT_TIME} --> {_SRT_TIME}", times)
        assert found, times
        assert 1 <= len(lines) <= 2
        assert all(0 < len(line) <= 42 and line == line.strip() for line in lines)
        assert not re.search("[<>]", "".join(lines))
        cues.append((*_times(found), "\n".join(lines)))
    return _in_order(cues)


def _times(found):
    parts = list(map(int, found.groups()))
    return [((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (parts[:4], parts[4:])]


def _in_order(cues):
    free = 0
    for start, end, text in cues:
        assert free <= start < end, f"{text!r} overlaps or goes back: {start} to {end} after {free}"
        assert text.isprintable() or set(filter(lambda char: not char.isprintable(), text)) == {"\n"}
        free = end
    return cues
