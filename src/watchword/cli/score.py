"""`watchword score`: the figures of papers' tables for sentences in files, with what reviewers ask for."""

from pathlib import Path
from typing import Annotated

import typer


def score(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="CANDIDATES REFERENCES...", help="The sentences to score, and what people wrote."),
    ],
    references: Annotated[
        list[Path] | None,
        typer.Option(help="References; further files may follow, as in --references ref0.txt ref1.txt."),
    ] = None,
    split: Annotated[str | None, typer.Option(help="The split of the references that is meant.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Leave out images that only one side has.")] = False,
    only: Annotated[list[str] | None, typer.Option(metavar="METRIC", help="Compute this one; may be repeated.")] = None,
    against: Annotated[Path | None, typer.Option(help="Another system's candidates: is the difference real?")] = None,
    ratings: Annotated[
        Path | None, typer.Option(help="People's ratings of candidates: do the metrics agree with them?")
    ] = None,
    per_image: Annotated[Path | None, typer.Option(help="Write every image's figures as CSV.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page of images, sentences and figures.")] = None,
    images: Annotated[Path | None, typer.Option(help="The folder of the photos, for the page.")] = None,
    show: Annotated[int, typer.Option(min=0, help="How many of the best and of the worst images to list.")] = 3,
    resamples: Annotated[int, typer.Option(min=2, max=1_000_000, help="Sets of images drawn for intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the drawing.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Score sentences against references: BLEU-1 to BLEU-4, METEOR, ROUGE-L, CIDEr-D, CIDEr, as pycocoevalcap does.

    Files: COCO results and annotations, Karpathy's dataset.json, JSON Lines, CSV, a Flickr token file, or text with
    one sentence a line. With --ratings, FILES are references alone.

    Example: watchword score predictions.json flickr8k --split val --per-image scores.csv
    Example: watchword score candidates.txt --references ref0.txt ref1.txt --against other.txt
    """
    from watchword.cli import score_report
    from watchword.cli.replacing import PAGE, refuse_one_for_two, refuse_to_replace
    from watchword.cli.score_sources import asked, compared, rated, scored

    sources = asked(files, references or [], against, ratings)
    wanted = score_report.metrics(only)
    if images and not (html and images.is_dir()):
        raise typer.BadParameter("--images is the folder of the photos of the page that --html names")
    if ratings is not None:
        if against or per_image or html or partial:
            raise typer.BadParameter("--ratings stands alone: leave out --against, --per-image, --html and --partial")
        found, signature = rated(ratings, sources, split, wanted, resamples, seed)
        score_report.agreements(found, signature, as_json=as_json)
        return
    refuse_one_for_two((option, place) for option, place in (("--per-image", per_image), ("--html", html)) if place)
    for place, option, kind in ((per_image, "--per-image", score_report.TABLE), (html, "--html", PAGE)):
        if place is not None:
            refuse_to_replace(place, option, kind, sources.all)
    result = scored(sources, split, wanted, partial=partial)
    spans = result.scores.intervals(resamples=resamples, seed=seed)
    if per_image:
        score_report.write_per_image(per_image, result.scores)
    if html:
        from watchword.cli.score_page import write_page

        write_page(html, result, images, spans)
    other = compared(result, against, split, resamples, seed, partial=partial) if against else None
    score_report.figures(result, spans, other, show, as_json=as_json)
