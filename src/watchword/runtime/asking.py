"""What a caller may ask of a description, turned into the rules and options of the search."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from watchword.core.errors import SearchError, suggestion
from watchword.core.function_words import FUNCTION_WORDS
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize
from watchword.generation.consensus import Alike
from watchword.generation.constraints import Rules
from watchword.generation.search import SearchOptions
from watchword.runtime.manifest import Search

Consensus = Callable[[Sequence[str]], np.ndarray]
"""From N sentences about one picture to (N, N) floats: how much sentence i is like sentence j."""


class Asked(TypedDict, total=False):
    """Named arguments of every way to describe; whatever is left out is as the model's bundle says.

    beam: sentences kept in view at each word; 1 is greedy. length_normalization: 0 ranks sentences by
        probability, 1 by the mean over their words.
    groups: that the beam is shared out to, which keep away from each other's words; 1 is plain beam search.
        diversity: how strongly they do, in nats (0.5).
    sample: draw words by chance instead. draws: how many sentences, of which the likeliest are given
        (as many as are given, otherwise). temperature: below 1 safer, above 1 bolder (1.0). top_k: draw
        among that many words (0: all). top_p: among the likeliest that share this probability (1.0).
        seed: of the draws; None takes a new one each time.
    max_words, min_words: how many words a sentence has.
    no_repeat_ngram: no run of this many words twice in a sentence; 0 allows it.
    once: no word twice in a sentence but those that hold it together ("a", "and", "in", …), as in "a dog and a dog";
        for models of English.
    worn_cost: nats that a phrase that is said too often costs a sentence, 0 for nothing, where the bundle has such
        phrases; words that are drawn by chance do not mind it.
    must_include: words that every sentence has to hold; "dog|puppy" asks for one of the two.
    consensus: how much sentences are like each other; of the `beam` or the `draws` sentences found, those
        that are most like the others are given. `metrics.cider.Cider(captions).between` is such a function.
    """

    beam: int | None
    length_normalization: float | None
    groups: int | None
    diversity: float | None
    sample: bool
    draws: int | None
    temperature: float | None
    top_k: int | None
    top_p: float | None
    seed: int | None
    max_words: int | None
    min_words: int
    no_repeat_ngram: int | None
    once: bool | None
    worn_cost: float | None
    must_include: Sequence[str]
    consensus: Consensus | None


def rules_and_options(asked: Asked, n: int, usual: Search, vocabulary: Vocabulary) -> tuple[Rules, SearchOptions]:
    """Return what `search` needs to find `n` sentences a photo.

    Raises `SearchError` for values that make no sense or words that the model does not know, and
    `TypeError` for an argument that does not exist.
    """
    for name in asked:
        if name not in Asked.__annotations__:
            raise TypeError(f"no argument {name!r}{suggestion(name, Asked.__annotations__)}")
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    given.pop("consensus", None)  # see `alike_of`
    demanded = given.pop("must_include", ())
    limits = {name: given.pop(name) for name in ("min_words", "max_words", "no_repeat_ngram") if name in given}
    once, cost = given.pop("once", usual.once), given.pop("worn_cost", usual.worn_cost)
    if cost and not usual.worn:
        raise SearchError(f"worn_cost={cost}: this model knows no phrases that are said too often; leave it out")
    rules = Rules(
        start=vocabulary.start,
        end=vocabulary.end,
        forbidden=(vocabulary.pad,) if vocabulary.unknown is None else (vocabulary.pad, vocabulary.unknown),
        once=_telling(vocabulary) if once else (),
        worn=_phrases(usual.worn, vocabulary),
        worn_cost=cost,
        must_include=_groups(demanded, vocabulary),
        **{"max_words": usual.max_words, **limits},
    )
    usually = {"beam": _wide_enough(max(usual.beam, n), given), "length_normalization": usual.length_normalization}
    return rules, SearchOptions(**{"n": n, **usually, **given})


def _telling(vocabulary: Vocabulary) -> tuple[int, ...]:
    """Return the ids of the words that say what is in a photo."""
    known = enumerate(vocabulary.words)
    return tuple(number for number, word in known if word in vocabulary and word not in FUNCTION_WORDS)


def _phrases(worn: Sequence[str], vocabulary: Vocabulary) -> tuple[tuple[int, ...], ...]:
    """Return the ids of phrases; one with a word that is not known is never said."""
    split = [phrase.split() for phrase in worn]
    return tuple(tuple(vocabulary.encode(words)) for words in split if all(word in vocabulary for word in words))


def _wide_enough(wanted: int, given: Mapping[str, Any]) -> int:
    """Return a beam of `wanted` or a little more, so that groups have equal shares of it."""
    groups = given.get("groups", 1)
    return -(-wanted // groups) * groups if isinstance(groups, int) and groups > 1 else wanted


def alike_of(asked: Asked, vocabulary: Vocabulary) -> Alike | None:
    """Return the `consensus` that is asked for as the search needs it, over word ids; None without one."""
    consensus = asked.get("consensus")
    if consensus is None:
        return None
    return lambda sentences: consensus([" ".join(vocabulary.words[word] for word in words) for words in sentences])


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
        known = [one for one in vocabulary.words if one in vocabulary]  # without the special ones
        raise SearchError(f"the model cannot say {word!r}{suggestion(word, known)}; it knows {len(known)} words")
    return vocabulary.encode([word])[0]
