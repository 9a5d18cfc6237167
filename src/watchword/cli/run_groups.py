"""Runs put together by the value of a setting, and what they differ in besides."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from watchword.cli.trained_runs import TrainedRun

_SEED = "seed"


@dataclass(frozen=True)
class Group:
    """Runs that share a value of `--by`, and one of `--against` where that is asked for (None otherwise).

    scores: one of each run.
    """

    by: Any
    against: Any
    runs: tuple[TrainedRun, ...]
    scores: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        return statistics.fmean(self.scores)

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the scores, estimated from a sample; None of one alone."""
        return statistics.stdev(self.scores) if len(self.scores) > 1 else None


def grouped(runs: Iterable[TrainedRun], by: str, against: str | None, score: str) -> list[Group]:
    """Return the groups by rising value: numbers by size, names in the order in which they come."""
    found: dict[tuple[Any, Any], list[TrainedRun]] = {}
    for run in runs:
        found.setdefault((run.value(by), run.value(against) if against else None), []).append(run)
    first, second = (ordered(key[place] for key in found) for place in (0, 1))
    keys = sorted(found, key=lambda key: (first.index(key[0]), second.index(key[1])))
    return [Group(*key, tuple(found[key]), tuple(run.score(score) for run in found[key])) for key in keys]


def ordered(values: Iterable[Any]) -> list[Any]:
    """Return different values once each, sorted if they are numbers."""
    different = list(dict.fromkeys(values))
    return sorted(different) if are_numbers(different) else different


def are_numbers(values: Sequence[Any]) -> bool:
    """Tell whether all values are numbers; true and false are names."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def named(value: Any) -> str:
    """Return a value as settings are written: 0.001, true, none, lstm."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def differences(runs: Sequence[TrainedRun], chosen: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Return what runs differ in besides the seed and the `chosen` settings: by setting and value, the folders.

    Settings that only some of the recipes have are not compared.
    """
    all_compared = [_compared(run, chosen) for run in runs]
    shared = [name for name in all_compared[0] if all(name in each for each in all_compared)]
    found: dict[str, dict[str, list[str]]] = {}
    for name in shared:
        values: dict[str, list[str]] = {}
        for run, each in zip(runs, all_compared, strict=True):
            values.setdefault(each[name], []).append(str(run.folder))
        if len(values) > 1:
            found[name] = values
    return found


def repeated(runs: Iterable[TrainedRun]) -> list[list[str]]:
    """Return the folders of runs that are one run over again: of the same settings, seed, data and beginning."""
    found: dict[Any, list[str]] = {}
    for run in runs:
        key = (tuple(run.settings.items()), tuple(run.data.items()), run.start_from)
        found.setdefault(key, []).append(str(run.folder))
    return [folders for folders in found.values() if len(folders) > 1]


def _compared(run: TrainedRun, chosen: Sequence[str]) -> dict[str, str]:
    """Return what of a run is compared with others, by name; data by the beginning of its hash."""
    settings = {name: named(value) for name, value in run.settings.items() if name not in (_SEED, *chosen)}
    if "encoder" in settings and (of_encoder := [name for name in chosen if name not in run.settings]):
        settings["encoder"] = run.encoder_without(of_encoder)
        if "depth" in of_encoder and run.settings["frozen"] == run.value("depth") - 1:
            settings["frozen"] = "all"  # which is another number at each depth
    settings["start_from"] = run.start_from
    settings |= {f"photos to {part}": given for part, given in run.data.items()}
    return {name: value for name, value in settings.items() if name not in chosen}
