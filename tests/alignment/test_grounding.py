import numpy as np

from watchword.alignment.grounding import by_best_word, by_majority, by_sum

ALIKE = np.array([[9, 0, 0], [0, 3, 2], [0, 0, 2], [0, 0.5, 0]])


def test_the_words_of_the_phrase_alone_count():
    assert by_sum(ALIKE, slice(0, 1)) == 0
    assert by_sum(ALIKE, slice(1, 3)) == 2  # 4, beside 3
    assert by_best_word(ALIKE, slice(1, 3)) == 1  # 3, beside 2
    assert by_sum(ALIKE, slice(1, 4)) == 2
    assert by_best_word(ALIKE, slice(3, 4)) == 1


def test_most_words_decide_and_of_as_many_the_fit():
    assert by_majority(ALIKE, np.array([0, 1, 1, 2]), slice(1, 4)) == 1
    assert by_majority(ALIKE, np.array([0, 1, 2, 0]), slice(1, 3)) == 2  # one each; region 2 fits both better
    assert by_majority(ALIKE, np.array([0, 0, 0, 1]), slice(1, 3)) == 0  # though nothing of it fits


def test_as_plain_loops_say():
    random = np.random.default_rng(0)
    for _ in range(200):
        words, regions = random.integers(1, 9), random.integers(1, 6)
        alike, alignment = random.normal(size=(words, regions)), random.integers(0, regions, words)
        first = int(random.integers(0, words))
        end = int(random.integers(first + 1, words + 1))
        said = range(first, end)
        fits = [sum(alike[t, r] for t in said) for r in range(regions)]
        votes = [sum(alignment[t] == r for t in said) for r in range(regions)]
        phrase = slice(first, end)
        assert by_sum(alike, phrase) == max(range(regions), key=lambda r: fits[r])
        assert by_best_word(alike, phrase) == max(range(regions), key=lambda r: max(alike[t, r] for t in said))
        assert by_majority(alike, alignment, phrase) == max(range(regions), key=lambda r: (votes[r], fits[r]))
