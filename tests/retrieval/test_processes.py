"""Several processes at one index, and some that are killed."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from tests.retrieval.made import MadeMatcher, put
from watchword.core.errors import RetrievalError
from watchword.retrieval.index import Index
from watchword.retrieval.lance import PHOTOS

UPDATE = textwrap.dedent("""
    import sys, time
    from tests.retrieval.made import MadeMatcher
    from watchword.core.errors import RetrievalError
    from watchword.retrieval.index import Index

    matcher, pause = MadeMatcher(), float(sys.argv[3])
    def tell(number, total):
        print(number, flush=True)
        time.sleep(pause)
    try:
        done = Index(sys.argv[1]).update([sys.argv[2]], matcher, batch=4, progress=tell, wait=sys.argv[4] == "wait")
        print("done", done.added, done.unchanged, matcher.looked, flush=True)
    except RetrievalError as error:
        print("refused", error, flush=True)
""")


def start(place, folder, pause=0.0, wait="refuse"):
    command = [sys.executable, "-c", UPDATE, str(place), str(folder), str(pause), wait]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def folder(tmp_path):
    for i in range(40):
        put(tmp_path / "photos" / f"{i:02}.png", (i, 3 * i, 5 * i), "red")
    return tmp_path / "photos"


def paths(index):
    rows = index._tables.need(PHOTOS).search().select(["path"]).to_list()
    return sorted(os.path.basename(os.fsdecode(row["path"])) for row in rows)


@pytest.mark.slow
def test_a_kill_loses_at_most_the_batch_in_hand(tmp_path, folder):
    place = tmp_path / "index"
    reader = Index(place, MadeMatcher())
    for attempt, until in enumerate((9, 23)):
        with start(place, folder, pause=0.01) as child:
            for line in child.stdout:
                if line.strip() == str(until):
                    time.sleep(0.004 * attempt)
                    child.send_signal(signal.SIGKILL)
                    break
        held = paths(reader)
        assert held == [f"{i:02}.png" for i in range(len(held))]
        assert len(held) >= until - 4
        assert len(reader.search("red", limit=99)) == len(held)
    matcher = MadeMatcher()
    done = Index(place).update([folder], matcher)
    assert (done.added, done.unchanged, matcher.looked) == (40 - len(held), len(held), 40 - len(held))
    assert paths(reader) == [f"{i:02}.png" for i in range(40)]


@pytest.mark.slow
def test_two_updates_at_once(tmp_path, folder):
    """The second is refused, or waits; a reader sees whole batches meanwhile."""
    place = tmp_path / "index"
    with start(place, folder, pause=0.1) as first:
        while first.stdout.readline().strip() != "9":
            pass
        with start(place, folder) as second, start(place, folder, wait="wait") as third:
            said = second.communicate()[0]
            assert said.startswith("refused another process is updating the index")
            assert "let it end, or wait for it (--wait, or wait=True)" in said
            with pytest.raises(RetrievalError, match="another process is updating"):
                Index(place).calibrate(None)
            reader = Index(place, MadeMatcher())
            assert len(reader.search("red", limit=99)) in range(8, 41)
            assert first.communicate()[0].splitlines()[-1] == "done 40 0 40"
            assert third.communicate()[0].splitlines()[-1] == "done 0 40 0"
    assert len(reader.search("red", limit=99)) == 40


@pytest.mark.parametrize("statement", ["import watchword", "import watchword.retrieval.index"])
def test_lancedb_is_loaded_when_an_index_is_opened(statement):
    program = f"{statement}; import sys; print([name for name in ('lancedb', 'pyarrow') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_lancedb_is_silent(tmp_path):
    program = (
        "import sys; from tests.retrieval.made import MadeMatcher; from watchword.retrieval.index import Index; "
        "index = Index(sys.argv[1]); index.update([], MadeMatcher()); index.search('red')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(tmp_path / "index")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_the_package_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lancedb", None)
    with pytest.raises(RetrievalError, match=r"needs lancedb, which is not .*pip install '\.\[search\]'"):
        Index(tmp_path / "index").update([], MadeMatcher())
