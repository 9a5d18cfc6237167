"""The two Java programs of the COCO captions evaluation, run from the installed package pycocoevalcap.

The package's own wrappers leave pipes open, wait without limit and write into the package's folder. Here
every process has a time limit and is gone when the call returns.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import IO

from watchword.core.errors import ScoreError

# What the package drops. It also lists brackets, but as -LRB-, and the words it sees are in small letters.
_PUNCTUATION = frozenset({*"'`.?!,:-;", "''", "``", "--", "..."})
_LINE_ENDS = re.compile("\r\n|[\n\v\f\r\u2028\u2029]")  # inside a sentence they would shift all later ones
_JAVA = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Duser.language=en"]  # whatever the locale says
_LONE = "replace"  # half of a surrogate pair becomes "?", which is dropped
_SECONDS = 600.0


def tokenize_ptb(sentences: Sequence[str], seconds: float = _SECONDS) -> list[str]:
    """Return the words of each sentence, one space between them, as the published tokeniser gives them.

    The sentences are one stream: how one begins can decide about a period at the end of the one before.
    Raises `ScoreError` without Java or the package, and after so many `seconds`.
    """
    if not sentences:
        return []
    jar = _package() / "tokenizer" / "stanford-corenlp-3.4.1.jar"
    with tempfile.TemporaryDirectory() as folder:
        stream = Path(folder, "sentences.txt")
        stream.write_bytes("\n".join(_LINE_ENDS.sub(" ", sentence) for sentence in sentences).encode(errors=_LONE))
        program = ["-cp", str(jar), "edu.stanford.nlp.process.PTBTokenizer", "-preserveLines", "-lowerCase"]
        try:
            done = subprocess.run(
                [_java(), *_JAVA, *program, stream.name], capture_output=True, cwd=folder, timeout=seconds, check=True
            )
        except subprocess.TimeoutExpired:
            raise ScoreError(f"the Java tokeniser took more than {seconds:g} s; allow more, or score fewer") from None
        except subprocess.CalledProcessError as error:
            raise _failed("tokeniser", error.returncode, error.stderr) from None
    lines = done.stdout.decode().split("\n")
    if len(lines) != len(sentences):
        raise ScoreError(
            f"the Java tokeniser made {len(lines)} lines of {len(sentences)} sentences; look for odd characters"
        )
    return [" ".join(word for word in line.rstrip().split(" ") if word not in _PUNCTUATION) for line in lines]


def meteor(candidates: Iterable[str], references: Iterable[Sequence[str]], seconds: float = _SECONDS) -> float:
    """Return METEOR 1.5 (Denkowski and Lavie 2014), 0 to 1, of a set of tokenised candidates.

    references: for each candidate the tokenised sentences of its photo. The figure is that of the summed
    statistics, not a mean. Raises `ScoreError` without Java or the package, and after so many `seconds`.
    """
    jar = _package() / "meteor" / "meteor-1.5.jar"
    command = [_java(), *_JAVA, "-jar", "-Xmx2G", jar.name, "-", "-", "-stdio", "-l", "en", "-norm"]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, cwd=jar.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        ) as process,
    ):
        assert process.stdin is not None
        clock, started = Timer(seconds, process.kill), monotonic()
        clock.start()
        try:
            return _converse(process, candidates, references)
        except (BrokenPipeError, EOFError):
            if monotonic() - started >= seconds:
                raise ScoreError(f"METEOR took more than {seconds:g} s; allow more, or score fewer") from None
            complaints.seek(0)
            raise _failed("METEOR", process.wait(), complaints.read()) from None
        finally:
            clock.cancel()
            process.kill()
            with suppress(BrokenPipeError):  # of a line that it did not live to read
                process.stdin.close()


def _converse(
    process: subprocess.Popen[bytes], candidates: Iterable[str], references: Iterable[Sequence[str]]
) -> float:
    """Ask for the statistics of each candidate, then for the figure of them all."""
    assert process.stdin is not None
    assert process.stdout is not None
    statistics = []
    for candidate, sentences in zip(candidates, references, strict=True):
        _say(process.stdin, " ||| ".join(["SCORE", *sentences, candidate]))
        statistics.append(_hear(process.stdout))
    _say(process.stdin, " ||| ".join(["EVAL", *statistics]))
    for _ in statistics:
        _hear(process.stdout)  # one figure for each candidate comes first
    return float(_hear(process.stdout))


def _say(pipe: IO[bytes], line: str) -> None:
    pipe.write(line.encode(errors=_LONE) + b"\n")
    pipe.flush()


def _hear(pipe: IO[bytes]) -> str:
    line = pipe.readline()
    if not line:
        raise EOFError
    return line.decode().strip()


def _java() -> str:
    path = shutil.which("java")
    if path is None:
        raise ScoreError(
            "no `java` on the path: the published scorers need Java 8 or newer; watchword.metrics.score needs none"
        )
    return path


def _package() -> Path:
    found = find_spec("pycocoevalcap")
    if found is None or not found.submodule_search_locations:
        raise ScoreError("the package pycocoevalcap is not installed: pip install pycocoevalcap==1.2 brings it")
    return Path(found.submodule_search_locations[0])


def _failed(program: str, status: int, complaints: bytes) -> ScoreError:
    """Return the error of a Java program that ended early, with the last thing that it said."""
    last = complaints.decode(errors="replace").strip().rpartition("\n")[2] or "nothing"
    return ScoreError(f"the Java {program} ended with status {status} and said: {last}; is `java -version` 8 or newer?")
