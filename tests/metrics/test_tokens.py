import json
import os
import shutil
from pathlib import Path

import pytest

from watchword.metrics.tokens import tokenize_plain

# What the published tokeniser gives for each (alone in a file, a sentence after it).
PROBES = {
    "A man's dog , a \"good\" one , can't swim .": "a man 's dog a good one ca n't swim",
    "don’t": "do n't",
    "I cannot, gonna, wanna": "i can not gon na wan na",
    "they'll've we're": "they 'll 've we 're",
    "SHE'S here": "she 's here",
    "isn't wasn't won't": "is n't was n't wo n't",
    "dogs' toys": "dogs toys",
    "y'all o'clock 'tis 'Twas": "y' all o'clock 't is 't was",
    "rock 'n' roll": "rock 'n' roll",
    "the '80s, '90s": "the '80s '90s",
    "Hawai'i and O'Brien": "hawai'i and o'brien",
    "U.S. flag at 9 a.m. sharp": "u.s. flag at 9 a.m. sharp",
    "Mr. Smith of 5th Ave. etc. stands": "mr. smith of 5th ave. etc. stands",
    "wannabe Stan. sat. twas": "wannabe stan sat twas",
    "Ill. and ill. people": "ill. and ill people",
    "No. 5 is no.": "no. 5 is no",
    "10:30am 1,000 50% 3D 22 3/4 st": "10:30 am 1,000 50 % 3d 22\u00a03/4 st",
    "t-shirt a_b pre- and": "t-shirt a_b pre and",
    "and/or w/ a shower/tub/sink": "and/or w / a shower/tub/sink",
    "AT&T a&b": "at&t a & b",
    "dog.The man...runs": "dog.the man runs",
    "a--b a–b a…b ----- ?! what??": "a b a b a b ----- ?! what ??",
    "a man (left) [right] {up}": "a man -lrb- left -rrb- -lsb- right -rsb- -lcb- up -rcb-",
    "café 日本語": "café 日本語",
    "": "",
    " \n\t ": "",
    ". , !": "",
}


@pytest.mark.parametrize(("sentence", "words"), PROBES.items())
def test_words_are_those_of_the_published_tokeniser(sentence, words):
    assert tokenize_plain(sentence) == words


def test_tokenising_what_is_tokenised_changes_no_ordinary_sentence():
    once = tokenize_plain("Two men don't play near the dog's house.")
    assert tokenize_plain(once.replace(" n't", "n't").replace(" 's", "'s")) == once


def test_a_very_long_line_is_no_trouble():
    assert tokenize_plain("a-" + "b" * 20_000 + " " + "aei" * 20_000).count(" ") == 1


@pytest.mark.data
@pytest.mark.skipif(not os.environ.get("WATCHWORD_DATA"), reason="WATCHWORD_DATA names no data folder")
@pytest.mark.skipif(not shutil.which("java"), reason="needs Java")
@pytest.mark.parametrize(("dataset", "sentences"), [("flickr8k", 35_000), ("ucm_captions", 9_450), ("coco", 2_052)])
def test_no_sentence_of_the_data_sets_differs(dataset, sentences):
    pytest.importorskip("pycocoevalcap")
    from watchword.metrics.java import tokenize_ptb

    listing = json.loads(Path(os.environ["WATCHWORD_DATA"], dataset, "dataset.json").read_text())
    raw = [sentence["raw"] for photo in listing["images"] for sentence in photo["sentences"]]
    assert len(raw) == sentences
    assert list(map(tokenize_plain, raw)) == tokenize_ptb(raw)
