"""The whole application: pages, interface, guard."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from watchword.core.errors import WatchwordError
from watchword.web.abilities import Abilities
from watchword.web.answers import on_absent, on_error, on_fault, on_method
from watchword.web.api import Api
from watchword.web.bodies import MOST_UPLOADED
from watchword.web.guard import Guard
from watchword.web.pages import page_routes


def application(abilities: Abilities, bound: str = "127.0.0.1", most_uploaded: int = MOST_UPLOADED) -> ASGIApp:
    """Return what a server runs. bound: the address it listens at, by which it knows which names are its own."""
    inner = Starlette(
        routes=[*page_routes(), *Api(abilities, most_uploaded).routes()],
        exception_handlers={WatchwordError: on_error, 404: on_absent, 405: on_method, Exception: on_fault},
    )
    return Guard(inner, bound)
