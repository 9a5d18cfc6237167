"""A trained model as a bundle; `docs/formats.md` gives the format."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watchword import __version__
from watchword.data.vocabulary import Vocabulary
from watchword.training.graphs import export_graphs
from watchword.training.model import CaptioningModel

FORMAT = 1


def export_bundle(
    model: CaptioningModel,
    vocabulary: Vocabulary,
    folder: Path,
    *,
    description: Mapping[str, Any],
    card: str,
    half: bool = True,
) -> None:
    """Write a bundle into `folder`: graphs, vocabulary, card and `bundle.json`.

    description: "recipe", "settings", "scores", "search" and whatever else the manifest is to say.
    half: store weights as float16.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export_graphs(model, folder, half=half)
    encoder: Any = model.encoder
    rows, columns = encoder.grid
    own: dict[str, Any] = {
        "shapes": {
            "cells": [rows * columns, encoder.cells_width],
            "whole": [encoder.whole_width],
            "grid": [rows, columns],
        },
    }
    if playing := getattr(encoder, "playing", None):
        own["frames"] = dataclasses.asdict(playing)
    if encoder.labels:
        own["labels"] = list(encoder.labels)
    finish(folder, vocabulary, card, encoder.size, {**description, **own})


def finish(folder: Path, vocabulary: Vocabulary | None, card: str, size: int, fields: Mapping[str, Any]) -> None:
    """Write what every bundle has beside its graphs. size: of the pictures, in pixels. fields: of its manifest.

    vocabulary: None for a model that knows no words.
    """
    if vocabulary:
        vocabulary.save(folder / "vocabulary.txt")
    (folder / "card.md").write_text(card, encoding="utf-8")
    preprocessing = {"size": size, "resize": "squash", "mode": "RGB"}
    common = {"format": FORMAT, "watchword": __version__}
    common |= {"vocabulary": "vocabulary.txt"} if vocabulary else {}
    write_manifest(folder, {**common, "preprocessing": preprocessing, **fields})


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write `bundle.json` with the size and SHA-256 of every other file of the folder."""
    files = {
        path.name: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
        if path.name != "bundle.json"
    }
    text = json.dumps({**manifest, "files": files}, indent=1, ensure_ascii=False)
    (folder / "bundle.json").write_text(text, encoding="utf-8")
