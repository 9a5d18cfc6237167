from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from watchword.core.errors import SettingsError, UnknownName, WatchwordError
from watchword.core.registry import Registry
from watchword.core.settings import Amount, Count, Needs, Range, Rate, Share, override


@dataclass(frozen=True)
class Settings:
    width: int = 8
    rate: float = 0.1
    tied: bool = False
    kind: Literal["dot", "additive"] = "dot"
    limit: int | None = 3
    name: str = "a"


def test_each_type_is_read():
    given = override(Settings(), ["width=16", "rate=1e-3", "tied=true", "kind=additive", "limit=none", "name=x=y"])
    assert given == Settings(16, 1e-3, True, "additive", None, "x=y")


def test_nothing_given_changes_nothing():
    assert override(Settings(), []) == Settings()


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("widht=3", r"no setting 'widht' \(did you mean 'width'\?\); there are: width, rate"),
        ("width", "'width' is not name=value"),
        ("width=1.5", "width='1.5' is not of type int"),
        ("rate=fast", "rate='fast' is not of type float"),
        ("tied=yes", "tied='yes': true or false"),
        ("kind=dott", r"kind='dott' \(did you mean 'dot'\?\): one of dot, additive"),
        ("limit=x", "limit='x' is not of type int"),
    ],
)
def test_errors_say_what_is_allowed(assignment, message):
    with pytest.raises(SettingsError, match=message):
        override(Settings(), [assignment])


@dataclass(frozen=True)
class Bounded:
    epochs: Count = 5
    seed: Amount = 0
    dropout: Share = 0.5
    optimizer: Literal["sgd", "adam"] = "adam"
    momentum: Annotated[Share, Needs("optimizer", ("sgd",))] = 0.9
    keep: Annotated[float, Needs("dropout")] = 0.0
    rate: Rate = 1.0
    mixed: Annotated[float, Range(0, 1)] = 1.0


def test_what_is_inside_its_range_is_taken():
    given = override(Bounded(), ["epochs=1", "seed=0", "dropout=0.99", "optimizer=sgd", "momentum=0.5", "keep=2"])
    assert given == Bounded(1, 0, 0.99, "sgd", 0.5, 2.0)


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("epochs=0", "epochs='0': 1 or more"),
        ("seed=-1", "seed='-1': 0 or more"),
        ("dropout=1", "dropout='1': from 0 to below 1"),
        ("dropout=1.5", "dropout='1.5': from 0 to below 1"),
        ("dropout=nan", "dropout='nan': from 0 to below 1"),
        ("mixed=1.01", "mixed='1.01': from 0 to 1$"),
        ("dropout=two", "dropout='two' is not of type float"),
    ],
)
def test_what_is_outside_its_range_is_refused(assignment, message):
    with pytest.raises(SettingsError, match=message):
        override(Bounded(), [assignment])


def test_infinite_is_not_in_a_range_without_an_end():
    with pytest.raises(SettingsError, match="rate='inf': 0 or more, and finite"):
        override(Bounded(), ["rate=inf"])


def test_a_setting_that_would_do_nothing_is_refused():
    with pytest.raises(SettingsError, match=r"momentum=0\.5 does nothing unless optimizer is sgd"):
        override(Bounded(), ["momentum=0.5"])
    with pytest.raises(SettingsError, match=r"keep=1\.0 does nothing unless dropout is above 0"):
        override(Bounded(), ["keep=1", "dropout=0"])
    assert override(Bounded(dropout=0.0), ["keep=0"]).keep == 0.0  # switching off what is off is no mistake
    assert override(Bounded(), ["epochs=2"]).momentum == 0.9  # nor is a default


def test_a_registry_gives_back_what_was_added():
    things: Registry[int] = Registry("thing")
    things.add("two")(2)
    things.add("one")(1)
    assert (list(things), things["one"], len(things)) == (["one", "two"], 1, 2)


def test_a_registry_suggests_the_nearest_name():
    things: Registry[int] = Registry("thing")
    things.add("show_tell")(1)
    with pytest.raises(
        UnknownName, match=r"no thing named 'show_tel' \(did you mean 'show_tell'\?\); there are: show_tell"
    ):
        things["show_tel"]
    assert issubclass(UnknownName, WatchwordError)


def test_a_name_is_given_once():
    things: Registry[int] = Registry("thing")
    things.add("one")(1)
    with pytest.raises(ValueError, match="thing 'one' is registered twice"):
        things.add("one")(2)
