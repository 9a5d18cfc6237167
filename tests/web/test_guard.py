"""What is refused: other hosts, other origins, paths, files that are too large or no pictures."""

import re
import struct
import threading
import zlib

import pytest
from starlette.testclient import TestClient

from tests.web import made
from tests.web.conftest import LOCAL, hand_in
from watchword.web.app import application
from watchword.web.hosts import answers
from watchword.web.photos import Photos
from watchword.web.refusals import Refusal
from watchword.web.turns import Places


@pytest.mark.parametrize(
    ("bound", "host", "ours"),
    [
        ("127.0.0.1", "127.0.0.1:8080", True),
        ("127.0.0.1", "localhost:9", True),  # as through a tunnel
        ("127.0.0.1", "[::1]:8080", True),
        ("127.0.0.1", "LOCALHOST", True),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "127.0.0.1.evil.example:8080", False),
        ("127.0.0.1", "localhost.", False),
        ("127.0.0.1", "localhost@evil.example", False),
        ("127.0.0.1", "192.168.0.7:8080", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "localhost:x", False),
        ("127.0.0.1", "localhost/evil", False),
        ("127.0.0.1", "[::1", False),
        ("0.0.0.0", "192.168.0.7:8080", True),
        ("0.0.0.0", "[fe80::1]:8080", True),
        ("0.0.0.0", "evil.example", False),
        ("photos.lan", "photos.lan:8080", True),
        ("photos.lan", "other.lan", False),
    ],
)
def test_which_names_a_server_answers_to(bound, host, ours):
    assert answers(host, bound) is ours


def test_the_name_of_this_machine_is_ours_where_others_may_reach_it(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Attic.home")
    assert all(answers(host, "0.0.0.0") for host in ("attic:8080", "attic.local", "attic.home"))
    assert not answers("attic", "127.0.0.1")


def test_a_foreign_host_is_refused_everywhere(client):
    for path in ("/", "/static/look.css", "/api/about", "/nowhere"):
        refused = client.get(path, headers={"Host": "evil.example"})
        assert refused.status_code == 403
        assert "open the address that it printed" in refused.json()["error"]


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:81", "http://127.0.0.1:8080.evil", "http://["]
)
def test_a_foreign_origin_may_ask_for_nothing(client, origin, png):
    for answer in (
        client.post("/api/search", json={"text": "red"}, headers={"Origin": origin}),
        hand_in(client, png, Origin=origin),
        client.get("/api/about", headers={"Origin": origin}),
        client.get("/api/about", headers={"Sec-Fetch-Site": "cross-site"}),
        client.get("/api/about", headers={"Sec-Fetch-Site": "same-site"}),
    ):
        assert answer.status_code == 403
        assert "a page from elsewhere may not" in answer.json()["error"]


def test_our_own_pages_and_programs_without_an_origin_may(client):
    own = {"Origin": LOCAL, "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/search", json={"text": "red"}, headers=own).status_code == 200
    assert client.post("/api/search", json={"text": "red"}).status_code == 200
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200  # a link to the page


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/etc/passwd",
        "/api/photos/../../etc/passwd/small.jpg",
        "/api/photos/..%2f..%2fetc%2fpasswd/small.jpg",
        "/api/photos/%00/small.jpg",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_path_leads_out(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_only_photos_that_the_index_named_are_served(client, folder):
    for name in (str(folder / "red.png"), "red.png", "0" * 32):
        assert client.get(f"/api/photos/{name.replace('/', '%2f')}/small.jpg").status_code == 404
    (best, *_) = client.post("/api/search", json={"text": "red"}).json()["hits"]
    assert client.get(f"/api/photos/{best['id']}/huge.jpg").status_code == 404
    assert client.get(f"/api/photos/{best['id']}/large.jpg").status_code == 200
    other = TestClient(application(made.abilities(folder)), base_url=LOCAL)  # the server, begun again
    assert other.get(f"/api/photos/{best['id']}/large.jpg").status_code == 404


def test_every_answer_carries_the_policy(client):
    for path in ("/", "/photo", "/static/search.js", "/api/about", "/nowhere"):
        headers = client.get(path).headers
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert client.get("/api/about").headers["cache-control"] == "no-store"


def test_the_pages_ask_for_nothing_from_outside_and_hold_no_inline_code(client):
    for path in ("/", "/photo"):
        page = client.get(path).text
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert len(files) == 3
        assert all(client.get(file).status_code == 200 for file in files)
        assert not re.search(r"https?:|<style|style=|\son\w+=|javascript:", page)
        assert not re.search(r"<script(?![^>]* src=)", page)


def test_files_that_are_too_large_are_refused(folder, png):
    client = TestClient(application(made.abilities(folder), most_uploaded=1000), base_url=LOCAL)
    for body in (bytes(1001), iter([bytes(600), bytes(600)])):  # announced, and not
        answer = hand_in(client, body)
        assert answer.status_code == 413
        assert "save it smaller" in answer.json()["error"]
    assert hand_in(client, png).status_code == 200


@pytest.mark.parametrize(
    ("data", "kind", "status", "says"),
    [
        (b"", "image/png", 400, "empty"),
        (b"<svg onload=alert(1)>", "image/svg+xml", 422, "is not a picture that can be read"),
        (b"%PDF-1.7", "application/octet-stream", 422, "this file is not a picture"),
        (b"x", "text/plain", 415, "not 'text/plain'"),
        (b"x", "multipart/form-data; boundary=x", 415, "handed in as it is"),
    ],
)
def test_what_is_no_picture_is_refused(client, data, kind, status, says):
    answer = hand_in(client, data, kind)
    assert answer.status_code == status
    assert says in answer.json()["error"]


def test_a_picture_that_is_cut_off_or_a_bomb_is_refused_and_not_kept(client, png):
    header = b"IHDR" + struct.pack(">IIBBBBB", 65_536, 65_536, 8, 2, 0, 0, 0)
    bomb = png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]
    for data, says in ((png[:60], "damaged"), (bomb, "million pixels")):
        answer = hand_in(client, data)
        assert answer.status_code == 422
        assert says in answer.json()["error"]


def test_methods_that_a_path_does_not_take(client):
    assert "does not take GET" in client.get("/api/search").json()["error"]
    assert client.delete("/api/photos").status_code == 405


def test_photos_handed_in_are_forgotten_when_there_are_too_many():
    photos = Photos(most_bytes=10, most_paths=2)
    first, second = photos.handed_in(b"123456"), photos.handed_in(b"abcdef")
    photos.keep(first)
    assert photos.get(first.id) == first
    photos.keep(second)
    assert photos.get(first.id) is None
    assert photos.get(second.id) == second
    named = [photos.name(path) for path in ("a", "b", "c")]
    assert [photos.get(photo.id) is not None for photo in named] == [False, True, True]
    assert named[1].id != Photos().name("b").id


def test_who_finds_no_place_is_told_to_wait():
    places = Places(1)
    with places.taken(), pytest.raises(Refusal, match="wait a moment and try again") as refused, places.taken():
        pass
    assert refused.value.status == 503
    with places.taken():
        pass


def test_models_run_one_at_a_time(folder, png):
    running, most = threading.Semaphore(1), []

    def describe(photo):
        most.append(running.acquire(blocking=False))
        threading.Event().wait(0.05)
        running.release()
        return made.SAID

    with TestClient(application(made.abilities(folder, describe=describe)), base_url=LOCAL) as client:
        photo = f"/api/photos/{hand_in(client, png).json()['id']}/describe"
        threads = [threading.Thread(target=client.post, args=[photo]) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == [True] * 5
