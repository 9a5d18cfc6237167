"""`watchword describe`: photos into sentences."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from watchword.cli.rows import Format

Mean = Literal["probabilities", "log_probabilities"]  # that of generation.ensemble, which loads NumPy


def describe(
    paths: Annotated[list[str], typer.Argument(help="Photos, folders, patterns; - reads a list from standard input.")],
    model: Annotated[
        str, typer.Option(help="A model that ships, a bundle, a checkpoint, or several together: first+second.")
    ] = "small",
    mean: Annotated[
        Mean | None, typer.Option(help="Of several models: probabilities (else), or log_probabilities.")
    ] = None,
    beam: Annotated[int | None, typer.Option(help="Sentences kept in view at each word; 1 is greedy.")] = None,
    groups: Annotated[
        int | None, typer.Option(help="Share the beam out to so many groups that avoid each other's words.")
    ] = None,
    diversity: Annotated[float | None, typer.Option(help="How strongly groups do, in nats; 0.5 otherwise.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Draw words by chance instead.")] = False,
    temperature: Annotated[
        float | None, typer.Option(help="Of the draws: below 1 safer, above 1 bolder; 1 otherwise.")
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Draw among this many words; among all otherwise.")] = None,
    top_p: Annotated[
        float | None, typer.Option(help="Draw among the likeliest words that share this probability.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the draws, to have the same ones again.")] = None,
    draws: Annotated[int | None, typer.Option(help="Draw so many sentences and keep the likeliest.")] = None,
    consensus: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="Of the sentences found, take those most like the others; see below."),
    ] = None,
    n: Annotated[int, typer.Option("--n", help="How many sentences for each photo, best first.")] = 1,
    max_words: Annotated[int | None, typer.Option(help="The longest sentence.")] = None,
    no_repeat: Annotated[
        int | None, typer.Option(metavar="N", help="Say no run of N words twice in a sentence.")
    ] = None,
    must_include: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help='A word that has to be there, or "dog|puppy"; repeatable.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with a header.")] = False,
    output: Annotated[Path | None, typer.Option(help="Write rows to this file, not to standard output.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with --output: skip the photos it has.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with photos and what each word looked at.")] = None,
    xmp: Annotated[bool, typer.Option("--xmp", help="Write each sentence beside its photo, in photo.jpg.xmp.")] = False,
) -> None:
    """Say in a sentence what is on each photo.

    Rows go to standard output: path, sentence, confidence. Photos that cannot be opened are named at the
    end, the rest is described, and the exit status is 1.

    --consensus ranks the sentences that a beam or draws find by their mean CIDEr-D with each other, in which
    words weigh by how rare they are in the training captions of DATA, the set that the model learnt from.

    Examples:
      watchword describe holiday/ --html holiday.html
      watchword describe 'photos/*.jpg' --beam 6 --groups 3 --n 3
      watchword describe dog.jpg --sample --draws 100 --temperature 0.7
      watchword describe dog.jpg --model one.zip+two.zip --beam 10 --consensus flickr8k
      watchword describe dog.jpg --must-include ball --max-words 12
      watchword describe archive/ --json --output archive.jsonl --resume
      find . -name '*.jpg' -print0 | watchword describe - --csv > photos.csv
    """
    from watchword.cli.agreeing import consensus_by
    from watchword.cli.describing import Outputs, run
    from watchword.cli.options import named_as_options
    from watchword.runtime.asking import Asked

    kind = _kind(as_json, as_csv, output)
    if resume and (output is None or kind == "text" or html):
        raise typer.BadParameter(
            "it goes on with rows in a file and needs --output FILE with --json or --csv, and no --html, "
            "which would hold the new photos only",
            param_hint="--resume",
        )
    if output and html and os.path.abspath(output) == os.path.abspath(html):
        raise typer.BadParameter("rows and page cannot be one file; name two", param_hint="--output --html")
    drawing = {"--temperature": temperature, "--top-k": top_k, "--top-p": top_p, "--seed": seed, "--draws": draws}
    _refuse_what_is_not_read(sample, {"--beam": beam, "--groups": groups, "--diversity": diversity}, drawing)
    if diversity is not None and (groups or 1) == 1:
        raise typer.BadParameter("one group has no other to differ from: add --groups", param_hint="--diversity")
    if mean and "+" not in model:
        raise typer.BadParameter("a mean is of several models: give --model first+second", param_hint="--mean")
    asked = Asked(
        beam=beam,
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
        must_include=must_include or (),
        consensus=consensus_by(consensus) if consensus else None,
    )
    outputs = Outputs(kind, output, resume, html, xmp)
    with named_as_options():
        status = run(paths, model, n, asked, outputs, mean or "probabilities")
    raise typer.Exit(status)


def _refuse_what_is_not_read(sample: bool, beams: Mapping[str, object], draws: Mapping[str, object]) -> None:
    """Raise `typer.BadParameter` for options of the search that is not made; each with its value, None if not given."""
    beaming, drawing = (
        " ".join(option for option, value in some.items() if value is not None) for some in (beams, draws)
    )
    if drawing and not sample:
        raise typer.BadParameter("words are drawn only if asked for: add --sample", param_hint=drawing)
    if sample and beaming:
        raise typer.BadParameter(
            f"words that are drawn need no beam: leave out {beaming}, or --sample", param_hint=beaming
        )


def _kind(as_json: bool, as_csv: bool, output: Path | None) -> Format:
    """Return the format asked for, or else the one that the ending of the output's name stands for."""
    if as_json and as_csv:
        raise typer.BadParameter("rows are JSON or CSV; give one of the two", param_hint="--json --csv")
    suffix = output.suffix.lower() if output else ""
    if as_json or (suffix in (".json", ".jsonl", ".ndjson") and not as_csv):
        return "json"
    return "csv" if as_csv or suffix == ".csv" else "text"
