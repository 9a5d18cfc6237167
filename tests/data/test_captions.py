import gzip
import json
import os
import threading

import pytest

from watchword.core.errors import DataError
from watchword.data.captions import is_text, pair, read_captions

REFERENCES = {
    "images": [
        {"imgid": 0, "filename": "a.jpg", "split": "train", "sentences": [{"raw": "A dog ."}]},
        {"imgid": 1, "filename": "b.jpg", "split": "val", "sentences": [{"raw": "A cat ."}, {"raw": "The cat ."}]},
        {"imgid": 2, "filename": "c.jpg", "split": "val", "sentences": [{"raw": "An owl ."}]},
    ]
}


@pytest.fixture
def files(tmp_path):
    """Write each given text into a file; return the paths."""

    def write(**texts):
        for name, content in texts.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        return [tmp_path / name.replace("_", ".") for name in texts]

    return write


@pytest.fixture
def paired(files):
    def read(candidates, references=REFERENCES, **options):
        said, theirs = files(said_json=candidates, theirs_json=references)
        return pair(read_captions([said]), read_captions([theirs]), **options)

    return read


def test_coco_results_and_annotations_go_by_id(paired):
    annotations = {
        "images": [{"id": 7, "file_name": "x.jpg"}, {"id": 9, "file_name": "y.jpg"}],
        "annotations": [{"image_id": 9, "caption": "A cat ."}, {"image_id": 7, "caption": "A dog ."}],
    }
    found = paired([{"image_id": 9, "caption": "cat"}, {"image_id": 7, "caption": "dog"}], annotations)
    assert found.candidates == {"9": "cat", "7": "dog"}
    assert list(found.references.items()) == [("7", ("A dog .",)), ("9", ("A cat .",))]
    assert found.photos["7"].name == "x.jpg"
    assert found.matched == "id"
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("rows", "matched"),
    [
        ([{"image_id": 40, "filename": "b.jpg", "caption": "cat"},
          {"image_id": 41, "filename": "c.jpg", "caption": "owl"}], "file name"),
        ([{"path": "/photos/b.jpg", "sentence": "cat", "confidence": 0.5},
          {"path": "/photos/c.jpg", "sentence": "owl"}], "file name"),
        ([{"image_id": "b", "caption": "cat"}, {"image_id": "c", "caption": "owl"}], "id and name without ending"),
        ([{"image_id": 1, "caption": "cat"}, {"image_id": "2", "caption": "owl"}], "id"),
    ],
)  # fmt: skip
def test_names_are_tried_until_one_fits(paired, rows, matched):
    found = paired(rows)
    assert found.matched == matched
    assert list(found.candidates.values()) == ["cat", "owl"]
    assert [found.references[image] for image in found.candidates] == [("A cat .", "The cat ."), ("An owl .",)]
    assert found.left_out == ()  # the split that the candidates cover is found


def test_what_one_side_lacks_is_kept_to_be_complained_of_or_left_out(paired):
    rows = [{"image_id": 1, "caption": "cat"}, {"image_id": 5, "caption": "?"}]
    found = paired(rows)
    assert set(found.candidates) == {"1", "5"}
    assert set(found.references) == {"0", "1", "2"}
    assert set(found.left_out) == {"0", "2", "5"}
    assert set(paired(rows, split="val").left_out) == {"2", "5"}
    left = paired(rows, partial=True)
    assert set(left.candidates) == set(left.references) == {"1"}
    assert set(left.left_out) == {"0", "2", "5"}


def test_an_id_of_another_image_is_not_taken_for_its_own(paired):
    """Found by file name: the candidates' numbers mean something else than the references'."""
    rows = [
        {"image_id": 1, "filename": "a.jpg", "caption": "dog"},
        {"image_id": 2, "filename": "b.jpg", "caption": "cat"},
    ]
    found = paired(rows)
    assert found.references["1"] == ("A dog .",)
    assert found.references["2"] == ("A cat .", "The cat .")
    assert set(found.references) - set(found.candidates) == {"2 (references)"}


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (
            [{"image_id": 1, "caption": "a"}, {"image_id": 1, "caption": "b"}],
            {},
            "1 image has several candidates: '1'; give one sentence for each",
        ),
        (
            [{"image_id": n, "caption": "a"} for n in range(11) for _ in range(2)],
            {},
            r"11 images have several candidates: '0', '1', .*, '9', …; give one",
        ),
        (
            [{"image_id": "zzz", "caption": "a"}],
            {},
            r"no image is on both sides: candidates are of 'zzz'; references of",
        ),
        ([{"image_id": 1, "caption": "a"}], {"split": "test"}, "no references in split 'test'; there are: train, val"),
    ],
)
def test_what_cannot_be_paired_is_refused(paired, rows, options, message):
    with pytest.raises(DataError, match=message):
        paired(rows, **options)


