"""The published tokeniser itself, for tests to compare with: its jar, and what its wrapper does around it."""

import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

needs_it = pytest.mark.skipif(not (which("java") and find_spec("pycocoevalcap")), reason="needs Java and pycocoevalcap")
_DROPPED = ["''", "'", "``", "`", "-LRB-", "-RRB-", "-LCB-", "-RCB-", ".", "?", "!", ",", ":", "-", "--", "...", ";"]


def published(photos):
    """Return what the published wrapper does for photos' captions."""
    ids = [photo for photo, captions in photos.items() for _ in captions]
    text = "\n".join(one.replace("\n", " ") for captions in photos.values() for one in captions)
    found = {}
    for photo, line in zip(ids, _run(text).split("\n"), strict=False):
        words = [word for word in line.rstrip().split(" ") if word not in _DROPPED]
        found.setdefault(photo, []).append(" ".join(words))
    return found


def _run(text):
    jar = Path(find_spec("pycocoevalcap").submodule_search_locations[0], "tokenizer", "stanford-corenlp-3.4.1.jar")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "captions")
        file.write_bytes(text.encode())
        program = ["edu.stanford.nlp.process.PTBTokenizer", "-preserveLines", "-lowerCase", str(file)]
        command = ["java", "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", str(jar), *program]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()
