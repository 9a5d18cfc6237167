"""Files of tuples, the words and rows that they become, and the tuple that a sentence holds."""

import json

import numpy as np
import pytest

from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.spoken_tuples import spoken, tuple_of
from watchword.data.tuples import labels_of, read_tuples, roles_of, rows_of, written

BOTH = {
    "id": "a",
    "tuple": {"subject": "dog", "verb": "chases"},
    "probabilities": {"verb": {"chases": 0.4, "eats": 0.6}, "subject": {"dog": 3, "cat": 1}},
}


def file_of(tmp_path, *rows):
    path = tmp_path / "tuples.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_probabilities_and_words_are_read(tmp_path):
    (row,) = read_tuples(file_of(tmp_path, BOTH))
    assert row.names == ("a",)
    assert row.words == {"subject": "dog", "verb": "chases"}  # the likeliest tuple need not have the likeliest words
    assert row.chances == {"subject": {"dog": 0.75, "cat": 0.25}, "verb": {"chases": 0.4, "eats": 0.6}}


def test_what_is_left_out_is_filled_in(tmp_path):
    chances = {"id": 1, "probabilities": {"verb": {"chases": 1, "eats": 3}}}
    words = {"path": "b.mp4", "tuple": {"subject": "dog", "object": None}}
    first, second = read_tuples(file_of(tmp_path, chances, "", words))
    assert (first.names, first.words) == (("1",), {"verb": "eats"})
    assert (second.names, second.words) == (("b.mp4",), {"subject": "dog", "object": "-"})
    assert second.chances == {"subject": {"dog": 1.0}, "object": {"-": 1.0}}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("[1]", r"line 2: an object with fields was expected"),
        ({"id": "b"}, r'line 2: it needs an "id" or "path", and "tuple" or "probabilities"; it has: id'),
        ({"tuple": {"subject": "dog"}}, r'line 2: it needs an "id" or "path"'),
        ({"id": "b", "tuple": ["dog", "eats"]}, r"line 2: a tuple is an object of role and word"),
        ({"id": "b", "tuple": {"subject": 3}}, r"line 2: a tuple is an object of role and word"),
        (
            {"id": "b", "probabilities": {"verb": [0.1]}},
            r"line 2: probabilities are an object of role, word and number",
        ),
        ({"id": "b", "probabilities": {"verb": {"eats": "x"}}}, r"line 2: probabilities are an object"),
        ({"id": "b", "probabilities": {"verb": {"eats": -1}}}, r"the probabilities of 'verb' are .* give 0 or more"),
        ({"id": "b", "probabilities": {"verb": {"eats": 0}}}, r"give 0 or more each, not all 0"),
        ({"id": "b", "probabilities": {"verb": {}}}, r"give 0 or more each, not all 0"),
        ("{", r"line 2: not JSON"),
    ],
)
def test_a_line_that_is_amiss_is_named(tmp_path, row, message):
    with pytest.raises(DataError, match=message):
        read_tuples(file_of(tmp_path, BOTH, row))


def test_an_empty_file_and_none_are_refused(tmp_path):
    with pytest.raises(DataError, match="holds no tuple; a file of tuples is JSON Lines with id and tuple"):
        read_tuples(file_of(tmp_path))
    with pytest.raises(DataError, match="does not exist; a file of tuples is JSON Lines"):
        read_tuples(tmp_path / "none.jsonl")


def test_roles_stand_in_the_order_of_a_chain():
    found = roles_of(
        [{"tool": ["knife"], "object": ["ball"], "subject": ["dog", "-"]}, {"verb": ["eats"], "object": ["ant"]}]
    )
    assert list(found.items()) == [
        ("subject", ("-", "dog")),
        ("verb", ("-", "eats")),
        ("object", ("-", "ant", "ball")),
        ("tool", ("-", "knife")),
    ]


def test_rows_hold_probabilities_then_the_likeliest_tuple(tmp_path):
    rows = read_tuples(file_of(tmp_path, BOTH, {"id": "b", "tuple": {"verb": "eats"}}))
    roles = roles_of({role: each.keys() for role, each in row.chances.items()} for row in rows)
    assert roles == {"subject": ("-", "cat", "dog"), "verb": ("-", "chases", "eats")}
    assert np.allclose(
        rows_of(rows, roles),
        [[0, 0.25, 0.75, 0, 0.4, 0.6, 0, 0, 1, 0, 1, 0], [1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]],
    )
    assert labels_of([row.words for row in rows], roles).tolist() == [[2, 1], [0, 2]]
    assert labels_of([{"subject": "horse"}], roles).tolist() == [[0, 0]]


def test_what_is_written_is_read_again(tmp_path):
    (row,) = read_tuples(file_of(tmp_path, BOTH))
    assert read_tuples(file_of(tmp_path, written({"id": "a"}, row.words, row.chances))) == [row]
    line = json.loads(written({"id": "a"}, {"verb": "eats"}, {"verb": {"eats": 0.99999, "runs": 0.00001}}))
    assert line["probabilities"] == {"verb": {"eats": 0.99999}}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("a man is playing a guitar", ("man", "playing", "guitar")),
        ("the two brown dogs are chasing a small red ball in the grass", ("dogs", "chasing", "ball")),
        ("a cat is sleeping on the sofa", ("cat", "sleeping", "-")),
        ("a woman is slicing", ("woman", "slicing", "-")),
        ("a woman slices an onion", None),
        ("there is running water", None),
        ("is eating", None),
        ("", None),
    ],
)
def test_a_sentence_of_one_form_says_its_tuple(sentence, expected):
    assert spoken(sentence.split()) == expected


def test_most_sentences_decide():
    said = (
        "A man is cutting a tomato.",
        "a person is slicing an onion",
        "Somebody cooks.",
        "a man is cutting an onion",
    )
    assert tuple_of(Example("x", None, said)) == {"subject": "man", "verb": "cutting", "object": "tomato"}
    assert tuple_of(Example("x", None, ("a dog runs",))) is None
    given = Example("x", None, said, extra={"tuple": {"subject": "cook", "verb": ""}})
    assert tuple_of(given) == {"subject": "cook", "verb": "-"}
    with pytest.raises(DataError, match="example 'x': a tuple is an object of role and word"):
        tuple_of(Example("x", None, said, extra={"tuple": "cook"}))
