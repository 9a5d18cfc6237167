"""The paraphrase table of METEOR, 16 million lines of text, as three arrays.

A phrase is known by a 64-bit key of its words; its number is the rank of its key. The beginnings of
phrases have numbers too, so that phrases are found in a sentence one word at a time.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.hashes import different, keys_in_text

_CHUNK = 1 << 23  # bytes of text at a time; this bounds the memory
_NEWLINE, _SPACE = 10, 32
_SHIFT, _ODD, _ADD = np.uint64(29), np.uint64(0xD1342543DE82EF95), np.uint64(0x9E3779B97F4A7C15)


class Paraphrases(NamedTuple):
    """Phrases and what else says the same.

    keys: (P,) uint64, sorted; the place of a key is the number of its phrase. ends: (P + 1,) int32, where
    the paraphrases of each phrase start in `others`, (T,) int32 numbers of phrases, in the file's order.
    """

    keys: np.ndarray
    ends: np.ndarray
    others: np.ndarray


def extend(phrases: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return (N,) uint64, the keys of phrases with one word more; 0 is the key of no words yet."""
    mixed = (phrases ^ words) * _ODD + _ADD
    return (mixed ^ (mixed >> _SHIFT)) * _ODD


def read_paraphrases(path: Path, words: set[str]) -> Paraphrases:
    """Read the table: triples of lines, a probability (which nothing uses), a phrase and its paraphrase.

    The words of its phrases are added to `words`.
    """
    met, known, left, right = _EMPTY, _EMPTY, [], []
    for text in _chunks(path):
        tokens, first, sizes = _words_of(text)
        met = _note_words(text, tokens, met, words)
        prefixes, whole = _phrase_keys(tokens.keys, first, sizes)
        known = different(np.concatenate([known, prefixes]))
        left.append(whole[::2].copy())
        right.append(whole[1::2].copy())
    sources, others = (_numbers(known, keys) for keys in (left, right))
    ends = np.zeros(len(known) + 1, np.int32)
    np.cumsum(np.bincount(sources, minlength=len(known)), out=ends[1:])
    return Paraphrases(known, ends, others[np.argsort(sources, kind="stable")])


_EMPTY = np.empty(0, np.uint64)


class _Words(NamedTuple):
    """Words in a text: where they start, how many bytes they have, their keys, (N,) each."""

    starts: np.ndarray
    lengths: np.ndarray
    keys: np.ndarray


def _chunks(path: Path) -> Iterator[np.ndarray]:
    """Yield the file in parts, (bytes,) uint8, each of whole triples of lines."""
    rest = b""
    with gzip.open(path, "rb") as file:
        while block := file.read(_CHUNK):
            text = np.frombuffer(rest + block, np.uint8)
            newlines = np.flatnonzero(text == _NEWLINE)
            triples = len(newlines) // 3
            end = int(newlines[3 * triples - 1]) + 1 if triples else 0
            rest = text[end:].tobytes()
            if end:
                yield text[:end]


def _words_of(text: np.ndarray) -> tuple[_Words, np.ndarray, np.ndarray]:
    """Return the words of the phrases in `text`; and of each phrase the first word's place and its words."""
    breaks = np.flatnonzero((text == _NEWLINE) | (text == _SPACE))
    lines = np.zeros(len(breaks), np.int64)
    np.cumsum(text[breaks[:-1]] == _NEWLINE, out=lines[1:])
    starts = np.concatenate([[0], breaks[:-1] + 1])
    kept = (lines % 3 != 0) & (breaks > starts)
    starts, lengths, lines = starts[kept], (breaks - starts)[kept], lines[kept]
    first = np.flatnonzero(np.diff(lines, prepend=-1))
    sizes = np.diff(first, append=len(lines))
    return _Words(starts, lengths, keys_in_text(text, starts, lengths)), first, sizes


def _note_words(text: np.ndarray, tokens: _Words, met: np.ndarray, words: set[str]) -> np.ndarray:
    """Add to `words` those whose keys have not been `met`; return the keys met by now, sorted."""
    keys, places = np.unique(tokens.keys, return_index=True)
    new = np.isin(keys, met, assume_unique=True, invert=True)
    for place in places[new]:
        start = tokens.starts[place]
        words.add(text[start : start + tokens.lengths[place]].tobytes().decode())
    return different(np.concatenate([met, keys]))


def _phrase_keys(words: np.ndarray, first: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the keys of all beginnings of phrases, different ones; and those of the whole phrases, in order."""
    keys = np.zeros(len(first), np.uint64)
    prefixes = [_EMPTY]
    for place in range(int(sizes.max(initial=0))):
        longer = np.flatnonzero(sizes > place)
        keys[longer] = extend(keys[longer], words[first[longer] + place])
        prefixes.append(keys[longer])
    return different(np.concatenate(prefixes)), keys


def _numbers(known: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    """Return int32, the places in `known` of keys in many `parts`, which are let go one by one."""
    numbers = [np.searchsorted(known, parts.pop(0)).astype(np.int32) for _ in range(len(parts))]
    return np.concatenate([np.empty(0, np.int32), *numbers])
