"""A matcher as Python opens it."""

import numpy as np
import pytest

import watchword
from tests.runtime import tiny, tiny_matcher
from watchword.core.errors import BundleError, DataError
from watchword.runtime.captioner import Captioner
from watchword.runtime.match_calibration import Calibration
from watchword.runtime.matcher import Matcher


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_matcher.write_bundle(tmp_path_factory.mktemp("bundle") / "matcher")


def test_load_gives_what_the_bundle_is(folder, sealed):
    assert isinstance(watchword.load(folder), Matcher)
    assert isinstance(watchword.load(str(folder)), Matcher)
    assert isinstance(watchword.load(sealed), Captioner)
    with pytest.raises(BundleError, match="of kind 'matcher', not 'captioner'"):
        watchword.load([folder, sealed])
    with pytest.raises(BundleError, match="no model 'nowhere'"):
        watchword.load("nowhere")
    for given in (None, 7, {"small": 1}, b"small", [7], [None], range(2)):
        with pytest.raises(BundleError, match=r"is no model: give a name, as in load\('small'\)"):
            watchword.load(given)
    with pytest.raises(AttributeError, match="no attribute 'lead'"):
        watchword.lead  # noqa: B018


def test_align_names_the_part_of_each_run_of_words(folder):
    picture = tiny.picture("red")
    picture[16:, 16:] = (0, 0, 255)
    red, blue = watchword.load(folder).align(picture, "red blue")
    assert (red.text, red.box) == ("red", (0, 0, 0.5, 0.5))
    assert (blue.text, blue.box) == ("blue", (0.5, 0.5, 1, 1))
    assert blue.similarity > 0.6
    (both,) = watchword.load(folder).align(picture, "red blue", beta=9.0)
    assert both.text == "red blue"
    with pytest.raises(DataError, match="has no word to look for"):
        watchword.load(folder).align(picture, "...")


OF_PHOTO = {"per_word": 2.0, "words": 0.5, "bias": -1.0, "rarity": 0.0, "hubness": 0.0, "least": 0.25}


def test_what_is_no_sentence_is_said_to_be_none(folder):
    matcher = watchword.load(folder)
    with pytest.raises(DataError, match="3 is no text; give a sentence"):
        matcher.align(tiny.picture("red"), 3)


def test_what_a_bundle_knows_of_single_photos_is_read(tmp_path):
    given = {**tiny_matcher.CALIBRATION, "photo": OF_PHOTO}
    found = Matcher(tiny_matcher.write_bundle(tmp_path / "bundle", calibration=given)).calibration
    assert found.photo.least == 0.25
    assert found.of_photo(3.0, 2) == pytest.approx(1 / (1 + np.exp(-(2.0 * 1.5 + 0.5 * 2 - 1.0))))
    absent = {**tiny_matcher.CALIBRATION, "photo": None}
    assert (
        Matcher(tiny_matcher.write_bundle(tmp_path / "absent", calibration=absent)).calibration.of_photo(3.0, 2) is None
    )


def test_the_calibration_is_of_the_bundle(folder, tmp_path):
    found = Matcher(folder).calibration
    assert (found.per_word, found.bias, found.least) == (20.0, -4.0, 0.5)
    assert found.probability(0.4, 2) == pytest.approx(0.5)
    averaged = Matcher(tiny_matcher.write_bundle(tmp_path / "mean", averaged=True)).calibration
    assert averaged.probability(0.2, 2) == pytest.approx(0.5)
    assert Matcher(tiny_matcher.write_bundle(tmp_path / "none", calibration=None)).calibration is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"least": 1.5}, r"'least' in .* is 1.5; it is from 0 to 1"),
        ({"photo": [1]}, r"'photo' in .*calibration.* is '\[1\]'; it is to be an object"),
        ({"photo": {"per_word": 1.0}}, r"'photo' in .*calibration.* has no 'words' \(a number\)"),
        ({"photo": {**OF_PHOTO, "least": 2.0}}, r"'least' in 'photo' in .* is 2.0; it is from 0 to 1"),
        ({"photo": {**OF_PHOTO, "bias": "much"}}, r"'bias' in 'photo' in .* is 'much'; it is to be a number"),
        ({"bias": "much"}, r"'bias' in .*calibration.* is 'much'; it is to be a number"),
        ({"photos": None}, r"has no 'photos' \(a number\)"),
    ],
)
def test_a_calibration_that_is_none(tmp_path, change, message):
    bundle = tiny_matcher.write_bundle(tmp_path / "bundle", calibration={**tiny_matcher.CALIBRATION, **change})
    with pytest.raises(BundleError, match=message):
        Matcher(bundle)


def test_more_photos_make_chance_likelier():
    found = Calibration(1.0, 0.0, 0.0, photos=-0.5)
    assert found.probability(1.0, 1, 10) > found.probability(1.0, 1, 1000)
    assert found.probability(1.0, 1, 0) == found.probability(1.0, 1, 1) == pytest.approx(1 / (1 + np.exp(-1)))


def test_a_long_sentence_is_read_up_to_where_the_bundle_reads(folder):
    short, long = watchword.load(folder).read(["red blue", "red blue " * 5])
    assert (short.words, short.unread) == (("red", "blue"), ())
    assert (long.words, long.unread, long.vectors.shape) == (("red", "blue") * 4, ("red", "blue"), (8, 3))
