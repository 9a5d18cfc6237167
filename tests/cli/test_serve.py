"""`watchword serve`, as a process of its own."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

import watchword
from tests.runtime import tiny_matcher
from watchword.cli import serving
from watchword.core.errors import WatchwordError
from watchword.retrieval.filters import Where
from watchword.retrieval.index import Index

pytest.importorskip("starlette")
pytest.importorskip("lancedb")
from watchword.web.abilities import Question

PROGRAM = "from watchword.cli.main import main; main()"


@contextmanager
def served(*arguments):
    """Run the command until it says where the pages are; yield the process and a function that asks it."""
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            found = re.fullmatch(r"The pages are at http://127\.0\.0\.1:(\d+)/ \(Ctrl-C ends\)\n", line)
            assert found, line + process.stderr.read()

            def ask(method, path, body=None, **headers):
                connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
                connection.request(method, path, body, headers)
                answer = connection.getresponse().read()
                connection.close()
                return json.loads(answer)

            yield process, ask
        finally:
            process.kill()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder without an index."""
    monkeypatch.chdir(tmp_path)


def test_it_serves_describes_and_ends_with_ctrl_c(tiny_model, photos):
    with served("--model", tiny_model) as (process, ask):
        missing = ask("GET", "/api/about")["missing"]
        assert missing.keys() == {"search"}
        id = ask("POST", "/api/photos", (photos / "red.png").read_bytes(), **{"Content-Type": "image/png"})["id"]
        said = ask("POST", f"/api/photos/{id}/describe")
        assert said["text"].startswith("a red picture")
        assert (said["rows"], said["columns"]) == (2, 2)
        assert 0 < len(ask("POST", f"/api/photos/{id}/regions")["regions"]) <= serving.REGIONS
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""


def test_without_an_index_the_pages_say_how_to_make_one(elsewhere):
    from tests.retrieval.made import MadeMatcher

    class Made(MadeMatcher):
        name = "mine.zip"

    assert (
        "watchword index FOLDER --index there --model mine.zip" in serving.Searcher("there", Made()).missing()["search"]
    )
    Made.name = "matcher"
    assert serving.Searcher("photos.index", Made()).missing()["search"].endswith("watchword index FOLDER")


def test_a_port_that_is_taken_is_named(elsewhere, watchword, tiny_model):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = watchword("serve", "--model", tiny_model, "--port", port)
    assert done.status == 2
    assert f"127.0.0.1 port {port} cannot be listened at" in done.err
    assert "name another --port" in done.err
    assert "192.0.2.1 port 8080 cannot" in watchword("serve", "--model", tiny_model, "--host", "192.0.2.1").err


def test_a_matcher_that_is_named_and_missing_is_an_error(elsewhere, watchword, tiny_model):
    done = watchword("serve", "--model", tiny_model, "--matcher", "mine.zip", "--port", "0")
    assert done.status == 2
    assert "no model 'mine.zip'" in done.err


def test_without_the_libraries_the_error_names_the_extra(monkeypatch, elsewhere):
    monkeypatch.setitem(sys.modules, "starlette.concurrency", None)
    for name in [name for name in sys.modules if name.startswith("watchword.web.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(WatchwordError, match=r"which is not installed here; .*pip install '\.\[serve,search\]'"):
        serving.run("photos.index", "small", "matcher", "127.0.0.1", 0, browser=False)


@pytest.mark.parametrize(
    ("host", "warned"), [("127.0.0.1", False), ("::1", False), ("localhost", False), ("0.0.0.0", True)]
)
def test_an_address_that_others_reach_is_warned_of(host, warned):
    warning = serving.exposed(host)
    assert (warning is not None) == warned
    if warning:
        assert "anyone in the network who can reach 0.0.0.0" in warning


@pytest.mark.skipif(not socket.has_ipv6 or os.name == "nt", reason="needs IPv6")
def test_addresses_are_written_as_browsers_take_them():
    from watchword.web.server import address_of, listen

    with listen("127.0.0.1", 0) as four:
        assert address_of(four) == f"http://127.0.0.1:{four.getsockname()[1]}/"
    with listen("0.0.0.0", 0) as every:
        assert address_of(every).startswith("http://127.0.0.1:")
    try:
        six = listen("::1", 0)
    except WatchwordError:
        pytest.skip("no IPv6 here")
    with six:
        assert address_of(six).startswith("http://[::1]:")


def test_a_search_of_the_pages_is_that_of_the_index(monkeypatch, tmp_path):
    """All of a question reaches the index, the cut-off as well."""
    asked = []
    monkeypatch.setattr(Index, "search", lambda index, *given, **rest: asked.append((given, rest)) or [])
    where = Where(labels=["dog"])
    matcher = watchword.load(tiny_matcher.write_bundle(tmp_path / "tiny"))
    serving.Searcher(str(tmp_path / "none.index"), matcher).search(Question("a dog", None, where, 7, "both", 0.3))
    assert asked == [(("a dog",), {"image": None, "limit": 7, "where": where, "by": "both", "least": 0.3})]
