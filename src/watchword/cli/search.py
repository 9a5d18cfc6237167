"""What a search for settings looks for, kept beside its trials so that it goes on with the same."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.cli.json_text import json_text
from watchword.cli.ranges import Ranges, ranges_of
from watchword.cli.whole_files import written_whole
from watchword.core.errors import CheckpointError, SettingsError, UnknownName
from watchword.core.settings import override
from watchword.recipes import recipes
from watchword.recipes.base import Recipe
from watchword.training.settings import Learning

FORMAT = 1
FILE = "search.json"


@dataclass(frozen=True)
class Search:
    """A search: settings of a recipe, the ranges of those that vary, the seed of the sampler.

    data: numbers and SHA-256 of what is learnt from and validated on (`same_data.summary`).
    """

    recipe: Recipe
    settings: Learning
    ranges: Ranges
    seed: int
    data: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write it into the folder of the search, whole."""
        about = {
            "format": FORMAT,
            "recipe": self.recipe.name,
            "settings": dataclasses.asdict(self.settings),
            "ranges": {name: str(searched) for name, searched in self.ranges.items()},
            "seed": self.seed,
            "data": self.data,
        }
        with written_whole(folder / FILE) as file:
            file.write(json_text(about, indent=1))


def begun(
    folder: Path, recipe: Recipe, given: Sequence[str], ranges: Sequence[str], seed: int | None, data: dict[str, Any]
) -> Search:
    """Return a new search, which is not yet in `folder`.

    Raises `SettingsError` for settings and ranges that the recipe cannot have.
    """
    settings = override(recipe.settings(), given)
    return Search(recipe, settings, ranges_of(settings, ranges), seed or 0, data)


def gone_on(
    folder: Path, recipe: Recipe, given: Sequence[str], ranges: Sequence[str], seed: int | None, data: dict[str, Any]
) -> Search:
    """Return the search in `folder`; what is given again has to be the same.

    Raises `CheckpointError` for another recipe or other data, `SettingsError` for other settings, ranges or seed.
    """
    kept = _load(folder / FILE)
    anew = f"leave it out, or name another --output for a search of its own; {folder / FILE} says all of it"
    if recipe.name != kept.recipe.name:
        raise CheckpointError(f"the search in {folder} is of recipe {kept.recipe.name!r}: give that one")
    if data != kept.data:
        raise CheckpointError(
            f"the search in {folder} was begun with other data ({_counts(kept.data)}; now {_counts(data)}): give the "
            "--data, --images and --weight that it was begun with, or name another --output"
        )
    if given and override(recipe.settings(), given) != kept.settings:
        raise SettingsError(f"--set {' '.join(given)}: the search in {folder} has other settings; {anew}")
    if ranges and ranges_of(kept.settings, ranges) != kept.ranges:
        raise SettingsError(f"--range {' '.join(ranges)}: the search in {folder} has other ranges; {anew}")
    if seed not in (None, kept.seed):
        raise SettingsError(f"--seed {seed}: the search in {folder} has {kept.seed}; {anew}")
    return kept


def to_go_on(folder: Path, *, resume: bool) -> bool:
    """Tell whether there is a search in `folder` to go on with.

    Raises `CheckpointError` where there is none to resume, or one that would be mixed with another.
    """
    there = (folder / FILE).exists()
    if resume and not there:
        raise CheckpointError(f"{folder} holds no search that could be resumed: leave out --resume to begin one")
    if not resume and there:
        raise CheckpointError(f"{folder} holds a search: add --resume to go on with it, or name another --output")
    if (folder / "last").exists():
        raise CheckpointError(f"{folder} holds a run of `watchword train`: name another --output for the search")
    if not there and any(folder.glob("trial-*")):
        raise CheckpointError(f"{folder} holds trials, but no {FILE} that says of what: name another --output")
    return there


def _load(path: Path) -> Search:
    """Return what `save` wrote; `CheckpointError` where this version cannot read it."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']}, not {FORMAT}")
        recipe = recipes[about["recipe"]]
        settings = recipe.settings(**about["settings"])
        ranges = ranges_of(settings, [f"{name}={text}" for name, text in about["ranges"].items()])
        _counts(about["data"])
        return Search(recipe, settings, ranges, int(about["seed"]), about["data"])
    except (AttributeError, KeyError, TypeError, ValueError, SettingsError, UnknownName) as problem:
        raise CheckpointError(
            f"{path} is damaged, or of another version ({problem}): name another --output for a new search"
        ) from None


def _counts(data: dict[str, Any]) -> str:
    return " and ".join(f"{each['photos']} photos with {each['sentences']} sentences" for each in data.values())
