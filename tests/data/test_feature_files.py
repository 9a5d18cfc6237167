import numpy as np
import pytest

from tests.data.test_matlab import file_of, matrix
from watchword.core.errors import DataError
from watchword.core.types import Example
from watchword.data.feature_files import in_order, read_features

ROWS = np.arange(12, dtype="f4").reshape(4, 3)


def examples(count, **extra):
    return [Example(str(i), None, extra={name: values[i] for name, values in extra.items()}) for i in range(count)]


def test_rows_come_from_npy_and_from_neuraltalks_file(tmp_path):
    np.save(tmp_path / "rows.npy", ROWS.astype("f8"))
    (tmp_path / "vgg_feats.mat").write_bytes(file_of(matrix("feats", ROWS.T)))
    for name in ("rows.npy", "vgg_feats.mat"):
        found = read_features(tmp_path / name)
        assert np.array_equal(found, ROWS)
        assert found.dtype == np.float32


def test_other_files_are_refused(tmp_path):
    np.save(tmp_path / "pickled.npy", np.array([{}], object))
    np.save(tmp_path / "cube.npy", np.zeros((2, 2, 2)))
    np.save(tmp_path / "empty.npy", np.zeros((0, 3)))
    np.save(tmp_path / "nan.npy", np.array([[1.0], [np.nan]]))
    (tmp_path / "text.npy").write_text("text")
    for name, says in {
        "none.npy": "no features can be read",
        "none.mat": "no features can be read",
        "text.npy": "no features can be read",
        "pickled.npy": "no features can be read",
        "cube.npy": r"holds \(2, 2, 2\): features are a table",
        "empty.npy": r"holds \(0, 3\)",
        "nan.npy": "row 1 holds what is no number",
    }.items():
        with pytest.raises(DataError, match=says):
            read_features(tmp_path / name)


def test_rows_are_in_the_order_of_the_data_set():
    assert np.array_equal(in_order(ROWS, examples(4)), ROWS)
    # Even where each has a number: it is the place in what may be a larger file.
    assert np.array_equal(in_order(ROWS, examples(4, imgid=[3, 2, 1, 0])), ROWS)


def test_a_part_of_a_data_set_takes_its_own_rows():
    assert np.array_equal(in_order(ROWS, examples(2, imgid=[3, 1])), ROWS[[3, 1]])


@pytest.mark.parametrize("extra", [{}, {"imgid": [0, 4]}, {"imgid": [0, -1]}, {"imgid": [0, None]}])
def test_rows_that_cannot_be_matched_are_refused(extra):
    with pytest.raises(DataError, match="4 rows for 2 examples: give the data set that they were computed of, whole"):
        in_order(ROWS, examples(2, **extra))
    with pytest.raises(DataError, match="4 rows for 5 examples"):
        in_order(ROWS, examples(5, imgid=[0, 1, 2, 3, 0]))
