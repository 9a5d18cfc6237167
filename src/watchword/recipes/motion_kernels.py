"""Clips told apart by how they move: statistics of flow, what changes in what moves, local motion; kernels over them.

Papers (the ideas; put together here): flow by Dense Inverse Search (Kroeger et al. 2016), histograms of flow and of
motion boundaries (Dalal et al. 2006; Wang and Schmid 2013), Fisher vectors (Perronnin et al. 2010), support vectors
(Cortes and Vapnik 1995) on a mean of Gaussian kernels, probabilities as Platt (1999) has them. A few hundred clips are
enough, where a network learns them by heart; nothing is trained epoch by epoch, and what is fitted is fitted at once.
The two seconds in the middle of a clip are looked at, at 15 frames a second, and the square in which most moves.
Data: short clips with a class each, as of fights seen by surveillance cameras (Akti et al. 2019); the figure is theirs
for all 300 clips with Xception, a bidirectional LSTM and attention, as recalled.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from watchword.core.settings import Amount, Count, Range
from watchword.data.classes import class_numbers, classes_of
from watchword.data.vocabulary import Vocabulary
from watchword.recipes.base import Fitting, recipe

if TYPE_CHECKING:
    from watchword.decoders.kernel_labels import KernelLabels
    from watchword.training.kernel_model import KernelModel

PUBLISHED = {"300 clips of surveillance cameras (Akti et al. 2019, as recalled)": {"accuracy": 0.72}}


@dataclass(frozen=True)
class Settings:
    """encoder: its name; what it sees of the square that moves is compared from frame to frame.

    frozen: units of the encoder that never learn, which is all of them; only its name depends on it here.
    kernels: what is looked at: statistics of flow, that change, and Fisher vectors of local motion.
    penalty: of a clip on the wrong side. gaussians, axes: of the codebook of local motion. seed: of everything random.
    rows: clips that are kept to compare with; fitting fills it in.
    """

    encoder: str = "efficientnet_lite0"
    frozen: Amount = 18
    kernels: Literal[
        "statistics",
        "change",
        "fisher",
        "statistics+change",
        "statistics+fisher",
        "change+fisher",
        "statistics+change+fisher",
    ] = "statistics+change+fisher"
    penalty: Annotated[float, Range(1e-6)] = 3.0
    gaussians: Count = 16
    axes: Annotated[int, Range(1, 194)] = 24
    seed: Annotated[int, Range(0, 2**32 - 1)] = 0
    rows: Amount = 0


def fit(given: Fitting) -> "tuple[Settings, KernelModel]":
    """Return the settings with `rows` filled in, and the fitted model."""
    import numpy as np

    from watchword.data.played import watched
    from watchword.training.kernel_model import all_moves, motion_store
    from watchword.training.kernels import Learnt, refuse_without_sklearn
    from watchword.training.kernels import fit as fitted
    from watchword.training.model import seed_everything

    refuse_without_sklearn()
    settings: Settings = given.settings
    numbers = class_numbers(given.examples, given.vocabulary)
    known = [row for row, number in zip(given.examples, numbers, strict=True) if number is not None and row.weight]
    seed_everything(settings.seed)  # an encoder may be one of random weights
    model: Any = build(settings, given.vocabulary)
    moves = all_moves(motion_store(model.encoder, given.features), [watched(row) for row in known], given.told)
    learnt = Learnt(
        moves,
        np.array(list(class_numbers(known, given.vocabulary)), np.int64),
        np.array([row.weight for row in known]),
        [str(row.extra.get("group") or row.id) for row in known],
    )
    model.labeller = fitted(
        lambda rows: _labeller(replace(settings, rows=rows), given.vocabulary, model.encoder.cells_width),
        learnt,
        classes=len(classes_of(given.vocabulary)),
        penalty=settings.penalty,
        seed=settings.seed,
    )
    return replace(settings, rows=len(model.labeller.alphas)), model


@recipe(
    "motion_kernels",
    settings=Settings,
    tiny={"encoder": "plain_cnn", "frozen": 0, "gaussians": 2, "axes": 4},
    published=PUBLISHED,
    fit=fit,
)
def build(settings: Settings, vocabulary: Vocabulary) -> "KernelModel":
    """Return the model for the classes that `vocabulary` holds, which tells nothing yet."""
    from watchword.encoders import encoders
    from watchword.training.kernel_model import KernelModel

    encoder = encoders[settings.encoder](frozen=settings.frozen)
    return KernelModel(encoder, _labeller(settings, vocabulary, encoder.cells_width))


def _labeller(settings: Settings, vocabulary: Vocabulary, width: int) -> "KernelLabels":
    from watchword.data.motion import cuboids, statistics
    from watchword.decoders.kernel_labels import KernelLabels

    return KernelLabels(
        classes=len(classes_of(vocabulary)),
        rows=settings.rows,
        kernels=settings.kernels.split("+"),
        widths={"statistics": statistics.WIDTH, "change": width, "cuboids": cuboids.WIDTH},
        axes=settings.axes,
        gaussians=settings.gaussians,
    )
