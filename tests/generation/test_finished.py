import numpy as np

from watchword.generation.finished import Finished

NOTHING = -np.inf


def add(finished, scores, count):
    scores = np.array(scores)
    finished.add(scores, count, np.broadcast_to(np.arange(scores.shape[1]), scores.shape), scores.astype(np.float32))


def test_the_best_of_all_offers_are_kept_in_order():
    finished = Finished(2, 2)
    add(finished, [[-3.0, NOTHING, -5.0], [NOTHING, NOTHING, -1.0]], 1)
    add(finished, [[-4.0], [-0.5]], 2)
    assert finished.scores.tolist() == [[-3.0, -4.0], [-0.5, -1.0]]
    assert finished.counts.tolist() == [[1, 2], [2, 1]]
    assert finished.slots.tolist() == [[0, 0], [0, 2]]
    assert finished.ends.tolist() == [[-3.0, -4.0], [-0.5, -1.0]]


def test_of_equal_scores_the_first_stays_in_front():
    finished = Finished(1, 1)
    add(finished, [[-3.0]], 1)
    add(finished, [[-3.0]], 2)
    assert finished.counts.tolist() == [[1]]


def test_nothing_changes_once_the_last_kept_is_out_of_reach():
    finished = Finished(3, 2)
    add(finished, [[-3.0, -4.0], [-3.0, -4.0], [-3.0, NOTHING]], 1)
    assert finished.cannot_change(np.array([-4.0, -3.9, -100.0])).tolist() == [True, False, False]
