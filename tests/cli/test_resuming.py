import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.cli.resuming import finished
from watchword.cli.rows import csv_header, csv_row, json_row
from watchword.core.errors import DataError
from watchword.core.types import Sentence

SAID = [Sentence("a dog", ("a", "dog"), (-0.1, -1.0, -0.5), 0.9, None, (("collie", 0.7),))]
NAMES = ["plain.jpg", 'quote"d, with comma.jpg', "line\nend.jpg", "\n", 'ends with quote".jpg', "Zoë 🐕.jpg"]
MAKERS = {"json": lambda names: "".join(json_row(name, SAID, 1) for name in names).encode()}
MAKERS["csv"] = lambda names: (csv_header(1) + "".join(csv_row(name, SAID, 1) for name in names)).encode()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rows"


def test_no_file_no_rows(file):
    assert finished(file, "json", 1) == set()
    assert not file.exists()


@pytest.mark.parametrize("kind", MAKERS)
def test_whole_rows_are_found_and_stay(file, kind):
    file.write_bytes(MAKERS[kind](NAMES))
    assert finished(file, kind, 1) == set(NAMES)
    assert file.read_bytes() == MAKERS[kind](NAMES)


@pytest.mark.parametrize("kind", MAKERS)
def test_wherever_it_was_torn_the_whole_rows_before_are_kept(file, kind):
    rows = [MAKERS[kind](NAMES[1 : i + 1]) for i in range(1, 4)]
    empty = MAKERS[kind]([])
    for length in range(len(rows[-1]) + 1):
        file.write_bytes(rows[-1][:length])
        done = finished(file, kind, 1)
        whole = [content for content in (b"", empty, *rows) if len(content) <= length][-1]
        assert file.read_bytes() == whole
        assert done == set(NAMES[1 : rows.index(whole) + 2] if whole in rows else [])


@pytest.mark.parametrize(
    ("kind", "content", "complaint"),
    [
        ("json", b"precious text\n", "line 1 is no row that describe writes"),
        ("json", MAKERS["json"](["a"]) + b'{"no": "path"}\n', "line 2 is no row"),
        ("json", b"[1]\n", "line 1 is no row"),
        ("json", b'{"path": "a.jpg", "caption": "precious"}\n', "line 1 is no row"),
        ("json", b'{"path": "a.jpg", "sentence": "a dog", "split": "train", "score": 0.9}\n', "line 1 is no row"),
        ("json", MAKERS["json"](["a"]).replace(b"}\n", b', "rating": 5}\n'), "line 1 is no row"),
        ("json", MAKERS["json"](["a"]).replace(b'"a"', b"7", 1), "line 1 is no row"),
        ("json", b"[" * 100_000 + b"\n", "line 1 is no row"),
        ("json", bytes(2 << 20), "what follows byte 0 is no row"),
        ("json", b"[1, 2, 3]", "what follows byte 0 is no row"),
        ("json", b'{"notes": ["precious"]}', "what follows byte 0 is no row"),
        ("json", b"text without a line end", "what follows byte 0 is no row"),
        ("json", MAKERS["json"](["a"]) + b"text", r"what follows byte \d+ is no row"),
        ("csv", b"text without a line end", "it does not begin with the line"),
        ("csv", b"name,text\n1,2\n", "it does not begin with the line 'path,sentence,"),
        ("csv", MAKERS["csv"](["a"]) + b"b,c\n" + MAKERS["csv"](["d"]), "has 2 cells, not 5"),
        ("csv", MAKERS["csv"](["a"]) + b'"b"x,c\nd\n', "is no CSV"),
        ("csv", MAKERS["csv"](["a"]) + b'"' + b"x\n" * (1 << 20), "is no CSV: field larger"),
    ],
)
def test_a_file_of_another_kind_is_left_alone(file, kind, content, complaint):
    file.write_bytes(content)
    with pytest.raises(DataError, match=rf"rows' cannot be gone on with: .*{complaint}.*Name another --output"):
        finished(file, kind, 1)
    assert file.read_bytes() == content


def test_csv_of_another_n_is_refused(file):
    file.write_bytes(MAKERS["csv"](["a"]))
    with pytest.raises(DataError, match=r"does not begin with the line 'path,.*sentence_2"):
        finished(file, "csv", 2)


def rows_of(*counts):
    """Rows of JSON for --n 5, or 1 where the count is 0, each of a photo with so many sentences."""
    rows = [json_row(f"{i}.jpg", SAID * max(1, count), 5 if count else 1) for i, count in enumerate(counts)]
    return "".join(rows).encode()


@pytest.mark.parametrize(
    ("counts", "n", "complaint"),
    [
        ([0, 0], 2, "its rows are those of --n 1, not of --n 2. Give --n 1, name another --output"),
        ([3, 2, 3], 1, "its rows are those of --n 3, not of --n 1. Give --n 3,"),
        ([3, 2, 3], 2, "its rows are those of --n 3, not of --n 2"),
        ([3, 2, 3], 5, "its rows are those of --n 3, not of --n 5"),
        ([1, 1], 1, "its rows are those of --n 2, not of --n 1"),
        ([3, 0, 3], 3, "its rows are of more than one --n. Name another"),
    ],
)
def test_json_of_another_n_is_refused(file, counts, n, complaint):
    file.write_bytes(rows_of(*counts) + b'{"path": "to')
    with pytest.raises(DataError, match=complaint):
        finished(file, "json", n)
    assert file.read_bytes().endswith(b'{"path": "to')


def test_a_photo_may_have_fewer_sentences_than_others(file):
    file.write_bytes(rows_of(3, 1, 2))
    assert finished(file, "json", 3) == {"0.jpg", "1.jpg", "2.jpg"}
    file.write_bytes(rows_of(1, 1))
    assert len(finished(file, "json", 2)) == 2


@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs"])), unique=True), cut=st.integers(0, 400))
@pytest.mark.parametrize("kind", MAKERS)
def test_any_names_any_cut(tmp_path_factory, kind, names, cut):
    file = tmp_path_factory.mktemp("rows") / "rows"
    content = MAKERS[kind](names)
    file.write_bytes(content[: max(0, len(content) - cut)])
    done = finished(file, kind, 1)
    kept = file.read_bytes()
    assert content.startswith(kept)
    assert done == set(names[: len(done)])
    rest = MAKERS[kind](names[len(done) :])
    assert kept + (rest.removeprefix(MAKERS[kind]([])) if kept else rest) == content
