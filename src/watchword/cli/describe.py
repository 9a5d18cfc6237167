"""`watchword describe`: photos and clips into sentences."""

from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.label import Weights, weights_of
from watchword.cli.rows import Format
from watchword.cli.search_options import (
    Beam,
    Consensus,
    Diversity,
    Draws,
    Groups,
    LengthNormalization,
    MaxWords,
    MeanOf,
    NoRepeat,
    Once,
    Sample,
    Seed,
    Temperature,
    TopK,
    TopP,
    WornCost,
    refuse_what_is_not_read,
)


def describe(
    paths: Annotated[
        list[str], typer.Argument(help="Photos, clips, folders, patterns; - reads a list from standard input.")
    ],
    model: Annotated[
        str, typer.Option(help="A model that ships, a bundle, a checkpoint, or several together: first+second.")
    ] = "small",
    mean: MeanOf = None,
    weights: Weights = None,
    beam: Beam = None,
    length_normalization: LengthNormalization = None,
    groups: Groups = None,
    diversity: Diversity = None,
    sample: Sample = False,
    temperature: Temperature = None,
    top_k: TopK = None,
    top_p: TopP = None,
    seed: Seed = None,
    draws: Draws = None,
    consensus: Consensus = None,
    n: Annotated[int, typer.Option("--n", help="How many sentences for each photo, best first.")] = 1,
    max_words: MaxWords = None,
    no_repeat: NoRepeat = None,
    once: Once = None,
    worn_cost: WornCost = None,
    must_include: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help='A word that has to be there, or "dog|puppy"; repeatable.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a header.")] = False,
    output: Annotated[Path | None, typer.Option(help="Write rows to this file, not to standard output.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with --output: skip the photos and clips it has.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a page: photos and what each word looked at, clips and their sentences.")
    ] = None,
    xmp: Annotated[bool, typer.Option("--xmp", help="Write each sentence beside its photo, in photo.jpg.xmp.")] = False,
    per_second: Annotated[float, typer.Option(help="Frames of a clip that are looked at in each second.")] = 2.0,
    labels: Annotated[str | None, typer.Option(metavar="MODEL", help="Name what is done in clips, too.")] = None,
    vtt: Annotated[
        Path | None, typer.Option(help="Write a WebVTT track: a file for one clip, a folder for the tracks of several.")
    ] = None,
    srt: Annotated[Path | None, typer.Option(help="The same as SRT, which every player takes.")] = None,
    fit_pauses: Annotated[
        bool, typer.Option("--fit-pauses", help="In tracks, put sentences where the clip is quiet, to be read aloud.")
    ] = False,
) -> None:
    """Say in a sentence what is on each photo, and what happens when in each clip.

    Rows go to standard output: path, sentence, confidence; for clips path, times, sentence, confidence, a row for each
    stretch of time. Photos come first, then clips; a folder stands for both. What cannot be opened is named at the
    end, the rest is described, and the exit status is 1.

    Examples:
      watchword describe holiday/ --html holiday.html
      watchword describe 'photos/*.jpg' --beam 6 --groups 3 --n 3
      watchword describe dog.jpg --sample --draws 100 --temperature 0.7
      watchword describe dog.jpg --model one.zip+two.zip --beam 10 --consensus flickr8k
      watchword describe dog.jpg --must-include ball --max-words 12
      watchword describe archive/ --json --output archive.jsonl --resume
      watchword describe clip.mp4 --srt clip.srt --html clip.html
      watchword describe clips/ --vtt clips/ --fit-pauses --labels fights
      find . -name '*.jpg' -print0 | watchword describe - --csv > photos.csv
    """
    from watchword.cli.agreeing import consensus_by
    from watchword.cli.clip_describing import Watching
    from watchword.cli.describing import Outputs, run
    from watchword.cli.options import named_as_options
    from watchword.data.clips.frames import FASTEST, SLOWEST
    from watchword.runtime.asking import Asked

    kind = _kind(as_json, as_csv, output)
    if resume and (output is None or kind == "text" or html):
        raise typer.BadParameter(
            "it goes on with rows in a file and needs --output FILE with --json or --csv, and no --html, "
            "which would hold the new photos only",
            param_hint="--resume",
        )
    if not SLOWEST <= per_second <= FASTEST:
        raise typer.BadParameter(
            f"{per_second}: a number from {SLOWEST:g} to {FASTEST:g}, as in 2 or 0.5", param_hint="--per-second"
        )
    if fit_pauses and not (vtt or srt):
        raise typer.BadParameter("only tracks keep to pauses: add --vtt or --srt", param_hint="--fit-pauses")
    asked = Asked(
        beam=beam,
        length_normalization=length_normalization,
        groups=groups,
        diversity=diversity,
        sample=sample,
        draws=draws,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        max_words=max_words,
        no_repeat_ngram=no_repeat,
        once=once,
        worn_cost=worn_cost,
        must_include=must_include or (),
    )
    refuse_what_is_not_read(asked, model, mean)
    if consensus:
        asked["consensus"] = consensus_by(consensus)
    outputs = Outputs(kind, output, resume, html, xmp)
    watching = Watching(per_second, labels, vtt, srt, fit_pauses)
    with named_as_options():
        status = run(paths, model, n, asked, outputs, mean or "probabilities", watching, weights_of(weights))
    raise typer.Exit(status)


def _kind(as_json: bool, as_csv: bool, output: Path | None) -> Format:
    """Return the format asked for, or else the one that the ending of the output's name stands for."""
    if as_json and as_csv:
        raise typer.BadParameter("rows are JSON or CSV; give one of the two", param_hint="--json --csv")
    suffix = output.suffix.lower() if output else ""
    if as_json or (suffix in (".json", ".jsonl", ".ndjson") and not as_csv):
        return "json"
    return "csv" if as_csv or suffix == ".csv" else "text"
