"""The stem of an English word.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, rule for rule as printed there,
but words of one or two letters stay as they are. Step numbers and examples are the paper's.
"""

import re

_CONSONANT = "(?:[^aeiouy]|(?<![^aeiou])y)"  # y after a consonant is a vowel
_VOWEL = "(?:[aeiou]|(?<=[^aeiou])y)"
_HAS_VOWEL = re.compile(_VOWEL)
_SEQUENCES = re.compile(f"{_VOWEL}+{_CONSONANT}+")
_DOUBLE = re.compile(rf"({_CONSONANT})\1$")
_SHORT = re.compile(f"{_CONSONANT}{_VOWEL}(?![wxy]){_CONSONANT}$")  # "*o": -wil, -hop

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive",
    "biliti": "ble",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = dict.fromkeys(
    ("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
     "ous", "ive", "ize"), "",
)  # fmt: skip


def stem(word: str) -> str:
    """Return the stem of `word`, in small letters: "running" and "runs" give "run"."""
    word = word.lower()
    if len(word) > 2:  # or "is" would become "i"
        word = _step_1(word)
        word = _replace(word, _STEP_2, 0)
        word = _replace(word, _STEP_3, 0)
        word = _replace(word, _STEP_4, 1)
        word = _step_5(word)
    return word


def measure(part: str) -> int:
    """Return m, how often a run of vowels is followed by one of consonants: 0 tree, 1 trouble, 2 private."""
    return len(_SEQUENCES.findall(part))


def _step_1(word: str) -> str:
    """Plurals and past participles: caresses, ponies, agreed, plastered, motoring; then happy to happi."""
    for suffix, new in (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")):
        if word.endswith(suffix):
            word = word.removesuffix(suffix) + new
            break
    word = _step_1b(word)
    if word.endswith("y") and _HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    return word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        part = word.removesuffix(suffix)
        if part != word and _HAS_VOWEL.search(part):
            return _restore(part)
    return word


def _restore(part: str) -> str:
    """Mend what -ed or -ing left: conflat(e), hop(p), fil(e)."""
    if part.endswith(("at", "bl", "iz")):
        return part + "e"
    if _DOUBLE.search(part) and part[-1] not in "lsz":
        return part[:-1]
    return part + "e" if measure(part) == 1 and _SHORT.search(part) else part


def _replace(word: str, rules: dict[str, str], least: int) -> str:
    """Apply the rule of the longest suffix that fits, if what stands before it has a measure above `least`."""
    suffix = max((suffix for suffix in rules if word.endswith(suffix)), key=len, default="")
    part = word.removesuffix(suffix)
    fits = measure(part) > least and (suffix != "ion" or part.endswith(("s", "t")))
    return part + rules[suffix] if suffix and fits else word


def _step_5(word: str) -> str:
    """Tidy up: probat(e), ceas(e), control(l)."""
    part = word.removesuffix("e")
    if part != word and (measure(part) > 1 or (measure(part) == 1 and not _SHORT.search(part))):
        word = part
    return word[:-1] if word.endswith("ll") and measure(word) > 1 else word
