"""A trained matcher as a bundle; `docs/formats.md` gives the format."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from watchword.core.types import Features
from watchword.data.vocabulary import Vocabulary
from watchword.training.export import finish
from watchword.training.graphs import SEEN, write, write_encoder
from watchword.training.model import MatchingModel


class RegionsGraph(nn.Module):
    """whole, cells, mask -> vectors (B, R, D) of regions; of one that is not there, that of the whole picture, so that
    it is never better than what is there.

    What an encoder makes of another one's features is done here, so that encoder.onnx is that of a captioner that
    looks in the same way, byte for byte.
    """

    def __init__(self, encoder: Any, matcher: Any) -> None:
        """Wrap an encoder and a matcher."""
        super().__init__()
        self.encoder, self.matcher = encoder, matcher

    def forward(self, whole: Tensor, cells: Tensor, mask: Tensor) -> Tensor:
        """Return the vectors."""
        features = self.encoder.rearranged(Features(whole, cells, mask))
        vectors, real = self.matcher.regions(features)
        return torch.where(real[:, :, None], vectors, vectors[:, :1])


class WordsGraph(nn.Module):
    """words (S, T), mask (S, T) -> vectors (S, T, D), or (S, 1, D) where a sentence has one."""

    def __init__(self, matcher: Any) -> None:
        """Wrap a matcher."""
        super().__init__()
        self.matcher = matcher

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Return the vectors."""
        return self.matcher.words(words, mask)


def export_matcher(
    model: MatchingModel,
    vocabulary: Vocabulary,
    folder: Path,
    *,
    description: Mapping[str, Any],
    card: str,
    half: bool = True,
) -> None:
    """Write the bundle of a matcher into `folder`: graphs, vocabulary, card and `bundle.json`.

    description: "recipe", "settings", "scores" and whatever else the manifest is to say. half: store weights as
    float16.
    """
    model.eval()
    folder.mkdir(parents=True, exist_ok=True)
    encoder: Any = model.encoder
    looking = encoder.looking
    pixels = torch.zeros(2, encoder.size, encoder.size, 3, dtype=torch.uint8)
    with torch.inference_mode():
        features = looking(pixels)
        vectors, _ = model.matcher.regions(encoder.rearranged(features))
    write_encoder(looking, folder / "encoder.onnx", half)
    write(RegionsGraph(encoder, model.matcher), tuple(features), folder / "regions.onnx", SEEN, ["vectors"], half)
    words, both = torch.ones(2, 3, dtype=torch.int64), {0: "S", 1: "T"}
    free = dict.fromkeys(("words", "mask", "vectors"), both)
    inputs = (words, torch.ones(2, 3, dtype=torch.bool))
    write(WordsGraph(model.matcher), inputs, folder / "words.onnx", ["words", "mask"], ["vectors"], half, free)
    own = {
        "kind": "matcher",
        "boxes": region_boxes(encoder)[: vectors.shape[1]].tolist(),
        "width": vectors.shape[2],
        "averaged": model.matcher.score == "normalised",
    }
    finish(folder, vocabulary, card, encoder.size, {**description, **own})


def write_boxes(model: nn.Module, regions: int, width: int, path: Path, half: bool = True) -> None:
    """Write boxes.onnx, of an `alignment.box_regression.BoxRegression`; half: as `export_matcher` has it."""
    inputs = torch.zeros(2, regions), torch.ones(2, width), torch.ones(2, regions, width)
    free = {name: {0: "N"} for name in ("similarities", "words", "regions", "boxes")}
    write(model.eval(), inputs, path, ["similarities", "words", "regions"], ["boxes"], half, free)


def write_banks(
    photos: nn.Module, sentences: nn.Module, regions: int, width: int, folder: Path, half: bool = True
) -> None:
    """Write photo_bank.onnx and sentence_bank.onnx, of both of `alignment.querybank.Banks`, into `folder`.

    half: as `export_matcher` has it.
    """
    seen, read = {"vectors": {0: "B"}, "hubness": {0: "B"}}, {"words": {0: "T"}}
    write(photos.eval(), (torch.ones(3, width),), folder / "photo_bank.onnx", ["words"], ["hubness"], half, read)
    vectors = (torch.ones(2, regions, width),)
    write(sentences.eval(), vectors, folder / "sentence_bank.onnx", ["vectors"], ["hubness"], half, seen)


def region_boxes(encoder: Any) -> np.ndarray:
    """Return the boxes (1 + C, 4) float32 of what a matcher calls regions: the whole picture, then each cell.

    A cell of a grid is given the part of the picture that it stands for, though it saw more.
    """
    whole = np.array([[0, 0, 1, 1]], np.float32)
    if (given := getattr(encoder, "boxes", None)) is not None:
        return np.concatenate([whole, np.asarray(given, np.float32)])
    rows, columns = encoder.grid
    y, x = (side.ravel() for side in np.mgrid[:rows, :columns])
    cells = np.stack([x / columns, y / rows, (x + 1) / columns, (y + 1) / rows], 1)
    return np.concatenate([whole, cells.astype(np.float32)])
