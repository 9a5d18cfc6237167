"""Whatever happens to a folder, an index that is updated holds what one made from scratch would."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.retrieval.made import MadeMatcher, put
from watchword.retrieval.index import Index
from watchword.retrieval.lance import FAILED, PHOTOS

NAMES = ["a.png", "it's b.png", "c\n.png", "sub/d.png", "sub/e.png", "é 🐕/f.png"]
COLOURS = [(0, 0, 200), (200, 0, 0), (0, 200, 0)]

name = st.sampled_from(NAMES)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), name, st.sampled_from(COLOURS)),
        st.tuples(st.just("break"), name, st.just(None)),
        st.tuples(st.just("touch"), name, st.integers(1, 9)),
        st.tuples(st.just("delete"), name, st.just(None)),
        st.tuples(st.just("move"), name, name),
        st.tuples(st.just("copy"), name, name),
        st.tuples(st.just("update"), st.integers(1, 3), st.just(None)),
    ),
    max_size=14,
)


def apply(root, what, first, second):
    """Do one thing to the folder, if it can be done."""
    path = root / first
    if what == "write":
        put(path, second, (9, 9, 9))
    elif what == "break":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"rubbish")
    elif not path.exists():
        return
    elif what == "touch":
        os.utime(path, (1000 * second, 1000 * second))
    elif what == "delete":
        path.unlink()
    elif second != first:
        (root / second).parent.mkdir(parents=True, exist_ok=True)
        (path.rename if what == "move" else lambda to: shutil.copy2(path, to))(root / second)


def state(index):
    """All that an index says of the photos, and which of them cannot be used."""
    rows = index._tables.need(PHOTOS).search().to_list()
    failed = index._tables.need(FAILED).search().to_list()
    keys = ("path", "content", "vectors", "boxes", "size")
    return sorted(repr([row[key] for key in keys]) for row in rows), sorted(row["path"] for row in failed)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_updating_is_as_good_as_beginning_anew(doing):
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "photos"
        put(root / "stays.png", "white")  # a folder without any photo keeps its rows, by design
        index = Index(Path(place) / "index")
        matcher = MadeMatcher()
        for what, first, second in [*doing, ("update", 2, None)]:
            if what == "update":
                done = index.update([root], matcher, batch=first)
                rows, failed = state(index)
                assert (len(rows), len(failed)) == (
                    done.added + done.changed + done.moved + done.unchanged,
                    done.failed,
                )
            else:
                apply(root, what, first, second)
        fresh = Index(Path(place) / "fresh")
        fresh.update([root], MadeMatcher())
        assert state(index) == state(fresh)
        hits = {hit.path: hit.score for hit in index.search("red", limit=99)}
        assert hits == {hit.path: hit.score for hit in Index(Path(place) / "fresh", matcher).search("red", limit=99)}


def test_an_object_store_has_no_folder(tmp_path):
    """The same, in LanceDB's store in memory: no lock, and rows put in by key."""
    put(tmp_path / "a.png", "red")
    index = Index("memory://photos")
    assert index.update([tmp_path / "a.png"], MadeMatcher()).added == 1
    put(tmp_path / "b.png", "blue")
    assert index.update([tmp_path], MadeMatcher()).added == 1
    assert [hit.path[-5] for hit in index.search("blue")] == ["b", "a"]
