"""The server itself: a socket, and uvicorn on it."""

import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from watchword.core.errors import WatchwordError

AT_ONCE = 64  # connections


def listen(host: str, port: int) -> socket.socket:
    """Return a socket at an address; port 0 takes a free one. `WatchwordError` if it cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = (getattr(error, "strerror", None) or str(error)).partition(" (while ")[0]  # Python adds the address
        raise WatchwordError(
            f"{host} port {port} cannot be listened at: {why}; name another --port (0 takes a free one) or --host"
        ) from None


def address_of(listening: socket.socket) -> str:
    """Return what to open in a browser."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def run(app: ASGIApp, listening: socket.socket, *, browser: bool, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until Ctrl-C. browser: whether to open the page. ready: called once it is served."""

    class Server(uvicorn.Server):
        """Tells when it has begun."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Begin, then tell."""
            await super().startup(sockets)
            ready()
            if browser:
                threading.Thread(target=webbrowser.open, args=[address_of(listening)], daemon=True).start()

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        limit_concurrency=AT_ONCE,
        timeout_graceful_shutdown=2,
        ws="none",
    )
    with suppress(KeyboardInterrupt):  # uvicorn hands on the Ctrl-C that ended it
        Server(config).run([listening])
