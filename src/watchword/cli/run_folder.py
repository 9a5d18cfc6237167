"""The folder of a training run: one run at a time is in it, and a run that came to nothing leaves none."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from watchword.core.errors import CheckpointError
from watchword.core.file_lock import locked
from watchword.training import checkpoints


@contextmanager
def run_folder(output: Path, *, resume: bool) -> Iterator[Path | None]:
    """Hold the folder of a run, and yield the `last/` to resume, or None if a new run is to begin.

    Raises `CheckpointError` where another run is at work, there is nothing to resume, or there is a run that
    would be written over.
    """
    with held_folder(output, "train"):
        yield _to_resume(output, resume=resume)


@contextmanager
def held_folder(output: Path, command: str) -> Iterator[None]:
    """Hold a folder that one `command` at a time works in; `CheckpointError` where another is at it.

    The folder is made if need be; it goes again, with the folders made above it, if nothing came to be in it.
    """
    made = [folder for folder in (output, *output.parents) if not folder.exists()]
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CheckpointError(
            f"{str(output)!r} cannot be made ({problem.strerror}): name a folder for --output, which need not be there"
        ) from None
    try:
        with _held(output, command):
            yield
    finally:
        with suppress(OSError):  # something is in it
            for folder in made:
                folder.rmdir()


@contextmanager
def _held(output: Path, command: str) -> Iterator[None]:
    """Keep other runs out; the system lets them in when this one dies. Without a `last/` no lock is left behind."""
    lock = output / "lock"
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(lock, wait=False))
            lock.stat()  # gone where another run, ending, took it away in the moment before it was locked
        except (BlockingIOError, FileNotFoundError):
            raise CheckpointError(
                f"another `watchword {command}` is at work in {output}: let it end, or name another --output"
            ) from None
        try:
            yield
        finally:
            if not (output / "last").exists():
                with suppress(OSError):  # Windows removes no file that is open
                    lock.unlink()


def _to_resume(output: Path, *, resume: bool) -> Path | None:
    """Return the `last/` of the run in `output`, or None if a new one is to begin there.

    Raises `CheckpointError` where there is nothing to resume, or a run that would be written over.
    """
    last = output / "last"
    checkpoints.recover(last)
    if resume and not last.exists():
        raise CheckpointError(f"{output} holds no run that could be resumed: leave out --resume to begin one")
    if last.exists() and not resume:
        raise CheckpointError(f"{output} holds a run: add --resume to go on with it, or name another --output")
    return last if resume else None
