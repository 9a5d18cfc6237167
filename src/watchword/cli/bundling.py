"""From checkpoint to bundle, with a confidence that means something."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from watchword.cli.datasets import read_all
from watchword.cli.datasets import split as split_of
from watchword.cli.proposing import proposes, reads_files
from watchword.cli.scoring import described, right_or_wrong
from watchword.cli.whole_files import made_whole, refuse_to_overwrite
from watchword.core.errors import BundleError, PictureError, ScoreError
from watchword.core.evenly import evenly
from watchword.core.types import Example, Sentence
from watchword.data.classes import classes_of
from watchword.data.words import tokenize
from watchword.metrics.calibration import expected_calibration_error, reliability
from watchword.metrics.diversity import worn_phrases
from watchword.metrics.logistic import fit_logistic, probabilities
from watchword.metrics.scorer import WITHOUT_METEOR, score
from watchword.runtime.bundle import Bundle, manifest_of
from watchword.runtime.captioner import Captioner
from watchword.runtime.confidence import FIGURES, figures
from watchword.runtime.label_manifest import LabelManifest
from watchword.runtime.match_manifest import ENCODER, MatchManifest
from watchword.runtime.matcher import Matcher

CARD = """# {recipe}

Trained with watchword. Settings: {settings}

Scores on the validation split while training: {scores}
"""
_CARDS = "give a Markdown file, or leave out --card for a short one"


def to_folder(
    checkpoint: Path,
    folder: Path,
    *,
    card: str | None = None,
    search: Mapping[str, Any] | None = None,
    licence: str = "",
    half: bool = True,
) -> None:
    """Write the checkpoint as a bundle folder.

    search: how the bundle is to be searched, where that is to differ from how the checkpoint was validated.
    """
    from watchword.recipes.base import described, rebuild
    from watchword.training.export import export_bundle
    from watchword.training.export_kernels import export_kernels
    from watchword.training.export_labeller import export_labeller
    from watchword.training.export_matcher import export_matcher
    from watchword.training.kernel_model import KernelModel
    from watchword.training.model import CaptioningModel, LabellingModel, MatchingModel
    from watchword.training.settings import Captioning

    if proposes(str(checkpoint)):
        raise BundleError(
            f"{checkpoint}: its encoder proposes regions photo by photo, which no bundle holds; train with boxes=grid "
            "to have one. `watchword evaluate` judges this checkpoint as it is"
        )
    if reads_files(str(checkpoint)):
        raise BundleError(
            f"{checkpoint}: its encoder reads features from files, which no bundle does; train on one that looks "
            "for itself to have a bundle. `watchword evaluate` judges this checkpoint as it is"
        )
    model, vocabulary, about = rebuild(checkpoint)
    recipe, learnt, _ = described(checkpoint)
    description: dict[str, Any] = {name: about.get(name, {}) for name in ("recipe", "settings", "scores")} | {
        "licence": licence
    }
    card = CARD.format(**description) if card is None else card
    if search and not isinstance(model, CaptioningModel):
        raise BundleError(f"{checkpoint} is a {recipe.kind}, which says nothing: leave out the options of a search")
    if isinstance(model, KernelModel):
        export_kernels(model, classes_of(vocabulary), folder, description=description, card=card, half=half)
        return
    if isinstance(model, LabellingModel):
        export_labeller(model, classes_of(vocabulary), folder, description=description, card=card, half=half)
        return
    if isinstance(model, MatchingModel):
        if model.encoder.single is not model.encoder:
            raise BundleError(f"{checkpoint}: its encoder is shown clips, and a matcher's bundle looks at photos alone")
        description["max_words"] = learnt.max_words
        export_matcher(model, vocabulary, folder, description=description, card=card, half=half)
        return
    assert isinstance(learnt, Captioning)
    assert isinstance(model, CaptioningModel)
    validated = {"beam": learnt.beam, "length_normalization": 0.0, "max_words": learnt.max_words}
    description["search"] = {**validated, **(search or {})}
    description |= {"regions": about["regions"]} if "regions" in about else {}
    export_bundle(model, vocabulary, folder, description=description, card=card, half=half)


def worn_in(dataset: str) -> list[str]:
    """Return the phrases that people say of the most photos to learn from (`metrics.diversity.worn_phrases`)."""
    rows = split_of(read_all([dataset], [], []), "train")
    return sorted(
        " ".join(phrase) for phrase in worn_phrases([" ".join(tokenize(s)) for s in r.sentences] for r in rows)
    )


def share_encoder(folder: Path, model: str) -> None:
    """Have the matcher, or labeller of motion, in `folder` look with the encoder of another model.

    Raises `BundleError` where it is another one.
    """
    encoder = folder / ENCODER
    digest = hashlib.sha256(encoder.read_bytes()).hexdigest()
    manifest = manifest_of(folder)
    if not isinstance(manifest, MatchManifest) and not (
        isinstance(manifest, LabelManifest) and manifest.looks == "motion"
    ):
        kind = "labeller" if isinstance(manifest, LabelManifest) else "captioner"
        raise BundleError(f"a {kind} has its own encoder: leave out --encoder-of, which is for matchers")
    if Bundle.open(model).manifest.files[ENCODER].sha256 != digest:
        raise BundleError(
            f"the encoder of {model!r} is not the one that this model learnt with: train it with the encoder's "
            "weights (--set encoder=efficientnet_lite0:weights=FILE, a checkpoint or the encoder.onnx) and all of it "
            "frozen, or leave out --encoder-of"
        )
    encoder.unlink()
    rewrite(folder, {"encoder": {"model": model, "sha256": digest}})


def written_card(path: Path) -> str:
    """Return the text of a model card; `BundleError` if it is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BundleError(f"{path} is not UTF-8 text: a model card is Markdown") from None
    except OSError as error:
        raise BundleError(f"the model card {str(path)!r} cannot be read: {error.strerror}; {_CARDS}") from None
    if not text.strip():
        raise BundleError(f"the model card {str(path)!r} is empty; {_CARDS}")
    return text


