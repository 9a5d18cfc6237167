import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.calibration import Bin, content_words_right, expected_calibration_error, reliability

REFERENCES = [["a", "brown", "dog", "runs", "through", "grass"], ["dogs", "playing", "in", "a", "field"]]


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("a dog is running in the field", True),  # from both references, stems equal
        ("the dogs play with the grass", True),
        ("two dogs run", False),
        ("a black dog runs", False),
        ("it is on the", True),  # nothing said, nothing wrong
        ("", True),
    ],
)
def test_a_sentence_is_right_when_each_content_word_is_in_some_reference(sentence, right):
    assert content_words_right(sentence.split(), REFERENCES) is right


def test_no_references_make_nothing_right():
    assert not content_words_right(["dog"], [])


def test_the_table_by_hand():
    table = reliability([0.0, 0.1, 0.1001, 0.95, 1.0], [False, True, True, True, False])
    assert [(row.low, row.high) for row in table] == [(0, 0.1), (0.1, 0.2), (0.9, 1)]
    assert [row.sentences for row in table] == [2, 1, 2]
    assert [row.confidence for row in table] == pytest.approx([0.05, 0.1001, 0.975])
    assert [row.right for row in table] == [0.5, 1, 0.5]
    assert expected_calibration_error(table) == pytest.approx((2 * 0.45 + 0.8999 + 2 * 0.475) / 5)


def test_confidence_that_means_what_it_says_has_little_error():
    rng = np.random.default_rng(0)
    confidences = rng.random(20_000)
    right = rng.random(20_000) < confidences
    assert expected_calibration_error(reliability(confidences, right)) < 0.02
    assert expected_calibration_error(reliability(confidences**3, right)) > 0.1


def test_one_bin_compares_the_means():
    assert reliability([0.2, 0.6], [True, True], bins=1) == (Bin(0.0, 1.0, 2, 0.4, 1.0),)


@pytest.mark.parametrize(
    ("confidences", "right", "bins", "message"),
    [
        ([], [], 10, "give one label for each"),
        ([0.5], [True, False], 10, r"\(1,\) confidences, \(2,\) labels"),
        ([0.5], [True], 0, "0 bins"),
        ([0.5, 1.5], [True, True], 10, r"from 0\.5 to 1\.5: they are probabilities"),
        ([float("nan")], [True], 10, "they are probabilities"),
    ],
)
def test_what_is_no_table_is_refused(confidences, right, bins, message):
    with pytest.raises(ScoreError, match=message):
        reliability(confidences, right, bins)
