"""Words out of a bundle reach terminals, pages and sidecars: none may hold what is acted upon rather than seen."""

from collections.abc import Iterable

from watchword.core.errors import BundleError

_JOINERS = str.maketrans("", "", "\u200c\u200d")  # unseen, but part of words, in Persian as in emoji


def refuse_illegible(words: Iterable[str], where: str) -> None:
    """Raise `BundleError` for a control character, a line end, a mark of direction or half a character in `words`.

    where: names the words in the message, as in "its labels".
    """
    for number, word in enumerate(words):
        if not word.translate(_JOINERS).isprintable():
            raise BundleError(
                f"{where}: number {number}, {word[:60]!r}, cannot be shown; get or export the bundle again"
            )
