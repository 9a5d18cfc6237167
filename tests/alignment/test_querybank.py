"""How well sentences fit photos in general, against plain loops, and what that is good for."""

import numpy as np
import pytest
import torch

from watchword.alignment.querybank import banks, product_axes

PHOTOS, REGIONS, WIDTH = 7, 4, 6


def made(seed=0, photos=PHOTOS, width=WIDTH):
    """Regions of photos and the words of as many sentences, of one to five words."""
    random = np.random.default_rng(seed)
    regions = random.standard_normal((photos, REGIONS, width)).astype(np.float32)
    sentences = [random.standard_normal((1 + i % 5, width)).astype(np.float32) for i in range(photos)]
    return regions, sentences


def equation_8(words, regions):
    return sum(max(float(word @ region) for region in regions) for word in words)


def table(regions, sentences):
    return np.array([[equation_8(words, photo) for words in sentences] for photo in regions])


def soft_maximum(scores, temperature):
    return temperature * np.log(np.mean(np.exp(np.array(scores) / temperature)))


@pytest.mark.parametrize("seed", range(5))
def test_hubness_is_the_soft_maximum_of_equation_8(seed):
    """With all directions kept nothing is lost."""
    regions, sentences = made(seed)
    scores = table(regions, sentences)
    found, temperature = banks(regions, sentences, scores, PHOTOS, kept=WIDTH), scores.std() / 3
    for sentence, words in enumerate(sentences):
        hubness = found.photos(torch.tensor(words)).item()
        assert hubness == pytest.approx(soft_maximum(scores[:, sentence], temperature), rel=1e-3)
        assert scores[:, sentence].mean() - 1e-4 <= hubness <= scores[:, sentence].max() + 1e-4
    of_photos = found.sentences(torch.tensor(regions)).numpy()
    assert of_photos.shape == (PHOTOS,)
    wanted = [0.5 * soft_maximum(row, temperature) for row in scores]
    assert np.allclose(of_photos, wanted, rtol=1e-3, atol=1e-4)


def test_no_more_sentences_are_kept_than_asked_for():
    regions, sentences = made(photos=40)
    found = banks(regions, sentences, table(regions, sentences), 9)
    assert found.sentences.bank.shape == (9, 5, WIDTH)
    assert found.photos.bank.shape == (40, REGIONS, WIDTH)
    assert not found.sentences.bank[0, 1:].any()  # the first sentence has one word


def test_the_axes_kept_are_those_that_products_need():
    random = np.random.default_rng(0)
    mixed = np.linalg.qr(random.standard_normal((20, 20)))[0]
    strong = np.array([5, 4, 3] + [0.05] * 17)
    words, regions = (random.standard_normal((count, 20)) * strong @ mixed for count in (300, 400))
    exact = words @ regions.T
    to_words, to_regions = product_axes(regions, words, 3)
    assert to_words.shape == to_regions.shape == (20, 3)
    near = (words @ to_words) @ (regions @ to_regions).T
    assert np.abs(near - exact).std() < 0.02 * exact.std()
    other = words[:, :3] @ regions[:, :3].T
    assert np.abs(other - exact).std() > 0.3 * exact.std()
    few = product_axes(regions, words, 99)[0]
    assert few.shape == (20, 20)  # no more than there are


def test_directions_in_which_nothing_varies_do_no_harm():
    flat = np.zeros((5, REGIONS, WIDTH), np.float32)
    flat[:, :, 0] = 1
    found = banks(flat, [flat[0]] * 5, np.ones((5, 5)), 5)
    assert found.photos(torch.tensor(flat[0])).item() == pytest.approx(REGIONS, rel=1e-2)
    assert torch.isfinite(found.sentences(torch.tensor(flat))).all()


def test_a_sentence_that_fits_everything_no_longer_comes_first():
    """Photos of one thing each; the vague sentence scores more with each of them than the one that names it."""
    things = np.eye(12, dtype=np.float32)
    photos = np.stack([things, np.full((12, 12), 0.9 / 12**0.5, np.float32)], 1)
    named, vague = [thing[None] for thing in things], np.full((1, 12), 4 / 12**0.5, np.float32)
    scores = table(photos, [*named, vague])
    assert (scores.argmax(1) == 12).all()
    found = banks(photos, [*named, vague], scores, 13).photos
    less = np.array([found(torch.tensor(words)).item() for words in (*named, vague)])
    assert ((scores - less).argmax(1) == np.arange(12)).all()
