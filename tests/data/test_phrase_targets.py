"""Which regions phrases speak of: shares beside plain loops, views, sentences that were cut or left out."""

import numpy as np
import pytest

from watchword.core.boxes import areas
from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.batches import Batches
from watchword.data.phrase_targets import PhraseTargets, Spoken, shares
from watchword.data.views import Shown
from watchword.data.vocabulary import Vocabulary

WHOLE, LEFT, RIGHT = (0, 0, 1, 1), (0, 0, 0.5, 1), (0.5, 0, 1, 1)
REGIONS = np.array([WHOLE, LEFT, RIGHT], np.float32)
SENTENCES = ("a red dog of two", "a cat", "left")
WORDS = Vocabulary.build([text.split() for text in SENTENCES], minimum=1)


def naive(regions, boxes):
    weights = []
    for region in regions:
        x, y = (region[0] + region[2]) / 2, (region[1] + region[3]) / 2
        best, inside = 0.0, False
        for box in boxes:
            low, high = np.maximum(region[:2], box[:2]), np.minimum(region[2:], box[2:])
            shared = float(np.prod(np.clip(high - low, 0, None)))
            best = max(best, shared / float(areas(region) + areas(box) - shared))
            inside |= box[0] <= x <= box[2] and box[1] <= y <= box[3]
        weights.append((best, inside))
    if any(inside for _, inside in weights):
        found = [best**2 * inside for best, inside in weights]
    else:
        found = [float(best == max(other for other, _ in weights)) for best, _ in weights]
    return np.array(found) / sum(found)


def test_shares_are_those_of_plain_loops():
    random, fallen_back = np.random.default_rng(0), 0
    for _ in range(200):
        regions, boxes = (np.sort(random.uniform(0, 1, (n, 2, 2)), 1).reshape(n, 4) for n in (6, 2))
        found = shares(regions, boxes)
        assert np.allclose(found, naive(regions, boxes), atol=1e-5)
        fallen_back += (found == 1).any()
    assert fallen_back > 5


def test_a_box_without_area_counts_for_nothing():
    assert shares(REGIONS, np.zeros((2, 4))).tolist() == [0, 0, 0]
    assert shares(REGIONS, np.array([LEFT, (0, 0, 0, 0)])).tolist() == shares(REGIONS, np.array([LEFT])).tolist()


def spoken(photo, sentence, words, box):
    return Spoken(photo, sentence, words, np.array([box], np.float32))


def batch(max_words=20, sentences=3):
    examples = [Example(str(number), None, SENTENCES) for number in range(4)]
    return Batches(examples, WORDS, batch=4, sentences=sentences, max_words=max_words).epoch(0)[0]


PHRASES = [spoken(0, 0, slice(1, 3), LEFT), spoken(0, 1, slice(0, 2), RIGHT), spoken(2, 0, slice(4, 5), LEFT)]


def targets(phrases=PHRASES, views=2):
    return PhraseTargets(phrases, REGIONS, lambda photo: [Shown(mirrored=number == 1) for number in range(views)])


def test_phrases_of_a_batch_in_the_views_that_are_shown():
    given = batch()._replace(views=np.array([0, 1, 1, 0]))
    found = targets().of(given)
    seen = set()
    for photo, sentence, words, regions in zip(*found, strict=True):
        row, view, number = given.rows[photo], given.views[photo], given.sentences[photo, sentence]
        phrase = next(each for each in PHRASES if (each.photo, each.sentence) == (row, number))
        ids = given.words[photo, sentence, 1:][words > 0]
        assert [WORDS.words[i] for i in ids] == SENTENCES[number].split()[phrase.words]
        assert words.sum() == pytest.approx(1)
        side = tuple(phrase.boxes[0]) == LEFT
        assert regions.argmax() == (1 if side != bool(view) else 2)
        seen.add((int(row), int(number)))
    assert seen == {(0, 0), (0, 1), (2, 0)}


def test_words_that_were_cut_and_sentences_not_drawn_are_left_out():
    found = targets().of(batch(max_words=4))
    assert len(found.photo) == 2  # of five words the last teaches nothing
    assert targets([PHRASES[2]]).of(batch(max_words=4)) is None
    examples, drawn = [Example(str(number), None, SENTENCES) for number in range(4)], []
    for epoch in range(12):
        given = Batches(examples, WORDS, batch=4, sentences=1).epoch(epoch)[0]
        (number,) = given.sentences[given.rows == 0, 0]
        assert (targets([PHRASES[1]]).of(given) is not None) == (number == PHRASES[1].sentence)
        drawn.append(int(number))
    assert set(drawn) == {0, 1, 2}


def test_what_a_view_does_not_show_is_left_out():
    def cropped(photo):
        return [Shown(box=(0.5, 0, 1, 1))]

    found = PhraseTargets(PHRASES, REGIONS, cropped).of(batch())
    assert len(found.photo) == 1
    assert found.regions[0].argmax() == 0  # what was the right half is the whole


def test_without_phrases_there_is_nothing_to_learn():
    with pytest.raises(DataError, match="none of the photos to learn from has a phrase with a box"):
        targets([])