def calibrated(folder: Path, dataset: str, images: str | None, split: str, foreign: str | None = None) -> str:
    """Fit the confidence on a split, write it and the split's scores into the bundle, and say how well it does.

    foreign: a data set for matchers alone. Of a matcher: what its scores mean, see `calibrating`. Of a captioner:

    The label is "every content word of the sentence is in some reference sentence, stem equal". Each
    half of the split is judged by a fit on the other half; what is kept is a fit on the whole.
    """
    manifest = manifest_of(folder)
    if isinstance(manifest, LabelManifest):
        raise BundleError("a labeller says how probable each class is, and learns no confidence: leave out --calibrate")
    rows = split_of(read_all([dataset], [images] if images else [], []), split)
    if isinstance(manifest, MatchManifest):
        return _calibrated_matcher(folder, manifest, rows, foreign)
    if foreign:
        raise BundleError("--foreign teaches a matcher what nothing fits, and a captioner nothing: leave it out")
    sentences = _said(Captioner.load(str(folder)), rows)
    right = np.array(right_or_wrong(rows, sentences))
    try:
        fitted, error = _fitted(sentences, right)
    except ScoreError:
        raise BundleError(
            f"{right.sum()} of {len(rows)} sentences are right: a confidence is learnt from right and wrong ones, "
            "some of each in both halves; calibrate on more photos, or leave out --calibrate"
        ) from None
    candidates = {row.id: sentence.text for row, sentence in zip(rows, sentences, strict=True)}
    scores = dict(score(candidates, {row.id: row.sentences for row in rows}, only=WITHOUT_METEOR))
    rewrite(folder, {"calibration": fitted, "scores": scores | {"expected_calibration_error": error}})
    said = f"confidence: {right.mean():.1%} of {len(rows)} sentences right"
    return f"{said}, expected calibration error {error:.3f} on held-out halves"


def _calibrated_matcher(folder: Path, manifest: MatchManifest, rows: list[Example], foreign: str | None) -> str:
    """Fit what a matcher's scores mean, write it into its bundle with how good it is, and say how good it is."""
    from watchword.cli.calibrating import MOST, calibrate, told
    from watchword.cli.questions import questions
    from watchword.cli.ranked import looked_and_read

    some = evenly(len(rows), MOST).tolist()
    matcher = Matcher(folder)
    seen, failures = looked_and_read(matcher, [rows[i] for i in some])
    if failures:
        raise PictureError(failures[0].line)
    elsewhere = [text for row in read_all([foreign], [], []) for text in row.sentences] if foreign else []
    asked = questions(seen.sentences, seen.owner, elsewhere, matcher.read)
    numbers, figures = calibrate(seen.regions, asked, averaged=manifest.averaged, hubness=seen.hubness)
    rewrite(folder, {"calibration": numbers, "scores": {**manifest.scores, **figures}})
    return told(figures)


def _said(opened: Captioner, rows: list[Example]) -> list[Sentence]:
    """Return the sentence of each row; `PictureError` for the first whose photo cannot be opened."""
    _, sentences, failures = described(opened, rows, {})
    if failures:
        raise PictureError(failures[0].line)
    return sentences


def _fitted(sentences: list[Sentence], right: np.ndarray) -> tuple[dict[str, Any], float]:
    """Return a calibration for the manifest, and its expected error on photos not fitted on; right: (N,) bool."""
    names = list(FIGURES)
    table = np.array([figures(sentence, names) for sentence in sentences])
    middle, scale = table.mean(0), table.std(0) + 1e-9
    inputs = (table - middle) / scale
    held = np.empty(len(right))
    folds = np.random.default_rng(0).permutation(len(right)) % 2
    for fold in (0, 1):
        mine = folds == fold
        weights, bias = fit_logistic(inputs[~mine], right[~mine])
        held[mine] = probabilities(inputs[mine], weights, bias)
    weights, bias = fit_logistic(inputs, right)
    lifted = bias - float(weights @ (middle / scale))
    error = expected_calibration_error(reliability(held.tolist(), right.tolist()))
    return {"features": names, "weights": (weights / scale).tolist(), "bias": lifted}, error


def rewrite(folder: Path, fields: dict[str, Any]) -> None:
    """Put fields into the manifest of a bundle, and what its files are now."""
    from watchword.training.export import write_manifest

    manifest = json.loads((folder / "bundle.json").read_text(encoding="utf-8")) | fields
    write_manifest(folder, {name: value for name, value in manifest.items() if name != "files"})


def pack(folder: Path, bundle: Path) -> None:
    """Copy a bundle folder to `bundle`, zipped where that ends in .zip, whole or not at all.

    Raises `BundleError` rather than overwrite.
    """
    refuse_to_overwrite(bundle, BundleError)
    with made_whole(bundle) as fresh:
        if bundle.suffix != ".zip":
            shutil.copytree(folder, fresh)
            return
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, path.name)
