import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.core.errors import DataError, SettingsError
from watchword.core.types import Example
from watchword.data.batches import Batches
from watchword.data.vocabulary import Vocabulary
from watchword.data.words import tokenize

WORDS = ["a", "dog", "cat", "runs", "sits", "on", "the", "grass", "red", "ball"]
VOCABULARY = Vocabulary.build([WORDS], minimum=1)
SENTENCE = st.lists(st.sampled_from([*WORDS, "unheard"]), max_size=12).map(" ".join)
EXAMPLES = st.lists(
    st.builds(
        Example,
        id=st.text("abc", min_size=1, max_size=4),
        path=st.none(),
        sentences=st.lists(SENTENCE, max_size=7).map(tuple),
        weight=st.sampled_from([0.0, 0.5, 1.0, 1.0, 2.0]),
    ),
    min_size=1,
    max_size=25,
).filter(lambda rows: any(row.weight >= 1 and any(s.strip() for s in row.sentences) for row in rows))


def example(*sentences, name="x", weight=1.0):
    return Example(id=name, path=None, sentences=sentences, weight=weight)


@settings(max_examples=60)
@given(EXAMPLES, st.integers(1, 6), st.integers(1, 6), st.one_of(st.none(), st.integers(1, 8)), st.integers(0, 3))
def test_every_batch_says_what_its_photos_say(examples, batch, sentences, max_words, epoch):
    made = Batches(examples, VOCABULARY, batch=batch, sentences=sentences, max_words=max_words, seed=5).epoch(epoch)
    for part in made:
        shape = part.words.shape
        assert shape[:2] == (len(part.ids), sentences)
        assert len(part.ids) <= batch
        assert part.targets.shape == part.mask.shape == shape
        assert max_words is None or shape[2] <= max_words + 1
        assert part.mask[:, 0].any(-1).all()  # every photo has something to learn from
        assert part.mask.any((0, 1)).all()  # no column is padding alone
        assert (part.words[:, :, 0] == VOCABULARY.start).all()
        assert (part.targets[~part.mask] == VOCABULARY.pad).all()
        np.testing.assert_array_equal(
            part.words[:, :, 1:][part.mask[:, :, 1:]], part.targets[:, :, :-1][part.mask[:, :, 1:]]
        )
        assert part.weights.tolist() == [1.0] * len(part.ids)
        for i, place in enumerate(part.rows):
            assert part.ids[i] == examples[place].id
            whole = [
                [*VOCABULARY.encode(tokenize(s)), VOCABULARY.end] for s in examples[place].sentences if tokenize(s)
            ]
            cut = [ids[: max_words + 1] if max_words else ids for ids in whole]
            said = [part.targets[i, k][part.mask[i, k]].tolist() for k in range(sentences) if part.mask[i, k].any()]
            assert len(said) == min(sentences, len(cut))
            assert all(ids in cut for ids in said)
            if len(cut) <= sentences:
                assert said == cut


@settings(max_examples=40)
@given(EXAMPLES, st.integers(0, 4))
def test_an_epoch_is_the_same_whenever_it_is_drawn(examples, epoch):
    first = Batches(examples, VOCABULARY, batch=4, sentences=2, seed=1)
    first.epoch(0)
    for one, two in zip(
        first.epoch(epoch), Batches(examples, VOCABULARY, batch=4, sentences=2, seed=1).epoch(epoch), strict=True
    ):
        assert one.ids == two.ids
        for left, right in zip(one[1:], two[1:], strict=True):
            np.testing.assert_array_equal(left, right)
            assert left.dtype == right.dtype


def test_types():
    part = Batches([example("a dog")], VOCABULARY).epoch(0)[0]
    types = {"rows": "int64", "words": "int64", "targets": "int64", "mask": "bool", "weights": "float32"}
    assert {name: getattr(part, name).dtype.name for name in types} == types
    assert part.words[0, 0].tolist() == [1, *VOCABULARY.encode(["a", "dog"])]
    assert part.targets[0, 0].tolist() == [*VOCABULARY.encode(["a", "dog"]), 2]
    assert part.mask[0].any(-1).tolist() == [True, False, False, False, False]


def test_epochs_and_seeds_differ():
    examples = [example("a dog runs", name=str(n)) for n in range(40)]
    orders = [
        [name for part in Batches(examples, VOCABULARY, batch=8, seed=seed).epoch(epoch) for name in part.ids]
        for seed, epoch in [(0, 0), (0, 1), (1, 0)]
    ]
    assert orders[0] != orders[1] != orders[2] != orders[0]
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_of_many_sentences_all_are_chosen_in_time():
    made = Batches([example(*(f"a {word}" for word in WORDS))], VOCABULARY, sentences=2)
    chosen = {tuple(ids) for epoch in range(60) for ids in made.epoch(epoch)[0].targets[0].tolist()}
    assert len(chosen) == len(WORDS)


def test_a_cut_sentence_teaches_no_end():
    part = Batches([example("a dog runs on the grass", "a dog runs", "a dog")], VOCABULARY, max_words=3).epoch(0)[0]
    cut, exact, short = part.targets[0, :3].tolist()
    assert cut == VOCABULARY.encode(["a", "dog", "runs", "on"])
    assert exact == [*VOCABULARY.encode(["a", "dog", "runs"]), 2]
    assert short == [*VOCABULARY.encode(["a", "dog"]), 2, 0]


def test_weights_act_on_how_often_a_photo_is_drawn():
    examples = [
        example("a dog", name="half", weight=0.5),
        example("a cat", name="double", weight=2),
        example("a", name="one"),
    ]
    made = Batches(examples, VOCABULARY, batch=2)
    drawn = [name for epoch in range(400) for part in made.epoch(epoch) for name in part.ids]
    assert drawn.count("double") == 800
    assert drawn.count("one") == 400
    assert drawn.count("half") == pytest.approx(200, abs=50)


def test_photos_without_a_word_are_never_drawn():
    examples = [example(name="none"), example("...", name="dots"), example("a dog", name="some")]
    assert [part.ids for part in Batches(examples, VOCABULARY).epoch(0)] == [["some"]]
    silent = Vocabulary.build([["dog"]], minimum=1, unknown=False)
    assert [part.ids for part in Batches([*examples, example("a cat")], silent).epoch(0)] == [["some"]]


def test_a_slice_is_the_rest_of_an_epoch():
    epoch = Batches([example("a dog", name=str(n)) for n in range(10)], VOCABULARY, batch=2).epoch(0)
    assert len(epoch) == 5
    assert [part.ids for part in epoch[3:]] == [epoch[3].ids, epoch[4].ids]
    assert epoch[-1].ids == epoch[4].ids
    with pytest.raises(IndexError):
        epoch[5]


def test_nothing_to_learn_from_is_an_error():
    with pytest.raises(DataError, match="none of 2 examples has a sentence to learn from and a weight above 0"):
        Batches([example("..."), example("a dog", weight=0)], VOCABULARY)


@pytest.mark.parametrize("weight", [-1, float("nan"), float("inf"), 1e300])
def test_a_weight_that_is_none_is_an_error(weight):
    with pytest.raises(DataError, match=r"example 'x' has the weight \S+; give a number from 0 to 1,000,000"):
        Batches([example("a dog", weight=weight)], VOCABULARY)


@pytest.mark.parametrize("name", ["batch", "sentences", "max_words"])
def test_sizes_below_one_are_errors(name):
    with pytest.raises(SettingsError, match=f"{name}=0: at least 1"):
        Batches([example("a dog")], VOCABULARY, **{name: 0})
