"""Pointing: the loss beside plain loops, and words that learn where they are."""

import math

import numpy as np
import pytest
import torch

from watchword.alignment.losses import Contrastive
from watchword.alignment.matcher import Matcher
from watchword.core.types import Example, Features
from watchword.data.batches import Batches
from watchword.data.phrase_targets import PhraseTargets, Spoken
from watchword.data.views import Shown
from watchword.data.vocabulary import Vocabulary
from watchword.training.matching import Matching, sentences_of
from watchword.training.pointing import Pointing

REGIONS = np.array([(0, 0, 1, 1), (0, 0, 0.5, 1), (0.5, 0, 1, 1)], np.float32)
SENTENCES = [("red left of green", "nothing"), ("green left of red", "red right", "nothing at all"), ("green right",)]
SAID = Vocabulary.build([text.split() for texts in SENTENCES for text in texts], minimum=1)
PHRASES = [
    Spoken(0, 0, slice(0, 1), REGIONS[1:2]),
    Spoken(0, 0, slice(3, 4), REGIONS[2:3]),
    Spoken(1, 0, slice(0, 2), REGIONS[1:2]),
    Spoken(1, 1, slice(0, 2), REGIONS[2:3]),
    Spoken(2, 0, slice(0, 1), REGIONS[2:3]),
]


@pytest.fixture
def matcher():
    torch.manual_seed(0)
    shape = {"cells": 6, "whole": 6, "width": 8, "hidden": 8, "word_width": 8}
    loss = Contrastive(temperature=0.1)
    return Matcher(vocabulary=len(SAID), reader="gated", score="normalised", loss=loss, **shape)


@pytest.fixture
def features():
    """Of three photos with a red and a green half; the whole is their mean."""
    red, green = torch.eye(6)[:2]
    cells = torch.stack([torch.stack(pair) for pair in ((red, green), (green, red), (red, green))])
    return Features(cells.mean(1), cells, torch.ones(3, 2, dtype=torch.bool))


def given():
    examples = [Example(str(number), None, texts) for number, texts in enumerate(SENTENCES)]
    batch = Batches(examples, SAID, batch=3, sentences=3).epoch(0)[0]
    order = np.argsort(batch.rows)
    return batch._replace(**{name: getattr(batch, name)[order] for name in batch._fields if name != "ids"})


def pointing(weight):
    found = Pointing(weight, temperature=0.2)
    found.targets = PhraseTargets(PHRASES, REGIONS, lambda photo: [Shown()])
    return found


def test_the_loss_is_that_of_plain_loops(matcher, features):
    batch, matched = given(), Matching()
    loss, count = pointing(3.0)(matcher, features, batch)
    alone, counted = matched(matcher, features, batch)
    assert count == counted == 6
    words, mask, owner = (torch.from_numpy(array) for array in sentences_of(batch))
    with torch.no_grad():
        (regions, _), read = matcher.regions(features), matcher.words(words, mask)
    costs = []
    for phrase in PHRASES:
        text = SENTENCES[phrase.photo][phrase.sentence].split()
        ids = SAID.encode(text)
        (row,) = [i for i in range(6) if owner[i] == phrase.photo and words[i][mask[i]].tolist()[: len(ids)] == ids]
        said = torch.stack([read[row, k] / read[row, k].norm() for k in range(len(text))])[phrase.words].mean(0)
        scores = [float(said @ (vector / vector.norm())) / 0.2 for vector in regions[phrase.photo]]
        total = math.log(sum(map(math.exp, scores)))
        # The middle of the whole lies on the edge of either half.
        overlap = np.array([0.5**2, *((phrase.boxes[0] == region).all() * 1.0 for region in REGIONS[1:])])
        shares = overlap / overlap.sum()
        costs.append(-sum(share * (score - total) for share, score in zip(shares, scores, strict=True)))
    assert float(loss.detach()) == pytest.approx(float(alone.detach()) + 3 * np.mean(costs), abs=1e-5)


def test_words_learn_where_they_are(matcher, features):
    batch, learnt = given(), pointing(1.0)
    optimizer = torch.optim.Adam(matcher.parameters(), 1e-2)
    losses = []
    for _ in range(60):
        loss, _ = learnt(matcher, features, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] - 0.5
    words, mask, owner = (torch.from_numpy(array) for array in sentences_of(batch))
    with torch.no_grad():
        near = matcher.regions(features)[0][owner] @ matcher.words(words, mask).mT
    first = next(i for i in range(6) if owner[i] == 0 and mask[i].sum() == 4)
    assert near[first, :, 0].argmax() == 1  # "red" is left, "green" right
    assert near[first, :, 3].argmax() == 2
