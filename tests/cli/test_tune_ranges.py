"""What --range takes: numbers between two, or values among several."""

from dataclasses import dataclass, replace

import pytest

from watchword.cli.ranges import Among, Between, idle, ranges_of
from watchword.core.errors import SettingsError
from watchword.core.settings import Count, Share
from watchword.training.settings import Captioning


@dataclass(frozen=True)
class Settings(Captioning):
    encoder: str = "plain_cnn"
    width: Count = 32
    dropout: Share = 0.5
    tied: bool = False
    cap: float | None = None


def only(text, settings=None):
    (found,) = ranges_of(settings or Settings(), [text]).values()
    return found


@pytest.mark.parametrize(
    ("text", "low", "high", "log"),
    [
        ("learning_rate=1e-4:3e-3", 1e-4, 3e-3, True),
        ("learning_rate=1e-4:9e-4", 1e-4, 9e-4, False),
        ("weight_decay=0:0.1", 0.0, 0.1, False),
        ("width=64:512", 64, 512, False),
        ("width=8:512", 8, 512, True),
        ("cap=0.5:2", 0.5, 2.0, False),
    ],
)
def test_between_two_numbers(text, low, high, log):
    found = only(text)
    assert found == Between(low, high)
    assert type(found.low) is type(low)
    assert found.log == log
    assert low in found
    assert high in found
    assert high * 2 not in found
    assert ranges_of(Settings(), [f"{text.partition('=')[0]}={found}"]) == ranges_of(Settings(), [text])


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("dropout=0.3,0.4,0.5", (0.3, 0.4, 0.5)),
        ("optimizer=adam,adamw", ("adam", "adamw")),
        ("width=64,128", (64, 128)),
        ("tied=true,False", (True, False)),
        ("cap=none,2", (None, 2.0)),
        ("encoder=plain_cnn:depth=8,size=64,alexnet", ("plain_cnn:depth=8,size=64", "alexnet")),
    ],
)
def test_among_several_values(text, choices):
    found = only(text)
    assert found == Among(choices)
    assert choices[0] in found
    assert only(f"{text.partition('=')[0]}={found}") == found


def test_what_is_usual_lies_around_the_learning_rate():
    usual = ranges_of(Settings(learning_rate=1e-3), [])
    assert usual == {"learning_rate": Between(1e-4, 3e-3), "weight_decay": Between(1e-4, 0.1)}
    assert all(searched.log for searched in usual.values())
    assert ranges_of(Settings(learning_rate=2e-2), [])["learning_rate"] == Between(2e-3, 6e-2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("learning_rate", "is not NAME=LOW:HIGH or NAME=A,B,C, as in learning_rate=1e-4:3e-3"),
        ("learning_rat=1:2", "no setting 'learning_rat' .did you mean 'learning_rate'.*there are: epochs,"),
        ("learning_rate=2:1", "learning_rate=2:1: give two numbers, the lower one first"),
        ("learning_rate=1:1", "the lower one first"),
        ("cap=0:inf", "cap=0:inf: give two numbers"),
        ("cap=none:2", "cap=none:2: give two numbers"),
        ("dropout=0:1", "dropout='1': from 0 to below 1"),
        ("width=8:x", "width='x' is not of type int"),
        ("width=0:8", "width='0': 1 or more"),
        ("width=8", "leaves nothing to choose: give two values or more, or --set width=8"),
        ("width=8,8", "names a value twice"),
        ("optimizer=adam:adamw", "one of sgd, rmsprop, adam, adamw"),
        ("momentum=0.8,0.9", r"momentum=0\.8 does nothing unless optimizer is sgd"),
        ("momentum=0:0.9", "does nothing unless optimizer is sgd"),
    ],
)
def test_mistakes_are_named(text, message):
    with pytest.raises(SettingsError, match=message):
        only(text)
    with pytest.raises(SettingsError, match=message):
        ranges_of(Settings(), ["beam=2:9", text])


def test_a_setting_has_one_range():
    with pytest.raises(SettingsError, match="--range width is given twice"):
        ranges_of(Settings(), ["width=1:2", "width=3:4"])


def test_what_needs_a_setting_may_be_searched_with_it():
    assert "momentum" in ranges_of(Settings(), ["momentum=0.8,0.9", "optimizer=sgd,adam"])
    assert only("momentum=0.8,0.9", Settings(optimizer="sgd"))
    assert idle(Settings(), "momentum")
    assert not idle(replace(Settings(), optimizer="sgd"), "momentum")
    assert not idle(Settings(), "width")
