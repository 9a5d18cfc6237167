"""Kernels and Fisher vectors, against their formulas written out."""

import numpy as np
import pytest
import torch

from watchword.decoders.kernel_labels import FisherVectors, KernelLabels

WIDTHS = {"statistics": 5, "change": 7, "cuboids": 6}


def fisher(seed=0):
    random = np.random.default_rng(seed)
    vectors = FisherVectors(descriptor=6, axes=3, gaussians=4)
    vectors.middle.copy_(torch.from_numpy(random.normal(size=6)))
    vectors.axes.copy_(torch.from_numpy(random.normal(size=(6, 3))))
    vectors.weights.copy_(torch.tensor([0.1, 0.2, 0.3, 0.4]))
    vectors.means.copy_(torch.from_numpy(random.normal(size=(4, 3))))
    vectors.variances.copy_(torch.from_numpy(random.uniform(0.5, 2, (4, 3))))
    return vectors


def naive(vectors, cuboids):
    """Equations 8 and 9 of Perronnin et al. 2010, cuboid by cuboid; then signed roots and length 1."""
    weights, means, variances = (
        value.double().numpy() for value in (vectors.weights, vectors.means, vectors.variances)
    )
    seen = (cuboids - vectors.middle.double().numpy()) @ vectors.axes.double().numpy()
    first, second = np.zeros((4, 3)), np.zeros((4, 3))
    for one in seen:
        likely = weights * np.exp(-((one - means) ** 2 / variances).sum(1) / 2) / np.sqrt(variances.prod(1))
        share = (likely / likely.sum())[:, None]
        first += share * (one - means) / np.sqrt(variances)
        second += share * ((one - means) ** 2 / variances - 1)
    parts = first / np.sqrt(weights)[:, None], second / np.sqrt(2 * weights)[:, None]
    vector = np.concatenate([part.ravel() for part in parts]) / len(seen)
    vector = np.sign(vector) * np.sqrt(np.abs(vector))
    return vector / np.linalg.norm(vector)


def test_fisher_vectors_are_those_of_the_formula():
    cuboids = np.random.default_rng(5).normal(size=(50, 6))
    found = fisher()(torch.from_numpy(cuboids).float()).numpy()
    assert found.shape == (24,)
    assert found == pytest.approx(naive(fisher(), cuboids), abs=1e-4)


def test_no_cuboid_is_no_length():
    assert not fisher()(torch.zeros(0, 6)).any()


def filled(kernels=("statistics", "change", "fisher")):
    random = np.random.default_rng(1)
    labeller = KernelLabels(classes=3, rows=4, kernels=kernels, widths=WIDTHS, axes=3, gaussians=4)
    for name, value in labeller.state_dict().items():
        if name.endswith("_gamma"):
            value.fill_(0.2)
        elif "spread" not in name and not name.startswith("fisher."):
            value.copy_(torch.from_numpy(random.normal(size=tuple(value.shape))))
    if "fisher" in kernels:
        labeller.fisher.load_state_dict(fisher().state_dict())
    return labeller


def test_probabilities_are_those_of_the_formula():
    labeller, random = filled(), np.random.default_rng(2)
    statistics, change, cuboids = random.normal(size=5), 9 * random.normal(size=7), random.normal(size=(20, 6))
    given = [torch.from_numpy(value).float() for value in (statistics[None], change[None], cuboids)]
    found = labeller(*given).numpy()
    state = {name: value.double().numpy() for name, value in labeller.state_dict().items()}
    seen = {
        "statistics": np.clip(statistics - state["statistics_middle"], -3, 3),
        "change": np.clip(change - state["change_middle"], -3, 3),
        "fisher": naive(labeller.fisher, cuboids),
    }
    likeness = np.array([
        np.mean([np.exp(-0.2 * ((seen[name] - state[f"{name}_rows"][row]) ** 2).sum()) for name in seen])
        for row in range(4)
    ])  # fmt: skip
    alone = 1 / (1 + np.exp(-((likeness @ state["alphas"] + state["bias"]) * state["slope"] + state["offset"])))
    assert found[0] == pytest.approx(alone / alone.sum(), abs=1e-5)


def test_only_what_is_looked_at_is_kept():
    labeller = filled(("change",))
    assert {name.split("_")[0] for name in labeller.state_dict() if "_" in name} == {"change"}
    assert labeller(torch.zeros(1, 5), torch.zeros(1, 7), torch.zeros(0, 6)).shape == (1, 3)
