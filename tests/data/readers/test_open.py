import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest

from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset


def test_sentences_by_id_gzipped_or_not(tmp_path):
    content = json.dumps({"12": ["A dog.", "A cat."], "7": []}).encode()
    (tmp_path / "sentences.json").write_bytes(content)
    (tmp_path / "sentences.json.gz").write_bytes(gzip.compress(content, mtime=0))
    rows = read_dataset(tmp_path / "sentences.json.gz")
    assert rows == read_dataset(tmp_path / "sentences.json")
    assert [(row.id, row.path, row.sentences) for row in rows] == [("12", None, ("A dog.", "A cat.")), ("7", None, ())]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no example; a data set is a folder with"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"\x1f\x8b\x08rubbish", "cannot be read: .*; fetch it again"),
        (gzip.compress(b"[]" * 100, mtime=0)[:-5], "cannot be read: .*; fetch it again"),
        (b'{"images": [', r"begins like JSON, but: .*; repair it or fetch it again"),
        (b"[{]", "begins like JSON, but: "),
        (b"[]", "holds no example"),
        (b"[" * 100_000, "begins like JSON, but is nested too deeply"),
        (b'{"a": ' * 100_000, "begins like JSON, but is nested too deeply"),
        (b'{"images": 5}', "'images' has to be a list; 'images' is a int"),
        (b'{"a": ["x"], "b": 5}', "'b' has to be a list of sentences, not '5'"),
        (b"{}", "no column holds a path or a sentence"),
        (b"just a line", "holds no example"),
    ],
)
def test_what_is_no_data_set_is_explained(tmp_path, content, message):
    path = tmp_path / "given.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_dataset(path)
    assert str(path) in str(caught.value)


def test_what_is_not_there_is_explained(tmp_path):
    with pytest.raises(DataError, match=r"gone does not exist; a data set is a folder with dataset\.json"):
        read_dataset(tmp_path / "gone")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def denied(self):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "dataset.json").write_text("{}")
    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(
        DataError, match=r"cannot be read: .*Permission denied; fetch it again or change its permissions"
    ):
        read_dataset(tmp_path)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "splits", "labelled"),
    [
        ("flickr8k", {"train": 6000, "val": 1000}, False),
        ("coco", {"train": 226, "val": 238}, False),
        ("pascal_sentences", {"train": 291, "val": 38}, True),
        ("ucm_captions", {"train": 1680, "val": 210}, True),
        ("coco/sentences.json.gz", {"train": 31371}, False),
    ],
)
def test_real_data_sets(name, splits, labelled):
    rows = read_dataset(Path(os.environ["WATCHWORD_DATA"]) / name)
    assert Counter(row.split for row in rows) == splits
    assert all(row.sentences for row in rows)
    assert all(bool(row.labels) == labelled for row in rows)
    assert all(row.path is None or row.path.is_file() for row in rows)
    assert len({row.id for row in rows}) == len(rows)
