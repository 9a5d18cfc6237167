import io
from importlib.util import find_spec

import pytest

if not (find_spec("starlette") and find_spec("lancedb")):
    collect_ignore_glob = ["test_*.py"]

LOCAL = "http://127.0.0.1:8080"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder of photos."""
    from tests.web import made

    return made.photos(tmp_path_factory.mktemp("web") / "photos")


@pytest.fixture
def client(folder):
    """A browser's side of the application."""
    from starlette.testclient import TestClient

    from tests.web import made
    from watchword.web.app import application

    return TestClient(application(made.abilities(folder)), base_url=LOCAL)


@pytest.fixture
def png():
    """The bytes of a picture."""
    from tests.retrieval.made import picture

    out = io.BytesIO()
    picture("red", "green", "blue", "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def photo(client, png):
    """The address of a photo that was handed in."""
    return f"/api/photos/{hand_in(client, png).json()['id']}"


def hand_in(client, data, kind="image/png", **headers):
    """Hand a photo in."""
    return client.post("/api/photos", content=data, headers={"Content-Type": kind, **headers})
