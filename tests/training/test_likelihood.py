import numpy as np
import pytest
import torch

from tests.training.test_loop import VOCABULARY, make_run, seen
from watchword.training.likelihood import log_likelihoods

SENTENCES = [[4, 5, 6], [7], [6, 4, 5], [], [8, 8, 4, 5, 6, 7]]


def one_by_one(model, photo, sentence):
    """The sum of the logarithms that the decoder's steps give to each word and to the end."""
    memory, state = model.decoder.start(model.encoder.top(torch.from_numpy(photo)))
    total, last = 0.0, VOCABULARY.start
    for word in [*sentence, VOCABULARY.end]:
        log_probs, state = model.decoder.step(torch.tensor([[last]]), memory, state)
        total, last = total + log_probs[0, 0, word].item(), word
    return total


@pytest.mark.parametrize("rows", [1, 5, 4096])
def test_it_is_the_sum_over_the_steps(tmp_path, monkeypatch, rows):
    monkeypatch.setattr("watchword.training.likelihood.ROWS", rows)
    model = make_run(tmp_path, []).model.eval()
    photos = seen(np.arange(5), np.zeros(5, np.int64))
    parts = [photos[:2], photos[2:]]
    limits = {"start": VOCABULARY.start, "end": VOCABULARY.end, "dtype": "float32"}
    found = np.concatenate([*log_likelihoods(model, parts, SENTENCES, **limits)])
    with torch.inference_mode():
        expected = [[one_by_one(model, photo[None], sentence) for sentence in SENTENCES] for photo in photos]
    assert found.shape == (5, len(SENTENCES))
    assert found == pytest.approx(np.array(expected), abs=1e-4)
    assert (found < 0).all()
