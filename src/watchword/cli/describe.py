"""`watchword describe`: photos into sentences."""

import os
from pathlib import Path
from typing import Annotated

import typer

from watchword.cli.rows import Format


def describe(
    paths: Annotated[list[str], typer.Argument(help="Photos, folders, patterns; - reads a list from standard input.")],
    model: Annotated[str, typer.Option(help="A model that ships, a bundle, or a checkpoint.")] = "small",
    beam: Annotated[int | None, typer.Option(help="Sentences kept in view at each word; 1 is greedy.")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Draw words by chance instead.")] = False,
    temperature: Annotated[
        float | None, typer.Option(help="Of the draws: below 1 safer, above 1 bolder; 1 otherwise.")
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Draw among this many words; among all otherwise.")] = None,
    top_p: Annotated[
        float | None, typer.Option(help="Draw among the likeliest words that share this probability.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of the draws, to have the same ones again.")] = None,
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

    Examples:
      watchword describe holiday/ --html holiday.html
      watchword describe 'photos/*.jpg' --beam 5 --n 3
      watchword describe dog.jpg --must-include ball --max-words 12
      watchword describe archive/ --json --output archive.jsonl --resume
      find . -name '*.jpg' -print0 | watchword describe - --csv > photos.csv
    """
    from watchword.cli.describing import Outputs, run
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
    draws = {"--temperature": temperature, "--top-k": top_k, "--top-p": top_p, "--seed": seed}
    _refuse_what_is_not_read(sample, beam, [option for option, value in draws.items() if value is not None])
    asked = Asked(
        beam=beam,
        sample=sample,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        seed=seed,
        max_words=max_words,
        no_repeat_ngram=no_repeat,
        must_include=must_include or (),
    )
    raise typer.Exit(run(paths, model, n, asked, Outputs(kind, output, resume, html, xmp)))


def _refuse_what_is_not_read(sample: bool, beam: int | None, draws: list[str]) -> None:
    """Raise `typer.BadParameter` for options of the search that is not made; draws: those of drawing."""
    if draws and not sample:
        raise typer.BadParameter("words are drawn only if asked for: add --sample", param_hint=" ".join(draws))
    if sample and beam is not None:
        raise typer.BadParameter(
            "words that are drawn need no beam: leave out --beam, or --sample", param_hint="--beam"
        )


def _kind(as_json: bool, as_csv: bool, output: Path | None) -> Format:
    """Return the format asked for, or else the one that the ending of the output's name stands for."""
    if as_json and as_csv:
        raise typer.BadParameter("rows are JSON or CSV; give one of the two", param_hint="--json --csv")
    suffix = output.suffix.lower() if output else ""
    if as_json or (suffix in (".json", ".jsonl", ".ndjson") and not as_csv):
        return "json"
    return "csv" if as_csv or suffix == ".csv" else "text"
