"""What a caller may ask of a description, turned into the rules and options of the search."""

from collections.abc import Sequence
from typing import Any, TypedDict

from watchword.core.errors import SearchError, suggestion
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize
from watchword.generation.constraints import Rules
from watchword.generation.search import SearchOptions
from watchword.runtime.manifest import Search


class Asked(TypedDict, total=False):
    """Named arguments of every way to describe; whatever is left out is as the model's bundle says.

    beam: sentences kept in view at each word; 1 is greedy. length_normalization: 0 ranks sentences by
        probability, 1 by the mean over their words.
    sample: draw words by chance instead. temperature: below 1 safer, above 1 bolder (1.0). top_k: draw
        among that many words (0: all). top_p: among the likeliest that share this probability (1.0).
        seed: of the draws; None takes a new one each time.
    max_words, min_words: how many words a sentence has.
    no_repeat_ngram: no run of this many words twice in a sentence; 0 allows it.
    must_include: words that every sentence has to hold; "dog|puppy" asks for one of the two.
    """

    beam: int | None
    length_normalization: float | None
    sample: bool
    temperature: float | None
    top_k: int | None
    top_p: float | None
    seed: int | None
    max_words: int | None
    min_words: int
    no_repeat_ngram: int | None
    must_include: Sequence[str]


def rules_and_options(asked: Asked, n: int, usual: Search, vocabulary: Vocabulary) -> tuple[Rules, SearchOptions]:
    """Return what `search` needs to find `n` sentences a photo.

    Raises `SearchError` for values that make no sense or words that the model does not know, and
    `TypeError` for an argument that does not exist.
    """
    for name in asked:
        if name not in Asked.__annotations__:
            raise TypeError(f"no argument {name!r}{suggestion(name, Asked.__annotations__)}")
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    demanded = given.pop("must_include", ())
    limits = {name: given.pop(name) for name in ("min_words", "max_words", "no_repeat_ngram") if name in given}
    rules = Rules(
        start=vocabulary.start,
        end=vocabulary.end,
        forbidden=(vocabulary.pad,) if vocabulary.unknown is None else (vocabulary.pad, vocabulary.unknown),
        must_include=_groups(demanded, vocabulary),
        **{"max_words": usual.max_words, **limits},
    )
    usually = {"beam": max(usual.beam, n), "length_normalization": usual.length_normalization}
    return rules, SearchOptions(**{"n": n, **usually, **given})


def _groups(demanded: Sequence[str], vocabulary: Vocabulary) -> tuple[tuple[int, ...], ...]:
    """Return the ids of demanded words: a group for each word, or for all the alternatives of a "this|that"."""
    if isinstance(demanded, str):
        raise SearchError(f"must_include={demanded!r} is one text; give a list of words, as in [{demanded!r}]")
    groups: list[tuple[int, ...]] = []
    for text in demanded:
        ids = tuple(_known(word, vocabulary) for part in text.split("|") for word in tokenize(part))
        if not ids:
            raise SearchError(f"must_include has {text!r}, which holds no word; give a word, as in dog, or dog|puppy")
        groups += [ids] if "|" in text else [(word,) for word in ids]
    return tuple(groups)


def _known(word: str, vocabulary: Vocabulary) -> int:
    """Return the id of `word`; `SearchError` if the model cannot say it."""
    if word not in vocabulary:
        raise SearchError(
            f"the model cannot say {word!r}{suggestion(word, vocabulary.words[3:])}; it knows {len(vocabulary)} words"
        )
    return vocabulary.encode([word])[0]
