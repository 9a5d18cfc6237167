"""The Java program itself, asked as the published wrapper asks it, and answering statistics too."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

needed = pytest.mark.skipif(
    not (shutil.which("java") and find_spec("pycocoevalcap")), reason="needs Java and the package pycocoevalcap"
)


def ask(candidates, references):
    """Return the statistics of each candidate, (N, 23) lists, its score, and the score of their sum."""
    import pycocoevalcap

    folder = Path(pycocoevalcap.__path__[0], "meteor")
    command = "java -Xmx2G -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -jar meteor-1.5.jar - - -stdio -l en -norm"
    lines = [
        " ||| ".join(["SCORE", *sentences, said.replace("|||", "").replace("  ", " ")])
        for said, sentences in zip(candidates, references, strict=True)
    ]
    with subprocess.Popen(
        command.split(), cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        writer = Thread(target=_say, args=(process.stdin, lines))
        writer.start()
        statistics = [process.stdout.readline().decode().strip() for _ in lines]
        writer.join()
        _say(process.stdin, [" ||| ".join(["EVAL", *statistics])])
        scores = [float(process.stdout.readline()) for _ in lines]
        total = float(process.stdout.readline())
        process.stdin.close()
    return [[float(figure) for figure in line.split()] for line in statistics], scores, total


def _say(pipe, lines):
    pipe.write("".join(line + "\n" for line in lines).encode(errors="replace"))
    pipe.flush()
