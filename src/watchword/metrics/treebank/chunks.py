"""The fast way: what stands between two spaces, wherever its tokens cannot depend on what comes next.

Whether they can is not guessed: the lexer reads the chunk and the space or line end after it, and a scan that
could still go on there makes the chunk dependent. Nothing looks back, so each chunk is read once and remembered.
"""

from watchword.metrics.treebank.automaton import Notes
from watchword.metrics.treebank.lexer import lexer
from watchword.metrics.treebank.small import small
from watchword.metrics.treebank.units import from_units, to_units

PUNCTUATION = frozenset({*"'`.?!,:-;", "''", "``", "--", "..."})  # dropped from every line
PARTED = frozenset({"cannot", "gonna", "gotta", "lemme", "gimme", "wanna"})  # the only ones of letters alone
_LONGEST = 60  # units of a chunk that is worth remembering
_ROOM = 100_000  # chunks remembered before all are forgotten


class Chunks(dict[str, str | None]):
    """Of each chunk its words, with a space before each; None if they depend on what comes next."""

    def __init__(self, after: str) -> None:
        """Take what follows each chunk: a space, or the end of the line."""
        self._after = after

    def __missing__(self, chunk: str) -> str | None:
        """Tokenise a chunk, and remember it."""
        if chunk.isascii() and chunk.isalpha() and (plain := chunk.lower()) not in PARTED:
            words: str | None = f" {plain}"  # no rule parts letters alone, or goes on behind them; see the tests
        else:
            words = _words(chunk, self._after)
        if len(chunk) <= _LONGEST:
            if len(self) >= _ROOM:
                self.clear()
            self[chunk] = words
        return words


_BEFORE_SPACE = Chunks(" ")
_BEFORE_LINE_END = Chunks("\n")


def caption_words(caption: str) -> str | None:
    """Return the words of a caption that another line follows; None if they may depend on more than each chunk.

    caption: without line feeds.
    """
    body = caption.rstrip(" ")
    chunks = body.split(" ")
    last = chunks.pop() + caption[len(body) :]  # spaces before a line end tell dots from an ellipsis
    words = [*map(_BEFORE_SPACE.__getitem__, chunks), _BEFORE_LINE_END[last]]
    try:
        return "".join(words)[1:]  # type: ignore[arg-type]  # joining finds a None faster than a search
    except TypeError:
        return None


def _words(chunk: str, after: str) -> str | None:
    text, notes = to_units(chunk) + after, Notes()
    at, stop, words = 0, len(text) - len(after), ""
    while at < stop:
        token, at, still_open = lexer().token(text, at, notes)
        if still_open or at > stop or token == "\n" or token[-1:].isspace():
            return None
        if token:
            written = small(from_units(token))
            words += "" if written in PUNCTUATION else f" {written}"
    return words
