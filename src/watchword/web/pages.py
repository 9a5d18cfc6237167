"""The pages and what they are made of: files of the folder `static`, read once and served under their own names."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent / "static"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
PAGES = {"/": "search.html", "/photo": "photo.html"}


def page_routes() -> list[Route]:
    """Return the routes of the pages and of each file; a path that names none leads nowhere."""
    files = {path.name: path for path in FOLDER.iterdir() if path.suffix in KINDS}
    routes = [_route(place, files[name]) for place, name in PAGES.items()]
    return routes + [_route(f"/static/{name}", path) for name, path in sorted(files.items())]


def _route(place: str, path: Path) -> Route:
    content, kind = path.read_bytes(), KINDS[path.suffix]

    async def file(request: Request) -> Response:
        return Response(content, headers={"Content-Type": kind, "Cache-Control": "no-cache"})

    return Route(place, file)
