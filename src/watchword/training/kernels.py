"""Fits what tells clips apart by kernels: a codebook of local motion, scales, support vectors, probabilities.

scikit-learn does the mixture of Gaussians and the support-vector machine; what is kept are plain arrays.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from watchword.core.errors import DataError, SettingsError
from watchword.data.motion.store import Moves
from watchword.metrics.logistic import fit_logistic
from watchword.training.codebook import as_kept, fit_codebook, keep, tensor

Make = Callable[[int], Any]
"""From a number of clips that are kept to an empty `decoders.kernel_labels.KernelLabels`."""

_INNER = 4  # parts of the clips: of each is told by a machine that learnt from the others
_PENALTY = 1e-3  # of the logistic function's slope


class Learnt(NamedTuple):
    """What is learnt from: M clips. classes: (M,) int64. weights: (M,), how much each counts. groups: what belongs
    together, for each.
    """

    moves: Sequence[Moves]
    classes: np.ndarray
    weights: np.ndarray
    groups: Sequence[str]

    def part(self, places: np.ndarray) -> "Learnt":
        """Return some of the clips."""
        groups = [self.groups[place] for place in places]
        return Learnt([self.moves[place] for place in places], self.classes[places], self.weights[places], groups)


def refuse_without_sklearn() -> None:
    """Raise `SettingsError`, which says what to install, where scikit-learn is missing."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise SettingsError(
            'kernels are fitted by scikit-learn, which is not installed; run: pip install ".[train,video,kernels]" '
            "in the checkout of watchword"
        ) from None


def fit(make: Make, learnt: Learnt, *, classes: int, penalty: float, seed: int) -> Any:
    """Return a fitted `KernelLabels`. Its probabilities are learnt from clips that it was not fitted on.

    Raises `DataError` where there is only one class.
    """
    if len(set(learnt.classes.tolist())) < 2:
        raise DataError("the clips to learn from are of one class; give clips of two or more")
    labeller = _machine(make, learnt, classes, penalty, seed)
    told = _told_by_others(make, learnt, classes, penalty, seed)
    known = ~np.isnan(told[:, 0])
    for number in range(classes):
        right = learnt.classes[known] == number
        if right.any() and not right.all():
            slope, offset = fit_logistic(told[known, number : number + 1], right, _PENALTY)
            labeller.slope[number], labeller.offset[number] = float(slope[0]), offset
    return labeller


def _told_by_others(make: Make, learnt: Learnt, classes: int, penalty: float, seed: int) -> np.ndarray:
    """Return decisions (M, N), each by a machine that learnt from other groups; not a number where there is none."""
    from sklearn.model_selection import StratifiedGroupKFold

    told = np.full((len(learnt.moves), classes), np.nan)
    groups = np.unique(np.array(learnt.groups), return_inverse=True)[1]
    inside = [len(set(groups[learnt.classes == number])) for number in set(learnt.classes.tolist())]
    if min(inside) < 2:
        return told
    dealt = StratifiedGroupKFold(min(_INNER, *inside), shuffle=True, random_state=seed)
    for others, mine in dealt.split(groups, learnt.classes, groups):
        if len(set(learnt.classes[others].tolist())) < len(inside):
            continue
        labeller = _machine(make, learnt.part(others), classes, penalty, seed)
        told[mine] = labeller.decisions(_vectors(labeller, learnt.part(mine).moves)).numpy()
    return told


def _machine(make: Make, learnt: Learnt, classes: int, penalty: float, seed: int) -> Any:
    """Return a `KernelLabels` whose decisions are fitted and whose probabilities are not."""
    empty = make(1)
    if "fisher" in empty.kernels:
        fit_codebook(empty.fisher, [moves.cuboids for moves in learnt.moves], seed)
    for name in set(empty.kernels) - {"fisher"}:
        seen = np.stack([getattr(moves, name) for moves in learnt.moves])
        keep(empty, f"{name}_middle", as_kept(tensor(seen.mean(0))).numpy())
        keep(empty, f"{name}_spread", as_kept(tensor(seen.std(0) + 1e-6)).numpy())
    rows = {name: as_kept(row) for name, row in _vectors(empty, learnt.moves).items()}
    for name, row in rows.items():
        keep(empty, f"{name}_gamma", np.array([1 / _median(row)]))
        setattr(empty, f"{name}_rows", row)
    alphas, bias = _supports(empty.likeness(rows).double().numpy(), learnt, classes, penalty)
    kept = np.flatnonzero(np.abs(alphas).sum(1))
    labeller = make(len(kept))
    state = {name: value for name, value in empty.state_dict().items() if name not in ("alphas", "bias")}
    state |= {f"{name}_rows": row[kept] for name, row in rows.items()}
    labeller.load_state_dict(state | {"alphas": as_kept(tensor(alphas[kept])), "bias": tensor(bias)})
    return labeller


def _vectors(labeller: Any, moves: Sequence[Moves]) -> dict[str, Tensor]:
    """Return what the kernels compare, (B, W) each, of B clips."""
    with torch.inference_mode():
        each = [labeller.vectors(*tensors(one)) for one in moves]
    return {name: torch.cat([vectors[name] for vectors in each]).clone() for name in labeller.kernels}


def tensors(moves: Moves) -> tuple[Tensor, Tensor, Tensor]:
    """Return how a clip moves as a `KernelLabels` takes it: (1, W), (1, W'), (M, D) float32."""
    return tensor(moves.statistics)[None], tensor(moves.change)[None], tensor(moves.cuboids)


def _supports(likeness: np.ndarray, learnt: Learnt, classes: int, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return alphas (M, N) and bias (N,): for each class a machine of it against all others; of two one, both ways."""
    from sklearn.svm import SVC

    alphas, bias = np.zeros((len(likeness), classes)), np.full(classes, -1.0)
    for number in range(classes):
        own = learnt.classes == number
        if classes == 2 and number == 0:
            continue
        if not own.any():  # a class that a part of the clips has none of is never told by it
            continue
        machine = SVC(kernel="precomputed", C=penalty).fit(likeness, own, sample_weight=learnt.weights)
        alphas[machine.support_, number], bias[number] = machine.dual_coef_[0], machine.intercept_[0]
    if classes == 2:
        alphas[:, 0], bias[0] = -alphas[:, 1], -bias[1]
    return alphas, bias


def _median(rows: Tensor) -> float:
    """Return the median squared distance between two different rows of (M, W), or 1 where there are no two."""
    values = rows.double().numpy()
    lengths = (values * values).sum(1)
    apart = lengths[:, None] + lengths - 2 * values @ values.T
    return float(np.median(apart[apart > 1e-6])) if (apart > 1e-6).any() else 1.0
