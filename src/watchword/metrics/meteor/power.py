"""Powers as Java computes them, to the last digit."""

from functools import lru_cache
from math import gcd

# Where Java's Math.pow(chunks / (words / 2), 0.2) is not C's, of all fractions with up to 100 chunks and 400
# words (of both sentences together), in lowest terms.
_JAVA = {
    (6, 47): 0.7610561111586592,
    (7, 111): 0.6609384404935977,
    (17, 235): 0.6793322164844211,
    (37, 193): 0.8255338432894582,
    (37, 208): 0.8132679863036546,
    (37, 301): 0.7553235833672943,
    (44, 167): 0.8797377743687556,
    (44, 207): 0.8427571879385563,
    (45, 94): 0.9913406873113763,
    (47, 251): 0.8216575049709816,
    (49, 241): 0.835298702158862,
    (50, 173): 0.8961707798109799,
    (51, 160): 0.9138944456197073,
    (55, 117): 0.9877370960092116,
    (55, 259): 0.8425944306479403,
    (57, 370): 0.7902065504343737,
    (60, 269): 0.8509142431323591,
    (65, 287): 0.853517226950564,
    (91, 205): 0.9764803434999743,
    (91, 295): 0.9079247903226233,
    (93, 269): 0.9288640034175019,
    (97, 375): 0.8765043835973232,
}
_EXPONENT = 0.2


@lru_cache(maxsize=1 << 16)
def fragmentation(chunks: int, words: int) -> float:
    """Return (chunks / (words / 2)) ** 0.2; words: matched, of both sentences together, one or more."""
    divisor = gcd(chunks, words)
    known = _JAVA.get((chunks // divisor, words // divisor))
    return (chunks / (words / 2)) ** _EXPONENT if known is None else known
