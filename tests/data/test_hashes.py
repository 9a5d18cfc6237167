import hashlib
import os

import pytest

from tests.data.photographs import write
from watchword.core.errors import PictureError
from watchword.data.hashes import HashCache, content_hash


def test_the_hash_is_that_of_the_content(tmp_path):
    path = write(tmp_path, "a.jpg")
    (tmp_path / "copy of a").write_bytes(path.read_bytes())
    assert (
        content_hash(path) == hashlib.sha256(path.read_bytes()).hexdigest() == content_hash(str(tmp_path / "copy of a"))
    )


def test_what_cannot_be_read_is_named(tmp_path):
    with pytest.raises(PictureError, match=r"gone\.jpg' does not exist"):
        content_hash(tmp_path / "gone.jpg")
    with pytest.raises(PictureError, match="is a folder"):
        content_hash(tmp_path)


def test_a_cache_knows_only_files_as_they_were(tmp_path):
    old, fresh, odd = (write(tmp_path, name) for name in ("old.jpg", "fresh.jpg", "ne\nw \U0001f415.jpg"))
    for path in (old, odd):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    cache = HashCache(tmp_path / "hashes.jsonl")
    for path in (old, fresh, odd):
        cache.set(path, path.stat(), content_hash(path))
    cache.save()
    cache.save()
    again = HashCache(tmp_path / "hashes.jsonl")
    assert again.get(old) == content_hash(old)
    assert again.get(odd) == content_hash(odd)
    assert again.get(fresh) is None  # changed a moment ago: it may change again within a tick of the clock
    os.utime(old, (1_700_000_001, 1_700_000_001))
    assert again.get(old) is None
    odd.unlink()
    assert again.get(odd) is None
    assert (tmp_path / "hashes.jsonl").read_bytes().count(b'["') == 2
