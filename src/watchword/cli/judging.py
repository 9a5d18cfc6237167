"""Models that are judged by what they find, not by what they say."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from watchword.cli.failures import Failure
from watchword.core.types import Example

Figures = tuple[dict[str, Any], list[Failure]]


class Judge(NamedTuple):
    """why: no sentence is said. figures: of rows to judge on and rows to learn from, with what could not be judged.

    Matchers, and captioners judged by likelihood; labellers have more to be asked, see `judging_labels`.
    """

    why: str
    figures: Callable[[list[Example], list[Example]], Figures]


def judge_without_sentences(model: str, *, likelihood: bool, features: Path) -> Judge | None:
    """Return how `model` is judged, or None where it says sentences that are scored.

    features: where imported ones are kept.
    """
    from watchword.cli.opening import is_matcher
    from watchword.cli.proposing import no_bundle_holds

    if likelihood:
        return Judge("where likelihoods are ranked nothing is said", lambda rows, _: (_likely(model, rows), []))
    if not is_matcher(model):
        return None
    if no_bundle_holds(model):
        return Judge(
            "a matcher says nothing", lambda rows, learnt: (_as_in_training(model, rows, learnt, features), [])
        )
    return Judge("a matcher says nothing", lambda rows, _: _ranked(model, rows))


def _likely(model: str, rows: Sequence[Example]) -> dict[str, Any]:
    from watchword.cli.likely import ranked_by_likelihood

    return ranked_by_likelihood(model, rows, Console(stderr=True))


def _as_in_training(model: str, rows: Sequence[Example], learnt: list[Example], features: Path) -> dict[str, Any]:
    from watchword.cli.proposing import judged

    return judged(model, rows, learnt, features, Console(stderr=True))


def _ranked(model: str, rows: Sequence[Example]) -> Figures:
    from watchword.cli.opening import matcher
    from watchword.cli.ranked import ranked

    return ranked(matcher(model), rows)
