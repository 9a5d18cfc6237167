"""The words a model knows, by number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from watchword.core.errors import DataError

PAD, START, END, UNKNOWN = "<pad>", "<start>", "<end>", "<unk>"


@dataclass(frozen=True)
class Vocabulary:
    """Words and their ids; the id of a word is its place in `words`.

    words: `<pad>`, `<start>`, `<end>`, then `<unk>` unless the vocabulary does without, then words by
        falling frequency, ties in alphabetical order. Raises `DataError` if they are not laid out so.
    unknown: the id of `<unk>`, or None.
    """

    words: tuple[str, ...]
    unknown: int | None = field(init=False, repr=False, compare=False)
    _ids: dict[str, int] = field(init=False, repr=False, compare=False)

    pad: ClassVar[int] = 0
    start: ClassVar[int] = 1
    end: ClassVar[int] = 2

    def __post_init__(self) -> None:
        """Check the words and number them."""
        _check(self.words)
        first = 4 if UNKNOWN in self.words[3:4] else 3
        object.__setattr__(self, "unknown", 3 if first == 4 else None)
        object.__setattr__(self, "_ids", {word: i for i, word in enumerate(self.words) if i >= first})

    @classmethod
    def build(cls, sentences: Iterable[Iterable[str]], minimum: int = 5, unknown: bool = True) -> "Vocabulary":
        """Return the words seen at least `minimum` times in `sentences` (each a list of words).

        unknown: whether rarer words become `<unk>`; if not, `encode` drops them.
        """
        counts = Counter(word for sentence in sentences for word in sentence)
        specials = (PAD, START, END, UNKNOWN) if unknown else (PAD, START, END)
        kept = [word for word, count in counts.items() if count >= minimum and word not in (PAD, START, END, UNKNOWN)]
        return cls(specials + tuple(sorted(kept, key=lambda word: (-counts[word], word))))

    def __len__(self) -> int:
        """Count the words, the special ones among them: the V of every shape."""
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        """Tell whether `word` can be said; the special words cannot."""
        return word in self._ids

    def rank(self, word: str) -> int:
        """Return how common `word` is among the words learnt: 1 the commonest; of one not known, one past the last."""
        first = 3 if self.unknown is None else 4
        return self._ids.get(word, len(self.words)) - first + 1

    def encode(self, words: Iterable[str]) -> list[int]:
        """Return the ids of `words`, without start and end; words not known become `<unk>` or are dropped."""
        ids = (self._ids.get(word, self.unknown) for word in words)
        return [i for i in ids if i is not None]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the words of `ids` up to the first `<end>`, special words left out.

        Raises `IndexError` for an id that no word has.
        """
        words = []
        for i in ids:
            if i == self.end:
                break
            if not 0 <= i < len(self.words):
                raise IndexError(f"word id {i} is outside this vocabulary of {len(self.words)} words")
            if i not in (self.pad, self.start, self.unknown):
                words.append(self.words[i])
        return words

    def frequencies(self, sentences: Iterable[Iterable[str]]) -> np.ndarray:
        """Count how often each id is the next word in `sentences`: (V,) int64.

        `<end>` counts once a sentence, `<pad>` and `<start>` never. The logarithm of these (plus one)
        is what an output bias starts from.
        """
        counts = np.zeros(len(self.words), np.int64)
        for sentence in sentences:
            np.add.at(counts, [*self.encode(sentence), self.end], 1)
        return counts

    def save(self, path: str | Path) -> None:
        """Write UTF-8 text, one word a line; line number, from 0, = id."""
        Path(path).write_text("\n".join(self.words) + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: str | Path) -> "Vocabulary":
        """Read what `save` wrote; `DataError` if the file is missing, is not UTF-8 or is no vocabulary."""
        try:
            text = Path(path).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: cannot be read as a vocabulary ({error}); it is UTF-8, one word a line") from None
        try:
            return cls(tuple(text.removesuffix("\n").split("\n")))
        except DataError as error:
            raise DataError(f"{path}: {error}") from None


def _check(words: tuple[str, ...]) -> None:
    """Raise `DataError` unless the special words lead and every word is one word, given once."""
    if words[:3] != (PAD, START, END):
        raise DataError(f"a vocabulary begins with {PAD}, {START}, {END}; this one with {words[:3]!r}")
    for i, word in enumerate(words):
        if word.split() != [word]:
            raise DataError(f"word {i} of the vocabulary, {word!r}, is empty or holds a space; each line is one word")
    if UNKNOWN in words[4:]:
        raise DataError(f"{UNKNOWN} is word 3 of a vocabulary or absent; here it is word {words.index(UNKNOWN, 4)}")
    if len(set(words)) < len(words):
        twice = Counter(words).most_common(1)[0][0]
        raise DataError(f"{twice!r} is in the vocabulary twice; each word is given once")
