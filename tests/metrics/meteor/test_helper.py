import numpy as np

from watchword.metrics.meteor.helper import Helper, cores
from watchword.metrics.meteor.scorer import Meteor
from watchword.metrics.scorer import Scorer

SAID = ["a dog runs", "two men are playing chess", "zebra \ud800", "", "a cat sleeps"]
REFERENCES = [["a dog is running", "the dog runs"], ["two men play chess"], ["a horse"], ["a bus"], ["the cat slept"]]


def test_two_processes_give_what_one_gives():
    alone = Scorer(REFERENCES).score(SAID)
    with Helper() as helper:
        scorer = Scorer(REFERENCES, helper=helper)
        shared = scorer.score(SAID)
        assert dict(shared) == dict(alone)
        assert list(shared) == list(alone)
        assert shared.signature == alone.signature
        for name, values in alone.per_image.items():
            np.testing.assert_array_equal(shared.per_image[name], values)
        assert scorer.score(SAID) == alone  # it works once, and is not asked again


def test_a_helper_that_dies_is_stood_in_for():
    with Helper() as helper:
        helper._process.kill()
        helper.ask(REFERENCES, SAID)
        tally = helper.tally(REFERENCES, SAID)
    np.testing.assert_array_equal(tally.rows, Meteor(REFERENCES).tally(SAID).rows)


def test_a_helper_that_is_not_needed_ends():
    with Helper() as helper:
        pass
    assert helper._process.returncode is not None


def test_there_is_a_core():
    assert cores() >= 1
