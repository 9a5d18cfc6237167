"""The work of `watchword describe`: from paths to rows, page, tracks and sidecars, and what went wrong."""

import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from watchword.cli.clip_describing import Watching, described
from watchword.cli.clip_rows import SegmentWriter
from watchword.cli.clip_writers import ClipWriter
from watchword.cli.failures import Failure, report
from watchword.cli.opening import captioner, labeller
from watchword.cli.printable import printable
from watchword.cli.progress import followed
from watchword.cli.replacing import PAGE, refuse_one_for_two, refuse_to_replace
from watchword.cli.row_file import RowFile
from watchword.cli.rows import Format, RowWriter, Writer
from watchword.core.errors import DataError, PictureError
from watchword.core.types import Sentence
from watchword.data.clips.files import EXTENSIONS as CLIPS
from watchword.data.clips.files import is_clip
from watchword.data.files import EXTENSIONS as PHOTOS
from watchword.data.files import find_photos
from watchword.generation.ensemble import Mean
from watchword.runtime.asking import Asked
from watchword.runtime.captioner import Captioner


@dataclass(frozen=True)
class Outputs:
    """Where what is said goes.

    kind: of the rows. output: their file; None is standard output. resume: go on with that file.
    html: the page to write, or None. xmp: whether to write sidecars, which photos have.
    """

    kind: Format
    output: Path | None = None
    resume: bool = False
    html: Path | None = None
    xmp: bool = False

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the option and the place of each file."""
        if self.output:
            yield "--output", self.output
        if self.html:
            yield "--html", self.html


def run(
    paths: Sequence[str],
    model: str,
    n: int,
    asked: Asked,
    outputs: Outputs,
    mean: Mean = "probabilities",
    watching: Watching | None = None,
    weights: Sequence[float] | None = None,
) -> int:
    """Describe `paths` with `model`, and return the exit status: 0, or 1 if photos or clips failed.

    Photos come first, with `n` sentences each, then clips. mean, weights: of an ensemble, should `model` be one.
    watching: how clips are described. Raises `WatchwordError` if nothing can be done.
    """
    failures = list[Failure]()
    with ExitStack() as stack:
        rows_file = RowFile(outputs.output, outputs.kind, n, outputs.resume, stack) if outputs.output else None
        done = rows_file.done if rows_file else set()
        listed = sys.stdin.buffer if sys.stdin else None  # a service may run without any
        told = find_photos(paths, listed, lambda error: failures.append(Failure("", str(error))), PHOTOS | CLIPS)
        named = list(map(str, told))
        found = [path for path in named if path not in done]
        if watching and done:
            _tell_trackless(watching, [path for path in named if is_clip(path)], done)
        if not found:
            report(failures)
            return 1 if failures else _nothing_to_do(paths, outputs, len(done))
        watching = watching or Watching()
        _refuse_what_does_not_fit(watching, n, outputs.xmp, named)
        photos, clips = [path for path in found if not is_clip(path)], [path for path in found if is_clip(path)]
        clips_named = [path for path in named if is_clip(path)]
        refuse_one_for_two([*outputs.files(), *((option, place) for _, option, place in watching.places(clips_named))])
        if outputs.html:
            refuse_to_replace(outputs.html, "--html", PAGE, found)
        opened = captioner(model, mean, weights)
        labelling = labeller(watching.labels) if clips and watching.labels else None
        rows = opened.describe_many_n(photos, n, **asked)
        # By all clips that were named: when this goes on with a run, tracks lie where that run would have put them.
        tracks = list(watching.tracks(clips_named, opened.name)) if clips else []
        writers, cards = _writers(outputs, opened, photos, clips, stack)
        if rows_file:
            photo_rows, clip_rows = rows_file.writer(bool(clips))
        else:
            photo_rows = RowWriter(outputs.kind, None, n, clips=bool(clips))
            clip_rows = SegmentWriter(outputs.kind)
        writers.append(photo_rows)
        try:
            for path, said in followed(rows, len(photos)):
                failures += _put(writers, path, said, kept=rows_file is not None)
            if clips:
                failures += described(clips, opened, watching, labelling, asked, [*tracks, *cards], clip_rows)
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


def _writers(
    outputs: Outputs, opened: Captioner, photos: Sequence[str], clips: Sequence[str], stack: ExitStack
) -> tuple[list[Writer], list[ClipWriter]]:
    """Return what is written besides rows and tracks: of photos, sidecars last, for they may fail, and of clips."""
    of_photos, of_clips = list[Writer](), list[ClipWriter]()
    if outputs.html:
        from watchword.cli.clip_page import ClipCards
        from watchword.cli.page import page

        shapes, both = opened.manifest.shapes, (bool(photos), bool(clips))
        cards = stack.enter_context(page(outputs.html, opened.name, shapes.grid, shapes.cells[0], *both))
        of_photos.append(cards)
        of_clips.append(ClipCards(cards.file, outputs.html))
    if outputs.xmp:
        from watchword.cli.sidecar import SidecarWriter

        of_photos.append(SidecarWriter())
    return of_photos, of_clips


def _refuse_what_does_not_fit(watching: Watching, n: int, xmp: bool, named: Sequence[str]) -> None:
    """Raise `DataError` for what is asked of clips or of photos where there is none, or of photos alone."""
    clips = any(map(is_clip, named))
    if clips and n > 1:
        raise DataError(f"--n {n}: each stretch of a clip has one sentence; leave --n out, or name photos only")
    if xmp and all(map(is_clip, named)):
        raise DataError("--xmp is for photos, and only clips are to be described; leave it out, or name photos")
    for option, given in (("--vtt", watching.vtt), ("--srt", watching.srt), ("--labels", watching.labels)):
        if given and not clips:
            raise DataError(f"{option} is for clips, and only photos are to be described; leave it out, or name clips")


def _tell_trackless(watching: Watching, clips: Sequence[str], done: Set[str]) -> None:
    """Say of how many clips that are not described again there is no track, though tracks are asked for."""
    lacking = {clip for clip, _, place in watching.places(clips) if clip in done and not place.exists()}
    if lacking:
        print(
            f"watchword: {len(lacking)} of the clips that are described already have no track, and get none now: to "
            "have them, describe those without --resume",
            file=sys.stderr,
        )


def _nothing_to_do(paths: Sequence[str], outputs: Outputs, done: int) -> int:
    """Say why there is nothing to do; it is an error unless an earlier run did it."""
    if done:
        print(f"watchword: nothing left to do, {printable(str(outputs.output))} has all {done} files", file=sys.stderr)
        return 0
    raise DataError(
        f"there is no photo in {', '.join(map(repr, paths))}, and no clip; give photos, clips, folders of them, or "
        "patterns"
    )
