import pytest

from watchword.retrieval.strange import strange

KNOWN = {"red", "dog", "the"}


@pytest.mark.parametrize(
    ("text", "words", "most"),
    [
        ("the red dog", [], False),
        ("a red giraffe", ["giraffe"], False),
        ("the giraffe", ["giraffe"], True),
        ("a red giraffe, a purple giraffe", ["giraffe", "purple"], True),
        ("the a", [], True),
        ("", [], True),
    ],
)
def test_a_sentence_is_strange_where_most_of_what_it_says_is(text, words, most):
    assert strange(text, content=lambda word: word not in ("a", "the"), knows=KNOWN.__contains__) == (words, most)


def test_words_that_are_not_read_are_not_strange():
    given = {"content": lambda word: word != "the", "knows": KNOWN.__contains__}
    assert strange("the red dog giraffe zebra", unread=2, **given) == ([], False)
    assert strange("the red dog giraffe zebra", unread=1, **given) == (["giraffe"], False)
