"""`watchword tune`: the settings of a recipe that suit some data, found by trying them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def tune(
    recipe: Annotated[str, typer.Argument(help="One of `watchword recipes`.")],
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    images: Annotated[
        list[str] | None,
        typer.Option(help='Where its photos are, if it does not say; one for each, "" for its own place.'),
    ] = None,
    weight: Annotated[
        list[float] | None, typer.Option(help="How often its photos count; one for each data set.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting that all trials share.")
    ] = None,
    ranges: Annotated[
        list[str] | None,
        typer.Option(
            "--range",
            metavar="NAME=LOW:HIGH or NAME=A,B,C",
            help="Where to look for a setting; on a logarithmic scale if HIGH is ten times LOW or more. "
            "Without any: learning_rate from a tenth to three times what it is, weight_decay from 1e-4 to 0.1.",
        ),
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="How many trials there are to be in all.")] = 20,
    output: Annotated[Path, typer.Option(help="The folder of the search; each trial is a run in it.")] = Path(
        "runs/tuned"
    ),
    features: Annotated[Path, typer.Option(help="Where what the encoder saw is kept between runs.")] = Path("features"),
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of what is tried; 0 if not given. Training has its own: --set seed=.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the search in --output, in the midst of its last trial.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object at the end instead of a table.")] = False,
) -> None:
    """Search for the settings of a recipe with which it does best on the validation photos (CIDEr-D, or mean recall).

    The first trial has the settings as they are given, if the ranges hold them; the others are drawn where good
    ones were found (TPE). A trial that after an epoch is worse than most others were is stopped.
    Of the trials that are over only the best one keeps its weights, in OUTPUT/trial-NNN/best.
    Needs Optuna: pip install '.[train,tune]' in the checkout of watchword.

    Example: watchword tune show_tell --data flickr8k --range learning_rate=1e-4:3e-3 --range dropout=0.3,0.4,0.5
    """
    from watchword.cli.datasets import read_all, train_and_val
    from watchword.cli.labelled import as_learnt
    from watchword.cli.run_folder import held_folder
    from watchword.cli.same_data import summary
    from watchword.cli.search import FILE, begun, gone_on, to_go_on
    from watchword.cli.study import importance, open_study, refuse_without_optuna, results
    from watchword.cli.trial_report import show, train_line
    from watchword.cli.tuning import refuse_untrainable, run_trials
    from watchword.recipes import recipes

    console = Console(stderr=True)
    chosen = recipes[recipe]
    refuse_without_optuna()
    if chosen.fit:
        raise typer.BadParameter(f"{recipe} is fitted at once, and not tuned: try settings with watchword train")
    with held_folder(output, "tune"):
        going_on = to_go_on(output, resume=resume)
        learn, judge = train_and_val(as_learnt(read_all(data, images or [], weight or []), chosen.kind))
        find = gone_on if going_on else begun
        search = find(output, chosen, settings or [], ranges or [], seed, summary(learn, judge))
        console.print(f"{len(learn)} photos to learn from, {len(judge)} to validate on")
        try:
            if not going_on:
                refuse_untrainable(search, learn)
                search.save(output)
            study = open_study(output, search)
            run_trials(study, search, trials, learn, judge, output, features, console)
        except KeyboardInterrupt:
            kept = (output / FILE).exists()
            console.print("stopped; " + ("the same with --resume goes on" if kept else "nothing was kept yet"))
            raise typer.Exit(130) from None
        again = train_line(search, results(study), data, images or [], weight or [], features, output)
        show(search, results(study), importance(study), output, again, as_json=as_json)
