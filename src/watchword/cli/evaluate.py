"""`watchword evaluate`: what a model says of a split, and how well."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from watchword.cli.holding_out import HoldOut
from watchword.cli.label import Weights, weights_of
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
    WayOf,
    WornCost,
    refuse_way_without_regions,
    refuse_what_is_not_read,
)

if TYPE_CHECKING:
    from watchword.cli.failures import Failure
    from watchword.core.types import Example
    from watchword.runtime.captioner import Captioner


def evaluate(
    model: Annotated[
        str, typer.Argument(help="A shipped model, a bundle, a checkpoint, or several together: first+second.")
    ],
    data: Annotated[list[str], typer.Option(help="A data set; may be given several times.")],
    images: Annotated[
        list[str] | None, typer.Option(help='Where its photos are, if it does not say; "" is its own place.')
    ] = None,
    split: Annotated[str, typer.Option(help="Which split to describe.")] = "val",
    hold_out: HoldOut = None,
    way: WayOf = None,
    mean: MeanOf = None,
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
    max_words: MaxWords = None,
    no_repeat: NoRepeat = None,
    once: Once = None,
    worn_cost: WornCost = None,
    predictions: Annotated[Path | None, typer.Option(help="Keep what was said, as COCO results.")] = None,
    reference: Annotated[
        bool, typer.Option("--reference", help="The published scorers, METEOR too; needs Java.")
    ] = False,
    likelihood: Annotated[
        bool,
        typer.Option("--likelihood", help="Rank photos and sentences by how likely a checkpoint finds them; slow."),
    ] = False,
    weights: Weights = None,
    confusion: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Of a labeller: draw what is taken for what.")
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option(help="Where features were imported to, for a model trained on such; in features/ otherwise."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Describe every photo of a split and score the sentences; or, with a matcher, rank photos and sentences; or,
    with a labeller, tell classes.

    Photos that cannot be opened are named at the end, the rest is scored, and the exit status is 1. A data set
    without a split "val" is scored on every tenth photo, as training holds them out. What is not said of the
    search is as the model says. Of data with boxes each region is described, as the model looked at regions in
    training, or cut out of its photo (--way).

    How much is only repeated: "in_training_set" is the share of sentences that stand word for word among the
    training sentences, and "generic" the share that hold one of the 100 phrases of five words that people say
    there of the most photos; "generic_of_people" is that share among the references.

    With --likelihood every sentence of the split is scored for every photo, and what is told is how early each
    finds the other (paper 2, section 5.1): minutes to hours.

    Several models count alike, or as --weights 1:2 says. --weights search tries eleven weights of two models on this
    very split and takes those of the best CIDEr-D ("alphas": that of each weight of the first); what they are worth,
    another split tells.

    Of a labeller: accuracy with its interval of 95 % (rows with one "group" are drawn together), each class, and
    what is taken for what; --predictions keeps what was told of each clip, as JSON lines.

    Examples:
      watchword evaluate small --data flickr8k --split val --json
      watchword evaluate runs/mine/best --data flickr8k --likelihood
      watchword evaluate runs/acts/last --data my_clips --hold-out fold=1 --confusion taken.png
      watchword evaluate one.zip+two.zip --data flickr8k --beam 10 --consensus flickr8k
      watchword evaluate rgb.zip+flow.zip --data my_clips --split val --weights search
    """
    from watchword.cli.agreeing import consensus_by, consensus_of
    from watchword.cli.datasets import read_all
    from watchword.cli.datasets import split as split_of
    from watchword.cli.failures import report
    from watchword.cli.holding_out import held_out
    from watchword.cli.judging import judge_without_sentences
    from watchword.cli.judging_labels import judged
    from watchword.cli.label_figures import show as show_labels
    from watchword.cli.labelled import as_learnt
    from watchword.cli.opening import captioner, kind_of
    from watchword.cli.predictions import predictions_file, write_results
    from watchword.cli.proposing import no_bundle_holds, reads_files
    from watchword.cli.scoring import confidence_figures, described, figures, search_used
    from watchword.cli.weighing import SEARCH, weighed
    from watchword.runtime.asking import Asked

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
    )
    refuse_what_is_not_read(asked, model, mean)
    if features and not reads_files(model):
        raise typer.BadParameter("this model looks for itself: leave it out", param_hint="--features")
    if kind_of(model) == "labeller":
        if any(value for value in (*asked.values(), way, mean, consensus, reference, likelihood)):
            raise typer.BadParameter(
                "a labeller says no sentence: of the options, --data, --images, --split, --hold-out, --weights, "
                "--predictions, --confusion and --json go with it",
                param_hint=model,
            )
        rows = split_of(held_out(as_learnt(read_all(data, images or [], []), "labeller"), hold_out), split)
        told, failures = judged(
            model, rows, data, weights=weights_of(weights), predictions=predictions, confusion=confusion
        )
        _finish(told | {"model": model, "split": split}, failures, show_labels, as_json=as_json)
        return
    if confusion:
        raise typer.BadParameter("classes are told by a labeller, which this model is not", param_hint="--confusion")
    if judge := judge_without_sentences(model, likelihood=likelihood, features=features or Path("features")):
        if any(value for value in (*asked.values(), way, mean, weights, predictions, consensus, reference)):
            raise typer.BadParameter(
                f"{judge.why}: of the options, --data, --images, --split, --features and --json go with it",
                param_hint=model,
            )
        examples = held_out(read_all(data, images or [], []), hold_out)
        chosen = split_of(examples, split)
        found, failures = judge.figures(chosen, _without(examples, chosen))
        _finish(found | {"model": model, "split": split}, failures, _table, as_json=as_json)
        return
    as_trained = no_bundle_holds(model)
    if as_trained and (way or weights):
        raise typer.BadParameter(
            "no bundle holds this model, so it describes as in training, by itself: leave out --way and --weights",
            param_hint=model,
        )
    if reference:
        _check_reference()
    examples = held_out(read_all(data, images or [], []), hold_out)
    chosen = split_of(examples, split)
    refuse_way_without_regions(way, boxed=any(row.box for row in chosen))
    known = examples if split == "train" else _without(examples, chosen)
    if consensus:
        asked["consensus"] = consensus_of(known, consensus) if data == [consensus] else consensus_by(consensus)
    with predictions_file(predictions, data, examples) as file:
        searched = weights == SEARCH
        if as_trained:
            from watchword.cli.as_trained import AsTrained

            opened: Captioner = AsTrained(Path(model), chosen, features or Path("features"), Console(stderr=True))
        else:
            opened = captioner(model, mean or "probabilities", None if searched else weights_of(weights))
        tried: dict[str, Any] = {}
        if searched:
            opened, tried["alphas"] = weighed(opened, chosen, asked)
        search = search_used(opened, asked, mean or "probabilities", consensus)
        started = time.perf_counter()
        rows, sentences, failures = described(opened, chosen, asked, way)
        seconds = time.perf_counter() - started
        if not rows:
            report(failures)
            raise typer.Exit(1)
        if file:
            write_results(file, rows, sentences)
    scores: dict[str, Any] = figures(rows, sentences, known, reference=reference)
    scores |= confidence_figures(rows, sentences)
    scores |= {"photos": len(rows), "not_described": len(failures), "photos_per_second": len(rows) / seconds}
    scores |= {"model": model, "split": split, "search": search, **tried}
    _finish(scores, failures, show, as_json=as_json)


