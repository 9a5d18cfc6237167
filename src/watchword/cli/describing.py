"""The work of `watchword describe`: from paths to rows, page and sidecars, and what went wrong."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from watchword.cli.failures import Failure, report
from watchword.cli.opening import captioner
from watchword.cli.printable import printable
from watchword.cli.progress import followed
from watchword.cli.resuming import finished
from watchword.cli.rows import Format, RowWriter, Writer
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Sentence
from watchword.data.files import find_photos
from watchword.runtime.asking import Asked
from watchword.runtime.captioner import Captioner


@dataclass(frozen=True)
class Outputs:
    """Where what is said goes.

    kind: of the rows. output: their file; None is standard output. resume: go on with that file.
    html: the page to write, or None. xmp: whether to write sidecars.
    """

    kind: Format
    output: Path | None = None
    resume: bool = False
    html: Path | None = None
    xmp: bool = False


def run(paths: Sequence[str], model: str, n: int, asked: Asked, outputs: Outputs) -> int:
    """Describe `paths` with `model`, `n` sentences each, and return the exit status: 0, or 1 if photos failed.

    Raises `WatchwordError` if nothing can be done.
    """
    done, failures = _done(outputs, n), list[Failure]()
    listed = sys.stdin.buffer if sys.stdin else None  # a service may run without any
    found = find_photos(paths, listed, lambda error: failures.append(Failure("", str(error))))
    photos = [path for path in map(str, found) if path not in done]
    if not photos:
        report(failures)
        return 1 if failures else _nothing_to_do(paths, outputs, len(done))
    opened = captioner(model)
    rows = opened.describe_many_n(photos, n, **asked)
    with ExitStack() as stack:
        writers = list(_writers(outputs, opened, n, stack))
        try:
            for path, said in followed(rows, len(photos)):
                failures += _put(writers, path, said)
        except KeyboardInterrupt:
            print("watchword: stopped; what was described until here is kept", file=sys.stderr)
            return 130
        finally:
            report(failures)
    return 1 if failures else 0


def _put(writers: Iterable[Writer], path: str, said: list[Sentence] | PictureError) -> Iterator[Failure]:
    """Hand one photo's sentences to every writer; yield what went wrong."""
    if isinstance(said, PictureError):
        yield Failure(path, str(said))
        return
    for writer in writers:
        try:
            writer.write(path, said)
        except DataError as error:
            yield Failure(path, str(error))


def _writers(outputs: Outputs, opened: Captioner, n: int, stack: ExitStack) -> Iterator[Writer]:
    """Yield what is to be written to; rows come last, for what has its row is skipped by --resume."""
    if outputs.xmp:
        from watchword.cli.sidecar import SidecarWriter

        yield SidecarWriter()
    if outputs.html:
        from watchword.cli.page import page

        shapes = opened.manifest.shapes
        yield stack.enter_context(page(outputs.html, opened.name, shapes.grid, shapes.cells[0]))
    if outputs.output is None:
        yield RowWriter(outputs.kind, None, n)
    else:
        stream = stack.enter_context(_open(outputs.output))
        yield RowWriter(outputs.kind, stream, n, header=stream.tell() == 0)


def _done(outputs: Outputs, n: int) -> set[str]:
    """Return the photos whose rows are there; a file of rows is gone on with or left alone, never overwritten."""
    if outputs.output is None:
        return set()
    if outputs.resume:
        return finished(outputs.output, outputs.kind, n)
    if outputs.output.exists():
        raise DataError(
            f"{str(outputs.output)!r} is there already: go on with it by --resume, remove it, or name another --output"
        )
    return set()


def _open(output: Path) -> TextIO:
    try:
        return output.open("a", encoding="utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise DataError(f"{str(output)!r} cannot be written: {error.strerror}; name another --output") from None


def _nothing_to_do(paths: Sequence[str], outputs: Outputs, done: int) -> int:
    """Say why there is nothing to do; it is an error unless an earlier run did it."""
    if done:
        print(f"watchword: nothing left to do, {printable(str(outputs.output))} has all {done} photos", file=sys.stderr)
        return 0
    raise DataError(f"there is no photo in {', '.join(map(repr, paths))}; give photos, folders of photos, or patterns")
