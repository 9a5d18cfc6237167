"""Who may do what at the same time: one run of a model, and few uploads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool

from watchword.web.refusals import BUSY, Refusal

P = ParamSpec("P")
Result = TypeVar("Result")
WAITING = 16


class Places:
    """So many places, and a refusal for whoever finds none free."""

    def __init__(self, count: int) -> None:
        """count: of places."""
        self._free, self._lock = count, Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold one place; `Refusal` if none is free."""
        with self._lock:
            if not self._free:
                raise Refusal(BUSY, "too much is going on here at the same time; wait a moment and try again")
            self._free -= 1
        try:
            yield
        finally:
            with self._lock:
                self._free += 1


class Turns:
    """Work that is done one after the other, in a thread, so that pages are still served meanwhile.

    A model uses every processor by itself: two at once would take as long, and twice the memory.
    """

    def __init__(self, waiting: int = WAITING) -> None:
        """waiting: how many may wait or work; more are refused."""
        self._places, self._turn = Places(waiting), Lock()

    async def __call__(self, work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Return what `work` returns, when its turn has come."""

        def in_turn() -> Result:
            with self._turn:
                return work(*args, **kwargs)

        with self._places.taken():
            return await run_in_threadpool(in_turn)