def test_texts_go_by_line(files):
    said, first, second = files(said_txt="a dog\n\na cat", one_txt="dog\nowl\r\ncat\n", two_txt="the dog\n\nthe cat\n")
    found = pair(read_captions([said]), read_captions([first, second]))
    assert found.candidates == {"1": "a dog", "2": "", "3": "a cat"}
    assert found.references == {"1": ("dog", "the dog"), "2": ("owl", ""), "3": ("cat", "the cat")}


def test_a_line_separator_inside_a_sentence_ends_no_line(files):
    (said,) = files(said_txt="a\u2028dog\na\x0bcat\n")
    assert [row.sentences for row in read_captions([said])] == [("a\u2028dog",), ("a\x0bcat",)]


def test_texts_of_different_length_are_refused(files):
    paths = files(one_txt="a\nb\n", two_txt="a\n")
    with pytest.raises(DataError, match=r"two.txt has 1 lines, .*one.txt has 2"):
        read_captions(paths)


def test_files_that_are_no_text_are_refused(files, tmp_path):
    with pytest.raises(DataError, match="is empty; give one sentence a line"):
        read_captions(files(empty_txt=""))
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(DataError, match="not UTF-8 text"):
        read_captions([tmp_path / "latin.txt"])


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "A dog runs, and a cat sleeps.\n", True),
        ("a.txt", "a dog\n", True),
        ("hyp", "a dog\n", True),
        ("a.txt", "image,caption\nx.jpg,A dog\n", False),
        ("a.txt", "x.jpg#0\tA dog .\n", False),
        ("a.txt", '{"path": "x.jpg", "sentence": "A dog"}\n', False),
        ("a.txt", "a dog, a cat\n", True),
        ("a.txt", "a text, an image\n", True),
        ("a.txt", "[unk] dog\n", True),
        ("a.txt", "{dog} runs\n", True),
        ("a.txt", "", True),
        ("a.txt.gz", "a dog\n", True),
        ("a.txt", '"image_id"; "caption"; "split"\r\n1;A dog;val\r\n', False),
        ("a.txt", '\n [\n  {"image_id": 1}]', False),
        ("a.txt", '["a.jpg"]', False),
        ("a.txt", '{ "12": ["A dog"]}', False),
        ("a.txt", "[]\n", False),
        ("a.csv", "path,sentence\n", False),
        ("a.json.gz", "[unk]", False),
    ],
)
def test_text_is_told_from_data_sets(name, content, text):
    assert is_text(name, content) is text


def test_text_whose_first_line_looks_like_a_table_is_read_by_line(files):
    for text in ("a dog, a cat\nan owl\n", "[unk] dog\nan owl\n"):
        said = [row.sentences for row in read_captions(files(said_txt=text))]
        assert said == [(line,) for line in text.splitlines()]


def test_only_line_feeds_end_lines_and_one_carriage_return_goes_with_them(tmp_path):
    (tmp_path / "said.txt").write_bytes(b"a\rdog\r\na cat\r\r\nan owl\r\n")
    assert [row.sentences for row in read_captions([tmp_path / "said.txt"])] == [("a\rdog",), ("a cat\r",), ("an owl",)]


def test_a_gzipped_text_is_a_text(tmp_path):
    (tmp_path / "said.txt.gz").write_bytes(gzip.compress(b"a dog\nan owl\n"))
    assert [row.sentences for row in read_captions([tmp_path / "said.txt.gz"])] == [("a dog",), ("an owl",)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("content", ["a dog\n", '[{"image_id": 1, "caption": "a dog"}]', "image,caption\n1,a dog\n"])
def test_a_pipe_is_read_once(tmp_path, content):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=[content], daemon=True)
    writer.start()
    assert [row.sentences for row in read_captions([pipe])] == [("a dog",)]
    writer.join()


def test_results_with_numbers_of_annotations_go_by_image(paired):
    """pycocotools gives every result an `id` of its own."""
    rows = [{"image_id": 1, "caption": "cat", "id": 1}, {"image_id": 2, "caption": "owl", "id": 0}]
    assert paired(rows).candidates == {"1": "cat", "2": "owl"}
    flat = [{"image_id": 1, "caption": text, "id": n} for n, text in enumerate(["A cat .", "The cat ."], 50)]
    assert paired([{"image_id": 1, "caption": "cat"}], flat).references == {"1": ("A cat .", "The cat .")}


def test_whole_numbers_with_a_point_are_ids(paired):
    rows = [{"image_id": 1.0, "caption": "cat"}, {"image_id": 2.0, "caption": "owl"}]
    assert paired(rows).candidates == {"1": "cat", "2": "owl"}


def test_several_data_sets_add_up(files):
    one, two = files(one_json={"5": ["A dog ."]}, two_json={"5": ["The dog ."], "6": ["A cat ."]})
    assert {row.id: row.sentences for row in read_captions([one, two])} == {
        "5": ("A dog .", "The dog ."),
        "6": ("A cat .",),
    }
