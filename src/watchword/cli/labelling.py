"""The work of `watchword label`: from paths to rows, and what went wrong."""

import sys
from collections.abc import Sequence

from watchword.cli.failures import Failure, report
from watchword.cli.label_rows import CSV_HEADER, Format, row_of
from watchword.cli.opening import labeller
from watchword.cli.progress import followed
from watchword.cli.rows import let_any_name_through
from watchword.core.errors import DataError, PictureError
from watchword.data.clips.files import EXTENSIONS as CLIPS
from watchword.data.files import EXTENSIONS as PHOTOS
from watchword.data.files import find_photos


def run(paths: Sequence[str], model: str, weights: Sequence[float] | None, kind: Format) -> int:
    """Label `paths` and return the exit status: 0, or 1 if some could not be labelled.

    Raises `WatchwordError` if nothing can be done.
    """
    failures = list[Failure]()
    listed = sys.stdin.buffer if sys.stdin else None  # a service may run without any
    found = find_photos(
        paths, listed, lambda error: failures.append(Failure("", str(error), "labelled")), CLIPS | PHOTOS
    )
    clips = list(map(str, found))
    if not clips and not failures:
        raise DataError(f"there is no clip in {', '.join(map(repr, paths))}; give clips, folders of clips, or patterns")
    if clips:
        opened = labeller(model, weights)
        let_any_name_through(sys.stdout)
        sys.stdout.write(CSV_HEADER if kind == "csv" else "")
        try:
            for clip, said in followed(opened.label_many(clips), len(clips)):
                if isinstance(said, PictureError):
                    failures.append(Failure(clip, str(said), "labelled"))
                    continue
                sys.stdout.write(row_of(kind, clip, said))
                sys.stdout.flush()
        except KeyboardInterrupt:
            print("watchword: stopped", file=sys.stderr)
            return 130
        finally:
            report(failures)
    else:
        report(failures)
    return 1 if failures else 0