def _finish(
    figures: dict[str, Any], failures: "Sequence[Failure]", show: Callable[[dict[str, Any]], None], *, as_json: bool
) -> None:
    """Print figures, and then what could not be looked at, which makes the exit status 1."""
    from watchword.cli.failures import report

    if as_json:
        print(json.dumps(figures))
    else:
        show(figures)
    report(failures)
    if failures:
        raise typer.Exit(1)


def _check_reference() -> None:
    """Have the published tokeniser read a sentence: what it lacks is better said before the photos are described."""
    from watchword.metrics.java import tokenize_ptb

    tokenize_ptb(["a dog"])


def _without(examples: "list[Example]", chosen: "list[Example]") -> "list[Example]":
    """Return the examples that are not judged: photos held out are of split "train", but nothing learnt from them."""
    judged = {row.id for row in chosen}
    return [row for row in examples if row.id not in judged]


def show(scores: dict[str, Any]) -> None:
    """Print the figures as a table, and the reliability of the confidence as another."""
    search = ", ".join(f"{name} {value}" for name, value in scores["search"].items())
    told = {name: value for name, value in scores.items() if name != "reliability"} | {"search": search}
    if "alphas" in scores:
        told["alphas"] = ", ".join(f"{alpha}: {value:.3f}" for alpha, value in scores["alphas"].items())
    _table(told)
    if "reliability" in scores:
        table = Table("confidence", "sentences", "mean confidence", "share right")
        for row in scores["reliability"]:
            span = f"{row['low']:.1f} to {row['high']:.1f}"
            table.add_row(span, str(row["sentences"]), f"{row['confidence']:.3f}", f"{row['right']:.3f}")
        Console().print(table)


def _table(figures: dict[str, Any]) -> None:
    """Print figures by name."""
    table = Table("figure", "")
    for name, value in figures.items():
        for part, number in value.items() if isinstance(value, dict) else [("", value)]:
            table.add_row(f"{name} {part}".rstrip(), f"{number:.4f}" if isinstance(number, float) else str(number))
    Console().print(table)
