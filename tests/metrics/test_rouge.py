import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.metrics.rouge import common_subsequences, rouge_l, rouge_l_scores

sentence = st.lists(st.sampled_from("abc"), max_size=10)


def textbook(words, others):
    table = [[0] * (len(others) + 1) for _ in range(len(words) + 1)]
    for i, word in enumerate(words):
        for j, other in enumerate(others):
            table[i + 1][j + 1] = table[i][j] + 1 if word == other else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@settings(deadline=None)
@given(sentence, st.lists(sentence, max_size=3))
def test_subsequences_are_as_long_as_the_textbook_method_says(words, others):
    assert common_subsequences(words, others) == [textbook(words, other) for other in others]


def test_subsequences_longer_than_a_machine_word():
    words = [str(number) for number in range(300)]
    assert common_subsequences(words, [words[::2], words[::-1], words + words]) == [150, 1, 300]


@pytest.mark.parametrize(
    ("candidate", "references", "figure"),
    [
        ("a b c d", ["a b c d"], 1.0),
        ("a b", ["c d"], 0.0),
        ("a x b", ["a b"], 2.44 * (2 / 3) * 1 / (1 + 1.44 * 2 / 3)),
        ("a b c", ["a", "a b c d e f"], 1.0),  # recall of the first, precision of the second
        ("", [""], 1.0),  # one empty word each
        ("", ["a"], 0.0),
    ],
)
def test_figures_by_hand(candidate, references, figure):
    assert rouge_l(candidate, references) == pytest.approx(figure)


def test_one_figure_for_each_candidate():
    assert rouge_l_scores(["a", "b"], [["a"], ["c"]]).tolist() == pytest.approx([1, 0])
    with pytest.raises(ValueError, match="zip"):
        rouge_l_scores(["a", "b"], [["a"]])
