import numpy as np

from watchword.generation.trellis import Trellis


def grown(looked=False):
    """Return a trellis of two photos: three steps of one, two and three slots."""
    trellis = Trellis(2)
    attention = [np.arange(2 * slots * 2, dtype=np.float32).reshape(2, slots, 2) for slots in (1, 1, 2)]
    steps = [
        ([[4], [5]], [[0], [0]]),
        ([[6, 7], [8, 9]], [[0, 0], [0, 0]]),
        ([[10, 11, 12], [13, 14, 15]], [[1, 0, 1], [0, 0, 1]]),
    ]
    for (words, parents), weights in zip(steps, attention, strict=True):
        words = np.array(words)
        trellis.add(words, -words.astype(np.float32), np.array(parents), weights if looked else None)
    return trellis


def test_a_sentence_is_read_back_through_its_parents():
    words, log_probs, looked = grown().trace(np.full((2, 2), 3), np.array([[0, 1], [1, 2]]))
    assert words.tolist() == [[[4, 7, 10], [4, 6, 11]], [[5, 8, 14], [5, 9, 15]]]
    assert (log_probs == -words).all()
    assert looked is None


def test_shorter_sentences_start_where_they_stood():
    words, _, _ = grown().trace(np.array([[2, 1], [0, 2]]), np.array([[1, 0], [0, 0]]))
    assert [words[0, 0, :2].tolist(), words[0, 1, :1].tolist(), words[1, 1, :2].tolist()] == [[4, 7], [4], [5, 8]]


def test_attention_is_that_of_the_parent():
    _, _, looked = grown(looked=True).trace(np.array([[3], [3]]), np.array([[0], [2]]))
    assert looked[0, 0].tolist() == [[0, 1], [0, 1], [2, 3]]  # the third word followed slot 1
    assert looked[1, 0].tolist() == [[2, 3], [2, 3], [6, 7]]


def test_histories_are_the_words_behind_each_slot():
    assert grown().histories()[0].tolist() == [[4, 7, 10], [4, 6, 11], [4, 7, 12]]


def test_before_the_first_step_there_is_one_empty_history():
    assert Trellis(3).histories().shape == (3, 1, 0)
