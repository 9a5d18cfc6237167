import json

import pytest

from watchword.core.errors import DataError
from watchword.data.readers.faults import Faults
from watchword.data.readers.open import read_dataset


@pytest.fixture
def saved(tmp_path):
    def save(document, name="sentences.json"):
        (tmp_path / name).write_text(json.dumps(document))
        return tmp_path / name

    return save


def test_each_id_has_its_sentences_and_no_photo(saved):
    rows = read_dataset(saved({"12": ["A dog.", "A cat."], "7": []}, "captions_val.json"))
    assert [(row.id, row.path, row.sentences) for row in rows] == [("12", None, ("A dog.", "A cat.")), ("7", None, ())]
    assert {row.split for row in rows} == {"val"}


@pytest.mark.parametrize("wrong", ["A dog.", ["A dog.", 5], None])
def test_an_id_without_a_list_of_sentences_is_named(saved, wrong):
    path = saved({"1": ["A cat."], "2": wrong})
    with pytest.raises(DataError, match="'2' has to be a list of sentences, not"):
        read_dataset(path)
    faults = Faults()
    assert [row.id for row in read_dataset(path, faults=faults)] == ["1"]
    assert len(faults.found) == 1
