"""Where a setting is looked for: `--range NAME=LOW:HIGH`, or `--range NAME=A,B,C`."""

import math
import re
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from watchword.core.errors import SettingsError, suggestion
from watchword.core.settings import Needs, override, parse
from watchword.training.settings import Learning

if TYPE_CHECKING:
    from optuna.trial import Trial

WIDE = 10  # how many times its lower end the upper end of a range is where it is searched on a logarithmic scale
DIGITS = 4  # that a number has which is tried, so that people can read and type it
FORMS = "NAME=LOW:HIGH or NAME=A,B,C, as in learning_rate=1e-4:3e-3 or dropout=0.3,0.4,0.5"


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`, both included; only whole ones if both ends are."""

    low: float
    high: float

    @property
    def log(self) -> bool:
        """Tell whether a factor counts, as between rates, and not a distance."""
        return self.low > 0 and self.high / self.low >= WIDE

    def __contains__(self, value: Any) -> bool:
        """Tell whether a value lies between."""
        return isinstance(value, int | float) and self.low <= value <= self.high

    def __str__(self) -> str:
        """Write it as it is given."""
        return f"{self.low!r}:{self.high!r}"

    def suggest(self, trial: "Trial", name: str) -> float:
        """Return what a trial takes: what it has already, or else what the sampler draws."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(name, self.low, self.high, log=self.log)
        drawn = trial.suggest_float(name, self.low, self.high, log=self.log)
        return min(max(float(f"{drawn:.{DIGITS}g}"), self.low), self.high)


@dataclass(frozen=True)
class Among:
    """One of several values."""

    choices: tuple[Any, ...]

    def __contains__(self, value: Any) -> bool:
        """Tell whether a value is one of them."""
        return value in self.choices

    def __str__(self) -> str:
        """Write it as it is given."""
        return ",".join(map(as_text, self.choices))

    def suggest(self, trial: "Trial", name: str) -> Any:
        """Return what a trial takes: what it has already, or else what the sampler draws."""
        return trial.suggest_categorical(name, self.choices)


Ranges = Mapping[str, Between | Among]


def ranges_of(settings: Learning, given: Sequence[str]) -> Ranges:
    """Return the range of each setting that is searched, by name; those that are usual if none is given.

    The usual: a learning rate from a tenth of what it is to three times that, and a weight decay from 1e-4 to 0.1.

    Raises `SettingsError` for an unknown name, an end or a choice that `settings` could not have, an empty range,
    or a setting that would do nothing beside the others.
    """
    rate = settings.learning_rate or 1e-3
    texts = list(given) or [f"learning_rate={rate / 10:.2g}:{rate * 3:.2g}", "weight_decay=1e-4:0.1"]
    hints = get_type_hints(type(settings), include_extras=True)
    ranges: dict[str, Between | Among] = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals:
            raise SettingsError(f"--range {text!r} is not {FORMS}")
        if name not in hints:
            raise SettingsError(f"--range: no setting {name!r}{suggestion(name, hints)}; there are: {', '.join(hints)}")
        if name in ranges:
            raise SettingsError(f"--range {name} is given twice: give one range for each setting")
        ranges[name] = _parsed(name, values, hints[name])
    for name in ranges:
        _refuse_idle(name, ranges, hints[name], settings)
    return ranges


def idle(settings: Learning, name: str) -> bool:
    """Tell whether a setting does nothing beside the others, so that it cannot be given."""
    hint = get_type_hints(type(settings), include_extras=True)[name]
    return not all(need.met(settings) for need in _needs(hint))


def as_text(value: Any) -> str:
    """Return a value as it is given after "NAME="."""
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)


def _parsed(name: str, text: str, hint: Any) -> Between | Among:
    """Return the range that `text` says; commas part choices, save before an option of an encoder ("size=64")."""
    choices = re.split(r",(?!\w+=)", text)
    low, colon, high = text.partition(":")
    if len(choices) == 1 and colon and _is_number(hint):
        ends = parse(name, low, hint), parse(name, high, hint)
        if None in ends or not all(map(math.isfinite, ends)) or ends[0] >= ends[1]:
            raise SettingsError(f"--range {name}={text}: give two numbers, the lower one first; {FORMS}")
        return Between(*ends)
    values = tuple(parse(name, choice, hint) for choice in choices)
    if len(values) == 1:
        hint = f"or --set {name}={text} for all trials"
        raise SettingsError(f"--range {name}={text} leaves nothing to choose: give two values or more, {hint}")
    if len(set(values)) < len(values):
        raise SettingsError(f"--range {name}={text} names a value twice: give each once")
    return Among(values)


def _is_number(hint: Any) -> bool:
    """Tell whether a type is that of a number, or of a number or none."""
    if get_origin(hint) is Annotated:
        return _is_number(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return any(map(_is_number, get_args(hint)))
    return hint in (int, float)


def _refuse_idle(name: str, ranges: Ranges, hint: Any, settings: Learning) -> None:
    """Raise `SettingsError` for a setting that does nothing, unless what it needs is searched too."""
    if any(need.setting in ranges for need in _needs(hint)):
        return
    searched = ranges[name]
    for value in searched.choices if isinstance(searched, Among) else (searched.low, searched.high):
        override(settings, [f"{name}={as_text(value)}"])


def _needs(hint: Any) -> list[Needs]:
    return [mark for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Needs)]
