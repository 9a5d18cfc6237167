"""One process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of the file `path`, made if need be; wait while another process or thread holds it.

    wait: False raises `BlockingIOError` instead of waiting.

    The system lets go of it when its holder dies. Where there is no `fcntl` (Windows) nothing is locked:
    let one process write at a time there.
    """
    with path.open("ab") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
