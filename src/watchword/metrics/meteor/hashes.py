"""Words as numbers: the keys of our own tables, and the hash by which METEOR's Java program compares words.

Two words with one Java hash are one word to its exact matches ("ao" and "c1"), so the hash is kept. Its
dictionaries compare letters; 64-bit keys stand for those (two in a million million words would share one).
"""

from collections.abc import Sequence

import numpy as np

_START, _PRIME = 0xCBF29CE484222325, np.uint64(0x100000001B3)  # FNV-1a


def java_hash(word: str) -> int:
    """Return `String.hashCode()` of `word`, -2^31 to 2^31 - 1: over its UTF-16 units."""
    total = 0
    for unit in map(ord, word):
        if unit > 0xFFFF:
            total = total * 31 + 0xD7C0 + (unit >> 10)
            unit = 0xDC00 | unit & 0x3FF
        total = (total * 31 + unit) & 0xFFFFFFFF
    return total - ((total & 0x80000000) << 1)


def keys_in_text(text: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return (N,) uint64, the keys of N words that stand at `starts` in `text`, (bytes,) uint8, UTF-8."""
    keys = np.full(len(starts), _START, np.uint64)
    rest = np.arange(len(starts))
    for place in range(int(lengths.max(initial=0))):
        rest = rest[lengths[rest] > place]
        keys[rest] = (keys[rest] ^ text[starts[rest] + place]) * _PRIME
    return keys


def word_keys(words: Sequence[str]) -> np.ndarray:
    """Return (N,) uint64, the key of each word."""
    encoded = [word.encode(errors="replace") for word in words]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    return keys_in_text(np.frombuffer(b"".join(encoded), np.uint8), np.cumsum(lengths) - lengths, lengths)


def places(table: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Return (N,) int64, where each key stands in a sorted `table`, or -1."""
    if not len(table):
        return np.full(len(keys), -1)
    found = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    found[table[found] != keys] = -1
    return found


def different(keys: np.ndarray) -> np.ndarray:
    """Return the different keys, sorted. `np.unique` goes through a hash table, which takes ten times as long."""
    keys = np.sort(keys)
    kept = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=kept[1:])
    return keys[kept]
