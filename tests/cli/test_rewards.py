import numpy as np
import pytest

from watchword.cli.rewards import CiderReward
from watchword.core.types import Example
from watchword.data.vocabulary import END, Vocabulary
from watchword.metrics.cider import Cider

PEOPLE = [
    ["a dog runs in the snow", "a brown dog in snow"],
    ["a boy kicks a ball", "the boy plays with a ball"],
    ["two men ride a boat", "men in a red boat"],
]
EXAMPLES = [Example(f"{i}.jpg", None, tuple(said), "train") for i, said in enumerate(PEOPLE)]
WORDS = Vocabulary.build([text.split() for said in PEOPLE for text in said], minimum=1)
DRAWN = [["a dog in the snow", "a boy in a boat"], ["a boy kicks a ball", "a dog"], ["men in a boat", "a ball in snow"]]
IDS = [[WORDS.encode(text.split()) for text in photo] for photo in DRAWN]


def naive(contrast: float, rows: list[int]) -> np.ndarray:
    """Each sentence alone against each photo's references."""
    cider = Cider([[f"{text} {END}" for text in said] for said in PEOPLE])
    table = np.array([[[cider.scores([f"{t} {END}"], [r])[0] for t in photo] for photo in DRAWN] for r in range(3)])
    return np.array(
        [table[r, b] - contrast * np.mean([table[o, b] for o in rows if o != r], 0) for b, r in enumerate(rows)]
    )


@pytest.mark.parametrize("contrast", [0.0, 0.5, 2.0])
def test_the_reward_is_the_score_less_that_for_the_other_photos(contrast: float) -> None:
    reward = CiderReward(EXAMPLES, WORDS, max_words=20, contrast=contrast, habits=0.0)
    rows = [2, 0, 1]
    assert reward(np.array(rows), IDS) == pytest.approx(naive(contrast, rows))


def test_a_sentence_that_fits_every_photo_earns_less_with_contrast() -> None:
    plain, keen = (CiderReward(EXAMPLES, WORDS, max_words=20, contrast=c, habits=0.0) for c in (0.0, 1.0))
    common, telling = [WORDS.encode(text.split()) for text in ("a boat in the snow", "two men ride")]
    lost = plain(np.arange(3), [[common, telling]] * 3) - keen(np.arange(3), [[common, telling]] * 3)
    assert lost[2, 0] > lost[2, 1]


def test_a_single_photo_has_no_others_to_be_held_against() -> None:
    one = np.array([0])
    rewards = [CiderReward(EXAMPLES, WORDS, max_words=20, contrast=c, habits=0.0)(one, IDS[:1]) for c in (0.0, 3.0)]
    assert rewards[0].tolist() == rewards[1].tolist()
    assert rewards[0][0, 0] > rewards[0][0, 1]


def test_a_photo_that_is_in_the_batch_twice_is_not_held_against_itself() -> None:
    rows = np.array([0, 1, 0])
    drawn = [IDS[0], IDS[1], IDS[0]]
    contrasted = CiderReward(EXAMPLES, WORDS, max_words=20, contrast=1.0, habits=0.0)
    twice, once = contrasted(rows, drawn), contrasted(rows[:2], drawn[:2])
    assert twice == pytest.approx(once[[0, 1, 0]])
    alone = contrasted(np.array([0, 0]), [IDS[0], IDS[0]])
    assert alone == pytest.approx(
        CiderReward(EXAMPLES, WORDS, max_words=20, contrast=0.0, habits=0.0)(np.array([0, 0]), [IDS[0]] * 2)
    )


def test_a_sentence_that_was_cut_earns_no_end() -> None:
    words = WORDS.encode(PEOPLE[0][0].split())
    cut, whole = (  # the end lies at the sixth place
        CiderReward(EXAMPLES, WORDS, max_words=longest, contrast=0, habits=0)(np.array([0]), [[words]])[0, 0]
        for longest in (5, 6)
    )
    assert cut < whole


def test_what_is_said_of_every_photo_is_a_habit_that_costs() -> None:
    said = [WORDS.encode(["a", "dog", "runs", "in", "the", "snow"]), WORDS.encode(["a", "boy"])]
    plain, dear = (CiderReward(EXAMPLES, WORDS, max_words=20, contrast=0.0, habits=h) for h in (0.0, 0.6))
    lost = plain(np.arange(3), [said] * 3) - dear(np.arange(3), [said] * 3)
    # Said of three photos, where people say it of one: 1 - (1 + 1) / 3 too often.
    assert lost[:, 0] == pytest.approx([0.6 / 3] * 3)
    assert lost[:, 1] == pytest.approx([0.0] * 3)
