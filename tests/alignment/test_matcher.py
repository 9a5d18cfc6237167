import pytest
import torch

from watchword.alignment.losses import Ranking, ranking_loss
from watchword.alignment.matcher import Matcher
from watchword.alignment.scores import all_regions, best_region, cosine, mean_cosine
from watchword.core.errors import UnknownName
from watchword.core.types import Features

SCORES = ("best_region", "all_regions", "normalised", "whole")
FORMS = [(reader, score) for reader in ("bidirectional", "gated", "lstm") for score in SCORES]


def made(reader="bidirectional", score="best_region", **others):
    torch.manual_seed(0)
    sizes = {"vocabulary": 20, "cells": 6, "whole": 6, "width": 8, "hidden": 7, "word_width": 5} | others
    return Matcher(reader=reader, score=score, loss=Ranking(), **sizes)


def seen(photos=4, cells=5, width=6, whole=6):
    torch.manual_seed(1)
    mask = torch.arange(cells) < torch.randint(1, cells + 1, (photos, 1))
    return Features(torch.randn(photos, whole), torch.randn(photos, cells, width), mask)


def read(sentences=6, longest=9, shortest=1):
    torch.manual_seed(2)
    mask = torch.arange(longest) < torch.randint(shortest, longest + 1, (sentences, 1))
    return torch.randint(0, 20, (sentences, longest)), mask


@pytest.mark.parametrize(("reader", "score"), FORMS)
def test_shapes_and_masks(reader, score):
    matcher, features, (words, mask) = made(reader, score), seen(), read()
    regions, region_mask = matcher.regions(features)
    vectors = matcher.words(words, mask)
    count, length = (1, 1) if score == "whole" else (6, 9)
    assert regions.shape == (4, count, 8)
    assert region_mask.shape == (4, count)
    assert region_mask[:, 0].all()
    assert score == "whole" or torch.equal(region_mask[:, 1:], features.mask)
    assert vectors.shape == (6, length, 8)
    scores = matcher.scores(regions, region_mask, vectors, mask)
    assert scores.shape == (4, 6)
    assert torch.equal(matcher(features, words, mask), scores)


@pytest.mark.parametrize(("reader", "score"), FORMS)
def test_equation_8_of_what_it_returns_is_the_score(reader, score):
    matcher, features, (words, mask) = made(reader, score), seen(), read()
    regions, region_mask = matcher.regions(features)
    vectors = matcher.words(words, mask)
    scores, shown = matcher.scores(regions, region_mask, vectors, mask), mask[:, : vectors.shape[1]]
    simply = best_region(regions, region_mask, vectors, shown)
    assert torch.allclose(scores, simply) == (score != "all_regions")
    again = {
        "best_region": lambda: simply,
        "all_regions": lambda: all_regions(regions, region_mask, vectors, shown),
        "normalised": lambda: mean_cosine(regions, region_mask, matcher.reader(words, mask), mask),
        "whole": lambda: cosine(matcher.picture(features.whole), matcher.reader.whole(words, mask)),
    }[score]()
    assert torch.allclose(scores, again, atol=1e-6)
    assert scores.std() > 1e-3


def test_regions_are_equation_1_and_the_whole_picture_is_the_first():
    matcher, features = made(), seen()
    vectors, _ = matcher.regions(features)
    weight, bias = matcher.region.weight, matcher.region.bias
    for photo in range(4):
        assert torch.allclose(vectors[photo, 0], weight @ features.whole[photo] + bias, atol=1e-6)
        for cell in range(5):
            assert torch.allclose(vectors[photo, cell + 1], weight @ features.cells[photo, cell] + bias, atol=1e-6)


def test_a_whole_of_another_width_has_a_matrix_of_its_own():
    matcher, features = made(whole=3), seen(whole=3)
    vectors, _ = matcher.regions(features)
    assert torch.allclose(vectors[:, 0], matcher.picture(features.whole))
    assert matcher.region.weight.shape == (8, 6)


@pytest.mark.parametrize("score", SCORES)
def test_cells_and_words_that_are_not_real_do_not_matter(score):
    matcher, features, (words, mask) = made(score=score), seen(), read()
    scores = matcher(features, words, mask)
    cells = features.cells.masked_fill(~features.mask[:, :, None], 1e3)
    other = torch.where(mask, words, 7)
    assert (cells != features.cells).any()
    assert (other != words).any()
    assert torch.allclose(matcher(features._replace(cells=cells), other, mask), scores)


@pytest.mark.parametrize(("reader", "score"), FORMS)
def test_every_parameter_learns(reader, score):
    matcher, (words, mask) = made(reader, score, whole=4), read(30)
    matcher(seen(whole=4), words, mask).square().sum().backward()
    without = [name for name, each in matcher.named_parameters() if each.grad is None or not each.grad.any()]
    assert not without
    assert len(list(matcher.parameters())) == {"bidirectional": 9, "gated": 11, "lstm": 7}[reader] + (
        2 if score == "whole" else 4
    )


@pytest.mark.parametrize(("reader", "score"), FORMS)
def test_it_learns_which_sentence_is_whose(reader, score):
    matcher, features, (words, mask) = made(reader, score, width=16, hidden=16), seen(6), read(12, 6, 3)
    owner = torch.arange(12) % 6
    assert not torch.equal(matcher(features, words, mask).argmax(0), owner)
    optimizer = torch.optim.Adam(matcher.parameters(), 0.01)
    margin = 0.2 if score in ("normalised", "whole") else 1.0
    for _ in range(60):
        optimizer.zero_grad()
        ranking_loss(matcher(features, words, mask), owner, margin=margin).backward()
        optimizer.step()
    scores = matcher(features, words, mask)
    assert torch.equal(scores.argmax(0), owner)


@pytest.mark.parametrize("score", SCORES)
def test_dropout_acts_in_training_alone(score):
    matcher, features, given = made(score=score, dropout=0.5), seen(), read()
    assert not torch.equal(matcher(features, *given), matcher(features, *given))
    matcher.eval()
    assert torch.equal(matcher(features, *given), matcher(features, *given))


@pytest.mark.parametrize("score", ["normalised", "whole"])
def test_lengths_do_not_count_where_cosines_do(score):
    matcher, features, (words, mask) = made(score=score), seen(), read()
    scores = matcher(features, words, mask)
    assert scores.abs().max() <= 1 + 1e-6
    layer = matcher.picture or matcher.region
    with torch.no_grad():
        layer.weight.mul_(5)
        layer.bias.mul_(5)
    assert torch.allclose(matcher(features, words, mask), scores, atol=1e-6)


def test_word_vectors_are_in_reach():
    assert made().embedding.weight.shape == (20, 5)


def test_no_weight_is_kept_twice():
    """Safetensors refuses two names of one array."""
    for whole in (6, 3):
        state = made(whole=whole).state_dict()
        assert len({each.data_ptr() for each in state.values()}) == len(state)


def test_unknown_names_are_refused():
    with pytest.raises(UnknownName, match=r"no reader named 'gatd' \(did you mean 'gated'\?\)"):
        made("gatd")
    with pytest.raises(UnknownName, match=r"no score named 'best'.*there are: all_regions, best_region"):
        made(score="best")
