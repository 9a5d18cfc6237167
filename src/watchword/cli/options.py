"""Complaints about a search in the words of the command line: --beam 5, where Python says beam=5."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from watchword.core.errors import SearchError

# Names of one word are options only where a value follows.
_OPTION = re.compile(
    r"\b(?:(beam|n|groups|diversity|temperature|seed|draws)=|"
    r"(top_k|top_p|max_words|no_repeat_ngram|must_include|length_normalization)\b(=?))"
)
_PHRASES = (
    (re.compile(r"\bmin_words=0, "), ""),  # no option
    (re.compile(r"\b(set|or) sample\b"), r"\1 --sample"),
    (re.compile(r"\bor None\b"), "or left out"),
)


@contextmanager
def named_as_options() -> Iterator[None]:
    """Have what a search is told by arguments be called by the options that set them."""
    try:
        yield
    except SearchError as error:
        raise SearchError(in_options(str(error))) from None


def in_options(message: str) -> str:
    """Return a complaint of a search with options in place of arguments.

    >>> in_options("n=7 sentences from beam=2: set beam=7 or more, or sample")
    '--n 7 sentences from --beam 2: set --beam 7 or more, or --sample'
    """
    for pattern, phrase in _PHRASES:
        message = pattern.sub(phrase, message)
    return _OPTION.sub(_option, message)


def _option(found: re.Match[str]) -> str:
    name = found[1] or found[2].removesuffix("_ngram").replace("_", "-")
    return f"--{name} " if found[1] or found[3] else f"--{name}"
