import numpy as np
import pytest

from watchword.core.errors import DataError
from watchword.data.pca import PCA, fit, fit_in_parts


def rows(count=60, width=12, mean=0.0):
    random = np.random.default_rng(0)
    return random.normal(size=(count, width)) @ random.normal(size=(width, width)) + mean


def test_axes_are_those_of_the_covariance():
    """Paper 1: the axes of the largest eigenvalues of the covariance matrix."""
    given = rows()
    found = fit(given, 4)
    covariance = np.cov(given.T)
    assert np.allclose(covariance @ found.axes.T, found.axes.T * found.variances)
    assert np.allclose(found.variances, np.linalg.eigvalsh(covariance)[::-1][:4])
    assert np.allclose(found.axes @ found.axes.T, np.eye(4))
    assert np.allclose(found.mean, given.mean(0))


def test_projected_rows_have_these_variances_and_no_covariance():
    given = rows()
    found = fit(given, 4)
    assert np.allclose(np.cov(found(given).T), np.diag(found.variances), atol=1e-4)
    assert found(given).dtype == np.float32


def test_all_axes_lose_nothing():
    given = rows()
    found = fit(given, 12)
    assert np.allclose(found(given) @ found.axes + found.mean, given, atol=1e-4)


@pytest.mark.parametrize("sizes", [[60], [1, 59], [7, 7, 0, 7, 39], [20, 20, 20]])
@pytest.mark.parametrize("mean", [0.0, 1e4])
def test_part_by_part_is_the_same(sizes, mean):
    given = rows(mean=mean)
    whole = fit(given, 5)
    parts = fit_in_parts(np.split(given, np.cumsum(sizes)[:-1]), 5)
    assert np.allclose(parts.mean, whole.mean)
    assert np.allclose(parts.variances, whole.variances)
    assert np.allclose(parts.axes, whole.axes, atol=1e-6)  # even up to sign


def test_fewer_rows_than_width():
    given = rows(count=6, width=40)
    assert np.allclose(fit(given, 5).axes, fit_in_parts([given[:2], given[2:]], 5).axes, atol=1e-6)


@pytest.mark.parametrize("count", [0, 6])
def test_more_axes_than_rows_can_tell_are_refused(count):
    given = rows(count=6, width=40)
    for make in (lambda: fit(given, count), lambda: fit_in_parts([given], count)):
        with pytest.raises(DataError, match=f"{count} axes of 6 rows 40 wide: from 1 to 5"):
            make()
    with pytest.raises(DataError, match="2 axes of 0 rows"):
        fit_in_parts([], 2)


def test_they_are_saved_and_read(tmp_path):
    found = fit(rows(), 3)
    found.save(tmp_path / "axes.npz")
    again = PCA.load(tmp_path / "axes.npz")
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))


def test_other_files_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"cannot be read.*watchword encoder pca"):
        PCA.load(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("text")
    np.savez(tmp_path / "less.npz", mean=np.zeros(2))
    np.savez(tmp_path / "pickled.npz", mean=np.array([{}], object), axes=np.eye(2), variances=np.ones(2))
    np.save(tmp_path / "one.npy", np.eye(2))
    for name in ("text.npz", "less.npz", "pickled.npz", "one.npy"):
        with pytest.raises(DataError, match="holds no axes"):
            PCA.load(tmp_path / name)
    np.savez(tmp_path / "odd.npz", mean=np.zeros(3), axes=np.eye(2), variances=np.ones(2))
    with pytest.raises(DataError, match=r"holds no axes: shapes \(3,\), \(2, 2\), \(2,\)"):
        PCA.load(tmp_path / "odd.npz")
