"""Several models at once, through tiny bundles."""

import numpy as np
import onnx
import pytest

import watchword
from tests.runtime import tiny
from watchword.core.errors import BundleError, SearchError
from watchword.data.played import Playing
from watchword.runtime.captioner import Captioner
from watchword.runtime.pipeline import decoded_batches
from watchword.runtime.together import Beside, Together, load

tiny_table = tiny.table
RED, GREEN, BLUE = (tiny.picture(colour) for colour in tiny.COLOURS)


def otherwise():
    """Return the tiny bundle's table, with noise."""
    return (tiny_table() + np.random.default_rng(1).normal(0, 1, (len(tiny.WORDS),) * 2)).astype(np.float32)


@pytest.fixture
def other(tmp_path, monkeypatch):
    """A bundle whose decoder differs; encoder and vocabulary are those of `sealed`."""
    with monkeypatch.context() as patch:
        patch.setattr(tiny, "table", otherwise)
        return tiny.write_bundle(tmp_path / "other")


def scored(table, monkeypatch, whole, words):
    """Return the log-probability of each of `words` after those before it, then of the end, by one table."""
    with monkeypatch.context() as patch:
        patch.setattr(tiny, "table", table)
        spoken = ["<start>", *words]
        rows = [tiny.expected(whole, word, place) for place, word in enumerate(spoken)]
    return np.array([row[tiny.WORDS.index(word)] for row, word in zip(rows, [*words, "<end>"], strict=True)])


@pytest.mark.parametrize("mean", ["probabilities", "log_probabilities"])
def test_words_have_the_mean_of_what_the_members_think(sealed, other, captioner, monkeypatch, mean):
    together = load([sealed, other], mean)
    (sentence,) = together.describe([RED])
    [[(_, pixels)]] = decoded_batches([RED], tiny.SIZE, 1, 1)
    whole = captioner.encode(pixels[None])[0].whole[0]
    each = [scored(table, monkeypatch, whole, sentence.words) for table in (tiny_table, otherwise)]
    if mean == "probabilities":
        np.testing.assert_allclose(sentence.log_probs, np.log(np.exp(each).mean(0)), atol=1e-4)
    else:
        assert (np.array(sentence.log_probs) >= np.mean(each, 0) - 1e-4).all()  # before they are made to sum to one


def test_a_list_of_models_is_one_model(sealed, other):
    together = watchword.load([sealed, other])
    assert isinstance(together, Together)
    assert together.name == f"{sealed}+{other}"
    sentences = together.describe([RED, GREEN, BLUE])
    assert [one.labels[0][0] for one in sentences] == list(tiny.COLOURS)
    assert [one.confidence for one in sentences] == [None] * 3  # no calibration was fitted to the mean
    assert [one.looked_at.shape for one in sentences] == [(len(one.words), 4) for one in sentences]


def test_the_same_model_twice_says_what_it_says_alone(sealed, captioner):
    twice = watchword.load([sealed, sealed])
    for mine, theirs in zip(twice.describe([RED, GREEN, BLUE]), captioner.describe([RED, GREEN, BLUE]), strict=True):
        assert mine.text == theirs.text
        assert mine.log_probs == pytest.approx(theirs.log_probs, abs=1e-4)
        np.testing.assert_allclose(mine.looked_at, theirs.looked_at, atol=1e-5)


def test_every_way_to_describe_works_together(sealed, other):
    together = watchword.load([sealed, other])
    assert all("green" in one.words for one in together.describe([RED, BLUE], must_include=["green"], beam=4))
    assert len(together.describe_n([RED], 4)[0]) == 4
    assert together.describe([RED], sample=True, seed=1) == together.describe([RED], sample=True, seed=1)


def test_an_encoder_that_members_share_looks_once(sealed, other, monkeypatch):
    together, looked = watchword.load([sealed, other]), []
    for member in together.members:
        encode = member.encode
        counting = lambda *given, encode=encode: (looked.append(1), encode(*given))[1]  # noqa: E731
        monkeypatch.setattr(member, "encode", counting)
    together.describe([RED, GREEN])
    assert len(looked) == 1


