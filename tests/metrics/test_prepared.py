import numpy as np
import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.prepared import References

TWO = [["a dog runs", "a brown dog"], ["a cat"]]


def test_sizes_lengths_and_photos_follow_the_sentences():
    references = References(TWO)
    assert len(references) == 2
    assert references.sizes.tolist() == [2, 1]
    assert references.lengths.tolist() == [3, 3, 2]
    assert references.photos.tolist() == [0, 0, 1]


def test_document_frequency_counts_photos_not_sentences():
    references = References(TWO)
    rows = references.count(["a dog", "cat"]).rows
    frequency = references.document_frequency[rows.codes[rows.orders == 0]]
    assert sorted(frequency[:2].tolist()) == [1, 2]  # dog is in two sentences of one photo
    assert references.document_frequency[-1] == 0


def test_matches_stay_within_the_photo():
    references = References(TWO)
    rows, _, _, mine, theirs = references.count(["cat", "a"], None)
    assert rows.sentences[mine].tolist() == [1]
    assert references.rows.sentences[theirs].tolist() == [2]


def test_an_ngram_matches_every_sentence_that_holds_it():
    references = References(TWO)
    rows, _, _, mine, theirs = references.count(["dog zebra", "dog"], [0, 1])
    assert rows.sentences[mine].tolist() == [0, 0]
    assert sorted(references.rows.sentences[theirs].tolist()) == [0, 1]


def test_what_is_counted_is_not_counted_again():
    references = References(TWO)
    counted = references.count(["cat dog x", "a"])
    assert counted.lengths.tolist() == [3, 1]
    assert references.count(counted) is counted


def test_photos_may_repeat_and_come_in_any_order():
    rows, photos, *_ = References(TWO).count(["cat", "dog", "cat"], [1, 0, 1])
    assert photos.tolist() == [1, 0, 1]
    assert np.array_equal(rows.sentences, [0, 1, 2])


@pytest.mark.parametrize(
    ("references", "message"),
    [([], "no photos"), ([["a"], []], "photo 1 has no reference sentence.*leave out")],
)
def test_what_cannot_be_prepared_is_named(references, message):
    with pytest.raises(ScoreError, match=message):
        References(references)


@pytest.mark.parametrize(
    ("candidates", "photos", "message"),
    [
        (["a"], None, "1 candidate sentences for 2 photos"),
        (["a", "b"], [0], "2 candidate sentences for 1 photos"),
        (["a"], [2], "numbered 0 to 1"),
        (["a"], [-1], "numbered 0 to 1"),
    ],
)
def test_candidates_that_do_not_fit_are_refused(candidates, photos, message):
    with pytest.raises(ScoreError, match=message):
        References(TWO).count(candidates, photos)
