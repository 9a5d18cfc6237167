"""What comes in: files, and questions in JSON, neither larger than is any use."""

import json
from collections.abc import Mapping
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request

from watchword.core.errors import suggestion
from watchword.web.refusals import BAD, LARGE, LATE, STRANGE, Refusal

MOST_UPLOADED = 32_000_000
MOST_ASKED = 64 << 10
MOST_LETTERS = 500
SECONDS = 120


async def file_of(request: Request, most: int = MOST_UPLOADED) -> bytes:
    """Return the file that a request is; `Refusal` if it is none, or larger than `most` bytes."""
    kind = _kind(request)
    if not kind.startswith("image/") and kind != "application/octet-stream":
        raise Refusal(STRANGE, f"a photo is handed in as it is, with Content-Type: image/jpeg or alike, not {kind!r}")
    data = await _read(request, most, f"the file has more than {most / 1e6:,.0f} MB; save it smaller")
    if not data:
        raise Refusal(BAD, "the file is empty (0 bytes); copy it again from where it came from")
    return data


async def asked(request: Request, allowed: Mapping[str, type]) -> dict[str, Any]:
    """Return the members of a JSON object, each of the type `allowed`; null and "" count as left out.

    Raises `Refusal` for anything else. Whole numbers pass for `float`; texts have at most `MOST_LETTERS` letters.
    """
    if _kind(request) != "application/json":
        raise Refusal(STRANGE, f"a question is Content-Type: application/json, not {_kind(request)!r}")
    data = await _read(request, MOST_ASKED, "that is too long a question; say it in fewer words")
    try:
        row = json.loads(data or b"{}")
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise Refusal(BAD, 'a question is one JSON object, such as {"text": "a dog"}')
    for name, value in row.items():
        if name not in allowed:
            raise Refusal(BAD, f"no {name[:40]!r}{suggestion(name, allowed)}; there are: {', '.join(allowed)}")
        _check(name, value, allowed[name])
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _check(name: str, value: Any, kind: type) -> None:
    """Refuse a value of another type, or one that is endless."""
    kinds = (int, float) if kind is float else (kind,)
    if value is not None and (not isinstance(value, kinds) or isinstance(value, bool)):
        raise Refusal(BAD, f"{name} is a {kind.__name__}, not {json.dumps(value)[:40]}")
    if isinstance(value, float) and not -1e9 < value < 1e9:
        raise Refusal(BAD, f"{name} is a number, and finite")
    parts = value if isinstance(value, list) else [value]
    if kind is list and not all(isinstance(part, str) for part in parts if value is not None):
        raise Refusal(BAD, f"{name} is a list of texts")
    if any(isinstance(part, str) and len(part) > MOST_LETTERS for part in parts):
        raise Refusal(LARGE, f"{name} has more than {MOST_LETTERS} letters; say it in fewer")


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read(request: Request, most: int, too_large: str) -> bytes:
    """Return the body of a request, read no further than `most` bytes and for no longer than `SECONDS`."""
    announced = request.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > most:
        raise Refusal(LARGE, too_large)
    data = bytearray()
    try:
        with anyio.fail_after(SECONDS):
            async for chunk in request.stream():
                data += chunk
                if len(data) > most:
                    raise Refusal(LARGE, too_large)
    except TimeoutError:
        raise Refusal(LATE, f"the file did not come within {SECONDS} seconds; try again") from None
    except ClientDisconnect:
        raise Refusal(BAD, "the file came in part only; try again") from None
    return bytes(data)
