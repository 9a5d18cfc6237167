"""`watchword train`: a recipe and data become a checkpoint."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from watchword.cli.holding_out import HoldOut
from watchword.cli.search_options import WayOf


def train(
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
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the recipe.")
    ] = None,
    output: Annotated[Path, typer.Option(help="The folder of the run.")] = Path("runs/latest"),
    features: Annotated[Path, typer.Option(help="Where what the encoder saw is kept between runs.")] = Path("features"),
    phrases: Annotated[
        Path | None,
        typer.Option(help="Phrases with boxes, to point at; regions.json beside the first data set otherwise."),
    ] = None,
    hold_out: HoldOut = None,
    way: WayOf = None,
    start_from: Annotated[Path | None, typer.Option(help="A checkpoint to go on from: its words and model.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where the run in --output was stopped, with its settings.")
    ] = False,
) -> None:
    """Train a recipe; the best checkpoint lands in OUTPUT/best.

    Of data with boxes every region is an example, and the model learns to describe regions.

    Examples:
      watchword train show_attend_tell --data flickr8k --set epochs=15 --set encoder_rate=1e-4
      watchword train neuraltalk --data flickr8k/regions.json --way pooled --set frozen=18
      watchword train contrastive_alignments --data flickr8k --set encoder=regions --set pointing=1
      watchword train lrcn_activity --data my_clips --hold-out fold=1
      watchword train motion_kernels --data my_clips.jsonl --hold-out fold=1 --output runs/moves
    """
    from watchword.cli.datasets import read_all, train_and_val
    from watchword.cli.fitting import fitted, refuse_what_is_for_epochs
    from watchword.cli.holding_out import held_out
    from watchword.cli.labelled import as_learnt
    from watchword.cli.learning import prepare
    from watchword.cli.origin import Origin
    from watchword.cli.phrases_asked import phrases_for
    from watchword.cli.proposing import no_bundle_holds
    from watchword.cli.run_folder import run_folder
    from watchword.data.clips.files import is_clip
    from watchword.recipes import recipes
    from watchword.training.checkpoints import read_progress
    from watchword.training.loop import fit
    from watchword.training.report import Report

    console = Console(stderr=True)
    chosen = recipes[recipe]
    with run_folder(output, resume=resume) as last:
        origin = Origin(chosen, start_from, last, console.print)
        given = None if chosen.fit else origin.settings(settings or [])
        rows = as_learnt(read_all(data, images or [], weight or []), chosen.kind)
        learn, judge = train_and_val(held_out(rows, hold_out))
        clips = any(row.path and is_clip(row.path) for row in learn)
        what = "regions" if any(row.box for row in learn) else "clips" if clips else "photos"
        console.print(f"{len(learn)} {what} to learn from, {len(judge)} to validate on")
        if given is None:
            refuse_what_is_for_epochs(chosen, {"--start-from": start_from, "--way": way})
            accuracy = fitted(chosen, settings or [], learn, judge, output, features, console)
            print(f"accuracy {accuracy:.4f}: {output}/best; next: watchword export {output}/best BUNDLE")
            return
        asked = phrases_for(given, data[0], images[0] if images else None, phrases)
        if asked:
            console.print(f"{len(asked)} phrases with boxes to point at")
        run = prepare(origin, given, learn, judge, output, features, console, way, asked)
        report = Report(output, Console())
        run.on_step, run.on_epoch = report.step, report.epoch
        try:
            if last:
                report.take_up(read_progress(last))
            progress = fit(run, resume=resume)
        except KeyboardInterrupt:
            kept = (output / "last").exists()
            console.print("stopped; " + ("the same with --resume goes on" if kept else "nothing was kept yet"))
            raise typer.Exit(130) from None
        finally:
            report.close()
    further = (
        f"evaluate {output}/best --data {data[0]}"
        if no_bundle_holds(f"{output}/best")
        else f"export {output}/best BUNDLE"
    )
    print(f"best {run.watched} {progress.best:.4f}: {output}/best; next: watchword {further}")
