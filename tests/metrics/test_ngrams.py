from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from watchword.metrics.ngrams import ORDERS, NgramIndex

sentences = st.lists(st.lists(st.sampled_from("abcd"), max_size=7), max_size=6)


def naive(words):
    return Counter(tuple(words[i : i + n]) for n in range(1, ORDERS + 1) for i in range(len(words) - n + 1))


@settings(deadline=None)
@given(sentences, sentences)
def test_counts_are_those_of_a_naive_count(known, others):
    index = NgramIndex(known)
    for rows, given_sentences in ((index.count(known), known), (index.count(others), others)):
        expected = [
            (s, len(ngram) - 1, n) for s, words in enumerate(given_sentences) for ngram, n in naive(words).items()
        ]
        got = zip(rows.sentences.tolist(), rows.orders.tolist(), rows.counts.tolist(), strict=True)
        assert sorted(got) == sorted(expected)


@settings(deadline=None)
@given(sentences, sentences)
def test_two_codes_are_equal_only_for_equal_ngrams(known, others):
    index = NgramIndex(known)
    rows = index.count(known + others)
    pairs = set(zip(rows.sentences.tolist(), rows.codes.tolist(), strict=True))
    every = [naive(words) for words in known + others]
    by_code = Counter(code for _, code in pairs)
    by_ngram = Counter(ngram for counts in every for ngram in counts)
    assert sorted(by_code.values()) == sorted(by_ngram.values())


@settings(deadline=None)
@given(sentences, sentences)
def test_known_ngrams_keep_their_codes(known, others):
    index = NgramIndex(known)
    again = index.count(known + others)
    head = again.sentences < len(known)
    assert np.array_equal(again.codes[head], index.count(known).codes)
    assert np.array_equal(again.counts[head], index.count(known).counts)


def test_rows_run_by_sentence_and_unknown_words_get_codes_past_the_known():
    index = NgramIndex([["a", "b"]])
    rows = index.count([["b", "zebra", "zebra"], ["a"]])
    assert (np.diff(rows.sentences) >= 0).all()
    assert sorted(rows.counts[(rows.sentences == 0) & (rows.orders == 0)].tolist()) == [1, 2]
    assert set(rows.codes[rows.orders == 1].tolist()).isdisjoint(index.count([["a", "b"]]).codes.tolist())


def test_no_sentences_and_empty_sentences_have_no_rows():
    assert len(NgramIndex([]).count([]).counts) == 0
    assert len(NgramIndex([[], []]).count([["a"], []]).counts) == 1
