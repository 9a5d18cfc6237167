"""Pictures in, sentences out, through the tiny bundle."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import watchword
from tests.runtime import tiny
from watchword.core.errors import PictureError, SearchError
from watchword.core.types import Sentence
from watchword.runtime.captioner import Captioner

RED, GREEN, BLUE = (tiny.picture(colour) for colour in tiny.COLOURS)


def jpeg(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=95)
    return out.getvalue()


def texts(sentences):
    return [sentence.text for sentence in sentences]


def test_load_is_one_line(sealed, tmp_path):
    zipped = tiny.zip_bundle(sealed, tmp_path / "tiny.zip")
    for model in (str(zipped), zipped):
        assert texts(watchword.load(model).describe([RED])) == ["a red picture"]


def test_every_kind_of_source(captioner, tmp_path):
    (tmp_path / "blue.jpg").write_bytes(jpeg(BLUE))
    sources = [RED, Image.fromarray(GREEN), tmp_path / "blue.jpg", str(tmp_path / "blue.jpg"), jpeg(RED)]
    colours = ["red", "green", "blue", "blue", "red"]
    assert texts(captioner.describe(sources)) == [f"a {colour} picture" for colour in colours]


def test_a_sentence_has_all_its_parts(captioner):
    (sentence,) = captioner.describe([GREEN])
    assert isinstance(sentence, Sentence)
    assert sentence.words == ("a", "green", "picture")
    assert len(sentence.log_probs) == 4
    assert sentence.looked_at.shape == (3, 4)
    assert sentence.looked_at.dtype == np.float32
    np.testing.assert_allclose(sentence.looked_at.sum(1), 1, rtol=1e-5)
    assert (sentence.looked_at.argmax(1) == 0).all()  # the upper left quarter is the bright one
    assert sentence.labels[0][0] == "green"
    assert [share for _, share in sentence.labels] == sorted((share for _, share in sentence.labels), reverse=True)
    assert 0 < sentence.confidence < 1


def test_log_probabilities_are_those_of_the_decoder(captioner):
    (sentence,) = captioner.describe([RED])
    features, _ = captioner.encode(np.asarray(Image.fromarray(RED).resize((8, 8), Image.Resampling.BILINEAR))[None])
    spoken = ["<start>", *sentence.words]
    following = [*sentence.words, "<end>"]
    wanted = [
        tiny.expected(features.whole[0], word, place)[tiny.WORDS.index(following[place])]
        for place, word in enumerate(spoken)
    ]
    assert sentence.log_probs == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize("batch", [1, 2, 3, 32])
def test_the_batch_changes_nothing(captioner, batch):
    pictures = [RED, GREEN, BLUE, GREEN, RED]
    one_by_one = [captioner.describe([picture])[0] for picture in pictures]
    together = captioner.describe(pictures, batch=batch)
    assert texts(together) == texts(one_by_one)
    for one, other in zip(together, one_by_one, strict=True):
        assert one.log_probs == pytest.approx(other.log_probs, abs=1e-5)


def test_nothing_to_describe(captioner):
    assert captioner.describe([]) == []
    assert list(captioner.describe_many([])) == []


def test_n_best_are_distinct_and_sorted(captioner):
    (said,) = captioner.describe_n([RED], 3)
    assert len(set(texts(said))) == 3
    assert [s.log_prob for s in said] == sorted((s.log_prob for s in said), reverse=True)
    assert said[0] == captioner.describe([RED])[0]


def test_words_can_be_demanded(captioner):
    assert "of" in captioner.describe([RED], must_include=["of"])[0].words
    (sentence,) = captioner.describe([RED], must_include=["blue|green"])
    assert {"blue", "green"} & set(sentence.words)


def test_length_is_limited(captioner):
    assert len(captioner.describe([RED], max_words=2)[0].words) <= 2
    assert len(captioner.describe([RED], min_words=5)[0].words) >= 5


def test_samples_repeat_with_the_seed_and_differ_between_batches(captioner):
    pictures = [RED] * 8
    draws = [captioner.describe(pictures, batch=4, sample=True, temperature=3.0, seed=seed) for seed in (1, 1, 2)]
    assert texts(draws[0]) == texts(draws[1]) != texts(draws[2])
    assert texts(draws[0][:4]) != texts(draws[0][4:])


def test_a_bad_picture_is_named(captioner):
    with pytest.raises(PictureError, match=r"picture 2 of 3: .*'nowhere\.jpg' does not exist"):
        captioner.describe([RED, "nowhere.jpg", GREEN])


def test_the_only_picture_is_not_counted(captioner):
    with pytest.raises(PictureError, match=r"^'nowhere\.jpg' does not exist"):
        captioner.describe(["nowhere.jpg"])


def test_a_bad_picture_of_unknown_many_is_named(captioner):
    with pytest.raises(PictureError, match=r"^picture 2: 'nowhere\.jpg' does not exist"):
        captioner.describe(picture for picture in (RED, "nowhere.jpg", GREEN))


@pytest.mark.parametrize(
    "picture",
    ["photo.jpg", Path("photo.jpg"), b"bytes", RED, RED[:, :, 0], Image.fromarray(RED)],
    ids=["name", "path", "bytes", "colours", "greys", "PIL"],
)
@pytest.mark.parametrize("method", ["describe", "describe_many"])
def test_a_single_picture_is_not_taken_for_a_list(captioner, method, picture):
    with pytest.raises(TypeError, match=r"put a single one in a list: describe\(\[picture\]\)"):
        getattr(captioner, method)(picture)


def test_pictures_may_come_as_one_array(captioner):
    assert texts(captioner.describe(np.stack([RED, BLUE]))) == ["a red picture", "a blue picture"]


@pytest.mark.parametrize(("method", "instead"), [("describe", "describe_n"), ("describe_many", "describe_many_n")])
def test_who_wants_more_sentences_is_told_where(captioner, method, instead):
    with pytest.raises(TypeError, match=rf"for more: {instead}\(images, n\)"):
        getattr(captioner, method)([RED], n=3)


def test_half_a_beam_is_refused(captioner):
    with pytest.raises(TypeError, match=r"beam=2\.5 is of type float; give a whole number"):
        captioner.describe([RED], beam=2.5)


@pytest.mark.parametrize("arguments", [{"beam": 0}, {"batch": 0}, {"must_include": ["zebra"]}, {"temperature": 0.0}])
def test_arguments_that_make_no_sense_are_refused_before_any_work(captioner, arguments):
    def never():
        raise AssertionError("a source was asked for")
        yield

    with pytest.raises(SearchError):
        captioner.describe_many(never(), **arguments)


def test_describe_many_keeps_order_and_survives_bad_files(captioner, tmp_path):
    sources = [RED, b"broken", GREEN, tmp_path / "absent.png", b"", BLUE]
    rows = list(captioner.describe_many(iter(sources), batch=2))
    assert [source is given for (source, _), given in zip(rows, sources, strict=True)] == [True] * 6
    said = [said if isinstance(said, PictureError) else said.text for _, said in rows]
    assert [said[0], said[2], said[5]] == ["a red picture", "a green picture", "a blue picture"]
    assert all(isinstance(said[place], PictureError) for place in (1, 3, 4))


def test_a_batch_of_bad_files_only(captioner):
    rows = list(captioner.describe_many([b"x", b"y", RED], batch=2))
    assert isinstance(rows[0][1], PictureError)
    assert isinstance(rows[1][1], PictureError)
    assert rows[2][1].text == "a red picture"


def test_describe_many_n_gives_lists(captioner):
    rows = list(captioner.describe_many_n([RED, b"broken"], 2))
    assert [sentence.words for sentence in rows[0][1]] == [s.words for s in captioner.describe_n([RED], 2)[0]]
    assert isinstance(rows[1][1], PictureError)


def test_without_calibration_there_is_no_confidence(sealed, tmp_path):
    folder = shutil.copytree(sealed, tmp_path / "bare")
    tiny.seal(folder, calibration=None, labels=None)
    (sentence,) = Captioner.load(folder).describe([RED])
    assert sentence.confidence is None
    assert sentence.labels == ()
