"""The work of `watchword describe`: from paths to rows, page and sidecars, and what went wrong."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from watchword.cli.failures import Failure, report
from watchword.cli.opening import captioner
from watchword.cli.printable import printable
from watchword.cli.progress import followed
from watchword.cli.replacing import PAGE, refuse_to_replace
from watchword.cli.row_file import RowFile
from watchword.cli.rows import Format, RowWriter, Writer
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Sentence
from watchword.data.files import find_photos
from watchword.generation.ensemble import Mean
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


def run(paths: Sequence[str], model: str, n: int, asked: Asked, outputs: Outputs, mean: Mean = "probabilities") -> int:
    """Describe `paths` with `model`, `n` sentences each, and return the exit status: 0, or 1 if photos failed.

    mean: of an ensemble, should `model` be one. Raises `WatchwordError` if nothing can be done.
    """
    failures = list[Failure]()
    with ExitStack() as stack:
        rows_file = RowFile(outputs.output, outputs.kind, n, outputs.resume, stack) if outputs.output else None
        done = rows_file.done if rows_file else set()
        listed = sys.stdin.buffer if sys.stdin else None  # a service may run without any
        found = find_photos(paths, listed, lambda error: failures.append(Failure("", str(error))))
        photos = [path for path in map(str, found) if path not in done]
        if not photos:
            report(failures)
            return 1 if failures else _nothing_to_do(paths, outputs, len(done))
        if outputs.html:
            refuse_to_replace(outputs.html, "--html", PAGE, photos)
        opened = captioner(model, mean)
        rows = opened.describe_many_n(photos, n, **asked)
        writers = list(_writers(outputs, opened, stack))
        writers.append(rows_file.writer() if rows_file else RowWriter(outputs.kind, None, n))
        try:
            for path, said in followed(rows, len(photos)):
                failures += _put(writers, path, said, kept=rows_file is not None)
        except KeyboardInterrupt:
            print("watchword: stopped; what was described until here is kept", file=sys.stderr)
            return 130
        finally:
            report(failures)
    return 1 if failures else 0


def _put(writers: Iterable[Writer], path: str, said: list[Sentence] | PictureError, *, kept: bool) -> Iterator[Failure]:
    """Hand one photo's sentences to every writer; yield what went wrong.

    kept: whether the rows, which come last, go into a file; then a photo that failed before gets none, so
        that --resume tries it again.
    """
    if isinstance(said, PictureError):
        yield Failure(path, str(said))
        return
    for writer in writers:
        try:
            writer.write(path, said)
        except DataError as error:
            yield Failure(path, str(error), missed="written")
            if kept:
                return


def _writers(outputs: Outputs, opened: Captioner, stack: ExitStack) -> Iterator[Writer]:
    """Yield what is to be written besides the rows, sidecars last, for they may fail."""
    if outputs.html:
        from watchword.cli.page import page

        shapes = opened.manifest.shapes
        yield stack.enter_context(page(outputs.html, opened.name, shapes.grid, shapes.cells[0]))
    if outputs.xmp:
        from watchword.cli.sidecar import SidecarWriter

        yield SidecarWriter()


def _nothing_to_do(paths: Sequence[str], outputs: Outputs, done: int) -> int:
    """Say why there is nothing to do; it is an error unless an earlier run did it."""
    if done:
        print(f"watchword: nothing left to do, {printable(str(outputs.output))} has all {done} photos", file=sys.stderr)
        return 0
    raise DataError(f"there is no photo in {', '.join(map(repr, paths))}; give photos, folders of photos, or patterns")
