"""What is asked of every request before it is answered, and what every answer carries.

The server knows nobody's password, so it has to be sure that whoever asks is a page of its own or a program of the
same person: browsers let any page in the world send requests to 127.0.0.1.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watchword.web.answers import refused
from watchword.web.hosts import answers
from watchword.web.refusals import FORBIDDEN, Refusal

# No inline script or style, nothing from elsewhere, no frame around us; photos that are being handed in are blobs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SAFE = ("GET", "HEAD")


class Guard:
    """The application `app`, behind a look at Host, Origin and Sec-Fetch-Site. bound: the address it is served at."""

    def __init__(self, app: ASGIApp, bound: str) -> None:
        """Stand before `app`."""
        self._app, self._bound = app, bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = _refusal(scope["method"], scope["path"], Headers(scope=scope), self._bound)
            app = refused(refusal) if refusal else self._app
            await app(scope, receive, _with_headers(send))


def _refusal(method: str, path: str, headers: Headers, bound: str) -> Refusal | None:
    """Return why a request is refused; None if it is not."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not answers(hosts[0], bound):
        return Refusal(
            FORBIDDEN, f"this server does not answer to {', '.join(hosts)[:80]!r}; open the address that it printed"
        )
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    foreign = origin is not None and _place(origin) != hosts[0].lower()
    foreign = foreign or (site not in ("none", "same-origin") and path.startswith("/api/"))
    if foreign and (method not in SAFE or path.startswith("/api/")):
        return Refusal(FORBIDDEN, "a page from elsewhere may not use this server; open the address that it printed")
    return None


def _place(origin: str) -> str | None:
    """Return host and port of an origin; None if it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
