"""A package of METEOR's data in miniature, and the real one where it is installed."""

import gzip
import zipfile
from functools import cache

import pytest

from watchword.metrics.meteor.cache import load_lexicon
from watchword.metrics.meteor.lexicon import compile_lexicon
from watchword.metrics.meteor.packaged import Packaged, find_packaged

SYNSETS = {
    "dog": "1 2", "hound": "2", "cat": "3", "man": "4", "adult": "4 5", "bus": "6", "coach": "6 7", "box": "8",
    "case": "8", "run": "9", "jog": "9", "ride": "10", "drive": "10 11", "big": "12", "large": "12", "good": "13",
    "better": "14", "fine": "13", "baby": "15", "infant": "15", "glass": "16", "go": "17", "goose": "18", "bird": "18",
    "watch": "19", "clock": "19", "fire_engine": "20", "is": "21", "wine": "22", "gas": "23", "fuel": "23",
}  # fmt: skip
IRREGULAR = {"goose": "geese", "good": "better best", "man": "men", "unknown": "unknowns"}
PARAPHRASES = [
    ("a", "one"), ("a", "the"), ("in front of", "before"), ("in front of", "ahead of"), ("before", "in front of"),
    ("next to", "beside"), ("next to", "by"), ("dog", "dogs"), ("dogs", "dog"), ("the dog", "dog"), ("man", "a man"),
    ("a man", "a person"), ("a man", "man"), ("on", "on top of"), ("on top of", "on"), ("ride a", "rides"),
    ("of", "of the"), ("a big", "large"), ("café", "cafe"), ("one two three", "three two one"), ("a", "the"),
]  # fmt: skip


def make_package(folder, paraphrases=PARAPHRASES):
    """Write data files like those of pycocoevalcap."""
    (folder / "data").mkdir(parents=True)
    members = {
        "function/english.words": "a\nthe\nof\non\nis\n.\n,\nin\nto\n'\n",
        "nonbreaking/english.prefixes": "# titles\nMr\nDr\nv\nrev\n\nNo #NUMERIC_ONLY# \npp #NUMERIC_ONLY#\n",
        "synonym/english.synsets": "".join(f"{word}\n{numbers}\n" for word, numbers in SYNSETS.items()),
        "synonym/english.exceptions": "".join(f"{base}\n{forms}\n" for base, forms in IRREGULAR.items()),
    }
    with zipfile.ZipFile(folder / "meteor-1.5.jar", "w") as jar:
        for name, text in members.items():
            jar.writestr(name, text)
    with gzip.open(folder / "data" / "paraphrase-en.gz", "wt", encoding="utf-8") as file:
        file.writelines(f"0.5\n{phrase}\n{other}\n" for phrase, other in paraphrases)
    return Packaged(folder)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The lexicon of the miniature."""
    return compile_lexicon(make_package(tmp_path_factory.mktemp("meteor") / "package"))


@pytest.fixture(scope="session")
def lexicon():
    """The real lexicon; compiled into the user's cache folder the first time."""
    if find_packaged() is None:
        pytest.skip("needs the package pycocoevalcap")
    return _real()


@cache
def _real():
    return load_lexicon()
