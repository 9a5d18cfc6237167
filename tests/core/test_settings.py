from dataclasses import dataclass
from typing import Literal

import pytest

from watchword.core.errors import SettingsError, UnknownName, WatchwordError
from watchword.core.registry import Registry
from watchword.core.settings import override


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
