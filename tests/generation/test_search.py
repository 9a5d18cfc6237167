import numpy as np
import pytest

from tests.generation.tables import TableStepper, photos, rules
from watchword.core.errors import SearchError
from watchword.generation.beam import beam_search
from watchword.generation.consensus import by_consensus
from watchword.generation.constrained import constrained_search
from watchword.generation.diverse import diverse_search
from watchword.generation.greedy import greedy_search
from watchword.generation.hypotheses import distinct
from watchword.generation.sampling import sample
from watchword.generation.search import SearchOptions, search

BATCH = photos(*range(8))


def run(allowed=None, generator=None, alike=None, **options):
    return search(TableStepper(12), BATCH, allowed or rules(), SearchOptions(**options), generator, alike)


def shared(sentences):
    return np.array([[float(len(set(one) & set(two))) for two in sentences] for one in sentences])


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


def test_options_reach_the_groups():
    found = run(beam=6, n=4, length_normalization=0.7, groups=3, diversity=0.9)
    assert found == diverse_search(TableStepper(12), BATCH, rules(), 6, 4, 0.7, 3, 0.9)


def test_of_many_draws_the_likeliest_different_ones_are_kept():
    drawn = sample(TableStepper(12), BATCH, rules(), np.random.default_rng(3), 40, 1.5)
    found = run(sample=True, draws=40, n=3, temperature=1.5, seed=3)
    assert found == [distinct(photo)[:3] for photo in drawn]
    for photo, kept in zip(drawn, found, strict=True):
        assert kept[0].score == max(told.score for told in photo if told.ended)
        assert len({told.words for told in kept}) == 3


def test_a_consensus_chooses_among_all_that_the_beam_ends():
    several = run(beam=5, n=5)
    assert run(beam=5, n=2, alike=shared) == [by_consensus(photo, shared)[:2] for photo in several]


def test_a_consensus_chooses_among_all_draws_and_says_each_once():
    drawn = run(sample=True, n=30, seed=1)
    expected = [distinct(by_consensus(photo, shared))[:4] for photo in drawn]
    assert run(sample=True, n=4, draws=30, seed=1, alike=shared) == expected


@pytest.mark.parametrize("options", [{"beam": 1}, {"sample": True}])
def test_a_consensus_of_one_sentence_is_refused(options):
    with pytest.raises(SearchError, match="a consensus needs sentences to choose among; set beam=2 or more"):
        run(alike=shared, **options)


def test_demanded_words_cannot_be_had_of_groups():
    with pytest.raises(SearchError, match=r"must_include.* of a plain beam search only, not of groups=2"):
        run(rules(must_include=(4,)), beam=4, groups=2)


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
        ({"beam": 100_000}, "beam=100000: at most 1000, for each takes memory and time"),
        ({"sample": True, "draws": 1001}, "draws=1001: at most 1000"),
        ({"n": 4}, "n=4 sentences from beam=3: .*set beam=4 or more, or sample"),
        ({"length_normalization": -0.1}, "length_normalization=-0.1: 0"),
        ({"length_normalization": float("nan")}, "length_normalization=nan"),
        ({"groups": 0}, r"groups=0: 1 \(plain beam search\) or more"),
        ({"groups": 3, "beam": 4}, "groups=3 of beam=4: each has an equal share of the beam; set beam=6"),
        ({"diversity": -1.0}, r"diversity=-1.0: 0 \(none\) or more"),
        ({"diversity": float("nan")}, "diversity=nan"),
        ({"draws": 5}, "draws=5: sentences are drawn only if asked for; set sample"),
        ({"draws": 2, "n": 3, "sample": True}, "draws=2 for n=3 sentences: n of them are kept, so draw 3 or more"),
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


@pytest.mark.parametrize(
    "options", [{"beam": 2.5}, {"n": "2"}, {"top_k": 1.0}, {"seed": 0.5}, {"groups": 2.0}, {"draws": "9"}]
)
def test_what_is_no_whole_number_is_refused(options):
    ((name, value),) = options.items()
    with pytest.raises(TypeError, match=f"{name}={value!r} is of type {type(value).__name__}; give a whole number"):
        SearchOptions(**options)


def test_whole_numbers_of_numpy_are_fine():
    assert run(beam=np.int64(2), n=np.int32(2)) == run(beam=2, n=2)


def test_more_samples_than_the_beam_is_wide_are_fine():
    assert [len(photo) for photo in run(sample=True, n=9)] == [9] * 8
