"""What METEOR knows of English, as the installed package pycocoevalcap holds it: in a jar and beside it."""

import os
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

_COMMENT, _NUMERIC = "#", "#NUMERIC_ONLY#"


class Packaged:
    """The data files of METEOR 1.5."""

    def __init__(self, folder: Path) -> None:
        """Use the package's folder `meteor`."""
        self.jar = folder / "meteor-1.5.jar"
        self.paraphrases = folder / "data" / "paraphrase-en.gz"

    @property
    def exists(self) -> bool:
        """Whether both files are there."""
        return self.jar.is_file() and self.paraphrases.is_file()

    def fingerprint(self) -> str:
        """Return 16 letters that change with the data, found at the ends of both files.

        That of the jar lists the checksums of what is in it; that of the table is its own checksum.
        """
        checksum = 0
        for path, end in ((self.jar, 1 << 16), (self.paraphrases, 8)):
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - end))
                checksum = checksum << 32 | zlib.crc32(file.read(), size & 0xFFFFFFFF)
        return f"{checksum:016x}"

    def function_words(self) -> list[str]:
        """Return the words that hold sentences together, and count less."""
        return [line for line in self._lines("function/english.words") if line]

    def prefixes(self) -> tuple[list[str], list[str]]:
        """Return what keeps its period always ("Mr"), and what keeps it before a number only ("No")."""
        lines = [line.split() for line in self._lines("nonbreaking/english.prefixes") if line[:1] != _COMMENT]
        return (
            [line[0] for line in lines if len(line) == 1],
            [line[0] for line in lines if line[1:] == [_NUMERIC]],
        )

    def synsets(self) -> Iterator[tuple[str, list[int]]]:
        """Yield each word of WordNet and the numbers of its sets of synonyms."""
        lines = self._lines("synonym/english.synsets")
        for word, numbers in zip(lines[::2], lines[1::2], strict=False):
            yield word, list(map(int, numbers.split()))

    def irregular(self) -> Iterator[tuple[str, str]]:
        """Yield each irregular form and its base ("geese", "goose"); a form may have several bases."""
        lines = self._lines("synonym/english.exceptions")
        for base, forms in zip(lines[::2], lines[1::2], strict=False):
            for form in forms.split():
                yield form, base

    def _lines(self, name: str) -> list[str]:
        with ZipFile(self.jar) as jar:
            return jar.read(name).decode().split("\n")


def find_packaged() -> Packaged | None:
    """Return the data of the installed package, or None where it is not installed."""
    found = find_spec("pycocoevalcap")
    if found is None or not found.submodule_search_locations:
        return None
    packaged = Packaged(Path(found.submodule_search_locations[0]) / "meteor")
    return packaged if packaged.exists else None