def test_members_with_encoders_of_their_own_see_for_themselves(sealed, tmp_path):
    folder = tiny.write_bundle(tmp_path / "mirrored")
    encoder = onnx.load(folder / "encoder.onnx")
    encoder.graph.node[2].attribute[0].ints[:] = [0, 3, 2, 1]  # rows for columns
    onnx.save(encoder, folder / "encoder.onnx")
    tiny.seal(folder)
    together = watchword.load([sealed, folder])
    _, features, _ = together.look(np.zeros((1, tiny.SIZE, tiny.SIZE, 3), np.uint8))
    assert features.cells.shape == (1, 4, 3)
    assert [one.text for one in together.describe([RED, BLUE])] == ["a red picture", "a blue picture"]


def test_models_of_other_words_are_refused(sealed, tmp_path):
    folder = tiny.write_bundle(tmp_path / "strange")
    words = [*tiny.WORDS[:-1], "zebra"]
    (folder / "vocabulary.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    tiny.seal(folder)
    complaint = (
        r"tiny' and '.*strange' cannot describe together: their vocabularies differ \(12 and 12 words; only the first "
        r"knows 'bright'; only the second knows 'zebra'\); train both on the same data"
    )
    with pytest.raises(BundleError, match=complaint):
        watchword.load([sealed, folder])
    words = [*tiny.WORDS[:4], *reversed(tiny.WORDS[4:])]
    (folder / "vocabulary.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    tiny.seal(folder)
    with pytest.raises(BundleError, match="12 and 12 words; in another order"):
        watchword.load([sealed, folder])


def test_models_of_other_pictures_are_refused(sealed, tmp_path):
    folder = tiny.write_bundle(tmp_path / "large", preprocessing={"size": 16, "resize": "squash", "mode": "RGB"})
    with pytest.raises(BundleError, match="take pictures of 8 and 16 pixels; choose models whose encoders"):
        watchword.load([sealed, folder])


def test_regions_are_looked_at_as_whoever_learnt_them_did(sealed, tmp_path):
    pooled, cropped = (tiny.write_bundle(tmp_path / way, regions=way) for way in ("pooled", "cropped"))
    assert watchword.load([sealed, pooled]).manifest.regions == "pooled"
    assert watchword.load([cropped, sealed]).manifest.regions == "cropped"
    for several in ([pooled, cropped], [sealed, pooled, cropped], [cropped, sealed, pooled]):
        with pytest.raises(
            BundleError, match=r"learnt regions (pooled|cropped) and .*so they cannot describe together"
        ):
            watchword.load(several)


def test_no_model_at_all_is_refused():
    with pytest.raises(SearchError, match="an ensemble of no models"):
        watchword.load([])


def test_one_model_in_a_list_is_fine(sealed):
    assert watchword.load([sealed]).describe([RED])[0].text == "a red picture"
    assert isinstance(load(sealed), Captioner)


def test_a_member_counts_as_much_as_its_weight(sealed, other, captioner):
    alone = captioner.describe([RED, GREEN, BLUE])
    weighed = load([sealed, other], weights=[1, 0])
    assert weighed.weights == [1, 0]
    assert [one.text for one in weighed.describe([RED, GREEN, BLUE])] == [one.text for one in alone]
    back = weighed.weighed([1, 3])
    assert back.weights == [0.25, 0.75]
    assert back.describe([RED])[0].log_probs != load([sealed, other]).describe([RED])[0].log_probs
    with pytest.raises(SearchError, match="weights 1:2:3 for 2 models"):
        load([sealed, other], weights=[1, 2, 3])


def test_each_member_is_shown_clips_in_its_own_way():
    """What is decoded for all is one array, and each gets its own part of it."""
    many, few = Playing(3), Playing(2)
    beside = Beside([many, few, many])
    assert beside.several
    clip = np.arange(6, dtype=np.uint8)[:, None, None, None].repeat(4, 1).repeat(4, 2).repeat(3, 3)
    pixels = np.stack([beside(clip, 4)] * 2)
    assert pixels.shape == (2, 5, 4, 4, 3)
    np.testing.assert_array_equal(beside.part(pixels, many)[1], many(clip, 4))
    np.testing.assert_array_equal(beside.part(pixels, few)[0], few(clip, 4))
    assert not Beside([many, many]).several
    assert Beside([None, None]).part(pixels, None) is pixels
