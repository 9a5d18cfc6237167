"""Whether a photo is still what the index kept of it."""

import os

from watchword.retrieval.looking import UNSETTLED, read
from watchword.retrieval.matching import Described
from watchword.retrieval.staleness import state_of


def test_what_a_file_is_now(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"a photo")
    os.utime(path, (1e9, 1e9))
    kept = read(str(path))[0]
    assert kept.changed != UNSETTLED

    def state(changed=kept.changed):
        return state_of(str(path), kept.content, kept.size, changed)

    assert state() == state(UNSETTLED) == "same"
    os.utime(path, (2e9, 2e9))
    assert state() == "same"  # another date, the same bytes
    path.write_bytes(b"A PHOTO")
    assert state() == "changed"
    path.write_bytes(b"a longer photo")
    assert state() == "changed"
    path.unlink()
    assert state() == "gone"
    path.mkdir()
    assert state() in ("changed", "gone")


def test_files_of_hits_alone_are_looked_at(tmp_path, monkeypatch):
    from tests.retrieval.made import MadeMatcher, put
    from watchword.retrieval import searching
    from watchword.retrieval.index import Index

    for number in range(12):
        put(tmp_path / "photos" / f"{number}.png", "red", "red", "red", (9, 9, number))
    index, asked = Index(tmp_path / "index", MadeMatcher()), []
    index.update([tmp_path / "photos"], MadeMatcher(), describe=lambda some: [Described("red")] * len(some))
    state = lambda path, **row: asked.append(path) or state_of(path, **row)  # noqa: E731
    monkeypatch.setattr(searching, "state_of", state)
    assert [hit.state for hit in index.search("red", limit=3, by="both")] == ["same"] * 3
    assert len(asked) == 3
    assert index.sentences_for(tmp_path / "photos" / "0.png")
    assert len(asked) == 3


def test_a_name_that_cannot_be_is_gone():
    assert state_of("\0", "", 0, 0) == "gone"
