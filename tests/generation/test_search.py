import numpy as np
import pytest

from tests.generation.tables import TableStepper, photos, rules
from watchword.core.errors import SearchError
from watchword.generation.beam import beam_search
from watchword.generation.constrained import constrained_search
from watchword.generation.greedy import greedy_search
from watchword.generation.sampling import sample
from watchword.generation.search import SearchOptions, search

BATCH = photos(*range(8))


def run(allowed=None, generator=None, **options):
    return search(TableStepper(12), BATCH, allowed or rules(), SearchOptions(**options), generator)


def test_a_beam_of_three_is_the_default():
    assert search(TableStepper(12), BATCH, rules()) == beam_search(TableStepper(12), BATCH, rules(), 3)


def test_options_reach_the_beam():
    found = run(beam=5, n=4, length_normalization=0.7)
    assert found == beam_search(TableStepper(12), BATCH, rules(), 5, 4, 0.7)
    assert found != beam_search(TableStepper(12), BATCH, rules(), 5, 4)


@pytest.mark.parametrize("exponent", [0.0, 0.7])
def test_a_beam_of_one_is_greedy(exponent):
    greedy = greedy_search(TableStepper(12), BATCH, rules(), exponent)
    assert run(beam=1, length_normalization=exponent) == greedy


def test_demanded_words_make_a_constrained_search():
    demanding = rules(must_include=(4, (5, 6)))
    found = run(demanding, beam=4, n=2)
    assert found == constrained_search(TableStepper(12), BATCH, demanding, 4, 2)
    assert run(demanding, beam=1) == constrained_search(TableStepper(12), BATCH, demanding, 1)


def test_options_reach_the_sampling():
    cuts = {"temperature": 1.5, "top_k": 6, "top_p": 0.9}
    found = run(sample=True, n=5, seed=3, **cuts)
    assert found == sample(TableStepper(12), BATCH, rules(), np.random.default_rng(3), 5, **cuts)


def test_a_generator_goes_on_from_batch_to_batch():
    stream = np.random.default_rng(3)
    first, second = (run(generator=stream, sample=True) for _ in range(2))
    assert first == run(sample=True, seed=3)
    assert first != second


def test_no_seed_is_a_new_one_each_time():
    assert run(sample=True, n=3) != run(sample=True, n=3)


def test_no_photos_are_no_sentences():
    stepper = TableStepper()
    assert search(stepper, photos(), rules()) == []
    assert stepper.asked == []


def test_demanded_words_cannot_be_sampled():
    with pytest.raises(SearchError, match=r"must_include.* of a beam search only; leave sampling out"):
        run(rules(must_include=(4,)), sample=True)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"beam": 0}, r"beam=0: 1 \(greedy\) or more"),
        ({"n": 0}, "n=0: 1 or more"),
        ({"n": 4}, "n=4 sentences from beam=3: .*set beam=4 or more, or sample"),
        ({"length_normalization": -0.1}, "length_normalization=-0.1: 0"),
        ({"length_normalization": float("nan")}, "length_normalization=nan"),
        ({"temperature": 0.0}, "temperature=0.0: more than 0; for the likeliest words set beam=1"),
        ({"temperature": float("inf")}, "temperature=inf"),
        ({"top_k": -1}, r"top_k=-1: 0 \(every word\) or more"),
        ({"top_p": 0.0}, "top_p=0.0: more than 0, up to 1"),
        ({"top_p": 1.1}, "top_p=1.1"),
        ({"seed": -1}, "seed=-1: 0 or more, or None for a new one each time"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, complaint):
    with pytest.raises(SearchError, match=complaint):
        SearchOptions(**options)


@pytest.mark.parametrize("options", [{"beam": 2.5}, {"n": "2"}, {"top_k": 1.0}, {"seed": 0.5}])
def test_what_is_no_whole_number_is_refused(options):
    ((name, value),) = options.items()
    with pytest.raises(TypeError, match=f"{name}={value!r} is of type {type(value).__name__}; give a whole number"):
        SearchOptions(**options)


def test_whole_numbers_of_numpy_are_fine():
    assert run(beam=np.int64(2), n=np.int32(2)) == run(beam=2, n=2)


def test_more_samples_than_the_beam_is_wide_are_fine():
    assert [len(photo) for photo in run(sample=True, n=9)] == [9] * 8
