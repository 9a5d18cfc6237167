"""Answers in JSON: what was asked for, or {"error": a sentence that says what to do}."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from watchword.core.errors import WatchwordError
from watchword.web.refusals import status_of


def answer(row: Any, status: int = 200) -> Response:
    """Return a row as JSON. It is ASCII, so a path that is no text comes through, each odd byte as one character."""
    text = json.dumps(row, allow_nan=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")


def refused(error: WatchwordError) -> Response:
    """Return an error that a person can put right."""
    return answer({"error": str(error)}, status_of(error))


async def on_error(request: Request, error: Exception) -> Response:
    """Return the answer to `WatchwordError`."""
    assert isinstance(error, WatchwordError)
    return refused(error)


async def on_absent(request: Request, error: Exception) -> Response:
    """Return the answer where there is no such page."""
    return answer({"error": f"there is nothing at {request.url.path[:80]!r}; the pages are / and /photo"}, 404)


async def on_method(request: Request, error: Exception) -> Response:
    """Return the answer to a method that is none of the page's."""
    return answer({"error": f"{request.url.path[:80]!r} does not take {request.method}"}, 405)


async def on_fault(request: Request, error: Exception) -> Response:
    """Return the answer where the fault is ours; what it was goes to standard error."""
    return answer({"error": "this failed, and the fault is watchword's; the terminal it runs in says more"}, 500)
