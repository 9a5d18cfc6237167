import os
from contextlib import contextmanager

import pytest

from watchword.cli import drafts
from watchword.cli.drafts import draft_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="locks")


def test_two_at_once_have_two_drafts(tmp_path):
    with draft_of(tmp_path / "x") as (one, first), draft_of(tmp_path / "x") as (other, second):
        assert one != other
        assert one.exists()
        os.close(first)
        os.close(second)


def test_a_draft_that_was_taken_away_before_it_was_held_is_made_again(tmp_path, monkeypatch):
    taken = []

    @contextmanager
    def late(path, *, wait=True):
        if not taken:
            taken.append(path)
            path.unlink()
        with held(path, wait=wait):
            yield

    held = drafts.locked
    monkeypatch.setattr(drafts, "locked", late)
    with draft_of(tmp_path / "x") as (draft, handle):
        os.write(handle, b"all of it")
        os.close(handle)
        assert draft.read_bytes() == b"all of it"


def test_a_file_system_without_locks_does(tmp_path, monkeypatch):
    @contextmanager
    def refused(path, *, wait=True):
        raise OSError("not supported")
        yield

    monkeypatch.setattr(drafts, "locked", refused)
    with draft_of(tmp_path / "x") as (one, first), draft_of(tmp_path / "x") as (other, second):
        assert one != other
        os.close(first)
        os.close(second)
