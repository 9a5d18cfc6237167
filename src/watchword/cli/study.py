"""Optuna's side of a search: which values are tried next, what came of them, all in one file of JSON lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from watchword.cli.search import Search
from watchword.core.errors import CheckpointError, SettingsError

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial, Trial

JOURNAL = "trials.jsonl"
COMPARED = 5  # trials that have to be finished before one is stopped for being worse than half of them
SPARED = 2  # epochs before which none is stopped: the first says little where rates still rise
TELLING = 10  # trials from which it is told which settings matter
FINISHED = "finished"


@dataclass(frozen=True)
class Result:
    """What came of a trial.

    best: its highest score, as the recipe is watched; None if it never came to a validation.
    seconds: at work, all sittings together.
    outcome: "finished", "stopped early", "diverged" or "refused". why: what was wrong, in the last two cases.
    """

    number: int
    values: dict[str, Any]
    best: float | None
    epochs: int
    seconds: float
    outcome: str
    why: str


def refuse_without_optuna() -> None:
    """Raise `SettingsError` if Optuna is not installed."""
    try:
        import optuna  # noqa: F401
    except ImportError as problem:
        raise SettingsError(
            f"watchword tune needs optuna, which cannot be imported ({problem}): "
            "pip install '.[train,tune]' in the checkout of watchword"
        ) from None


def open_study(folder: Path, search: Search) -> "Study":
    """Return the study in the folder of a search, made if need be. One process at a time may have it open.

    Raises `CheckpointError` where its file is damaged.
    """
    import optuna
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock, JournalStorage

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal = folder / JOURNAL
    _mend(journal)
    try:
        study = optuna.create_study(
            study_name=search.recipe.name,
            storage=JournalStorage(JournalFileBackend(str(journal), lock_obj=JournalFileOpenLock(str(journal)))),
            direction="maximize",
            pruner=optuna.pruners.MedianPruner(n_startup_trials=COMPARED, n_warmup_steps=SPARED),
            load_if_exists=True,
        )
        if not study.trials:
            as_given = {name: getattr(search.settings, name) for name in search.ranges}
            if all(as_given[name] in search.ranges[name] for name in as_given):
                study.enqueue_trial(as_given)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as problem:
        raise CheckpointError(f"{journal} is damaged ({problem}): name another --output for a new search") from None
    return study


def next_trial(study: "Study", search: Search) -> "tuple[Trial, dict[str, Any]]":
    """Return the trial that was interrupted, or else a new one, and the values that it tries.

    The sampler is made anew for each, its seed after the trial's number, so that a search that is
    stopped and gone on with tries what one would that was never stopped.
    """
    from optuna.samplers import TPESampler
    from optuna.trial import Trial, TrialState

    interrupted = study.get_trials(states=(TrialState.RUNNING,))
    number = interrupted[0].number if interrupted else len(study.get_trials(states=_over()))
    (seed,) = np.random.SeedSequence([search.seed, number]).generate_state(1)
    study.sampler = TPESampler(seed=int(seed))
    trial = Trial(study, interrupted[0]._trial_id) if interrupted else study.ask()
    return trial, {name: searched.suggest(trial, name) for name, searched in search.ranges.items()}


def close_trial(study: "Study", trial: "Trial", values: dict[str, Any], outcome: str, why: str) -> None:
    """Say what came of a trial. One that did not finish counts as worse than those that got as far."""
    from optuna.trial import TrialState

    for name, told in (("values", values), ("outcome", outcome), ("why", why)):
        trial.set_user_attr(name, told)
    if outcome == FINISHED:
        study.tell(trial, max(reported(trial).values()))
    else:
        study.tell(trial, state=TrialState.PRUNED)


def reported(trial: "Trial") -> dict[int, float]:
    """Return the score of each epoch that a trial was told of, by its number from 1."""
    return trial.study.get_trials(deepcopy=False)[trial.number].intermediate_values


def results(study: "Study") -> list[Result]:
    """Return what came of the trials that are over, in order."""
    return [_result(each) for each in study.get_trials(states=_over())]


def best_of(found: Sequence[Result]) -> Result | None:
    """Return the trial with the highest score, the first of equals."""
    return max((each for each in found if each.best is not None), key=lambda each: each.best or 0, default=None)


def importance(study: "Study") -> dict[str, float]:
    """Return what share each setting has in which trials were good, by PED-ANOVA; nothing from too few trials.

    Those that were stopped early count by the best that they reached: they tell where nothing good is.
    """
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    scored = [each for each in study.get_trials(states=_over()) if each.intermediate_values]
    best = [max(each.intermediate_values.values()) for each in scored]
    if len(scored) < TELLING or len(scored[0].params) < 2 or len(set(best)) < 2:
        return {}
    ranked = optuna.create_study(direction="maximize")
    for each, value in zip(scored, best, strict=True):
        ranked.add_trial(optuna.trial.create_trial(params=each.params, distributions=each.distributions, value=value))
    return get_param_importances(ranked, evaluator=PedAnovaImportanceEvaluator(target_quantile=0.25))


def _over() -> Any:
    from optuna.trial import TrialState

    return (TrialState.COMPLETE, TrialState.PRUNED)


def _result(trial: "FrozenTrial") -> Result:
    told, scores = trial.user_attrs, trial.intermediate_values
    return Result(
        number=trial.number,
        values=told["values"],
        best=max(scores.values(), default=None),
        epochs=max(scores, default=0),
        seconds=told.get("seconds", 0.0),
        outcome=told["outcome"],
        why=told["why"],
    )


def _mend(journal: Path) -> None:
    """Take away what a killed process left: half a line at the end, and the lock that it held for a moment.

    Raises `CheckpointError` for a damaged line; Optuna says nothing of the last one until another follows.
    """
    journal.with_name(journal.name + ".lock").unlink(missing_ok=True)
    if not journal.exists():
        return
    with journal.open("rb+") as file:
        *lines, torn = file.read().split(b"\n")
        for number, line in enumerate(lines, 1):
            try:
                json.loads(line)
            except ValueError as problem:
                raise CheckpointError(
                    f"{journal} is damaged in line {number} ({problem}): name another --output for a new search"
                ) from None
        file.truncate(file.tell() - len(torn))
