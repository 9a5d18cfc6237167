import pytest

from watchword.core.errors import DataError
from watchword.data.readers.open import read_dataset

TOKENS = "1.jpg#0\tA dog .\n2.jpg#0\tA cat .\r\n1.jpg#1\tA # brown\tdog .\n\n"


def test_sentences_gather_at_their_photo(tmp_path):
    (tmp_path / "Flickr8k.token.txt").write_text(TOKENS)
    rows = read_dataset(tmp_path / "Flickr8k.token.txt")
    assert [(row.id, row.sentences, row.split) for row in rows] == [
        ("1.jpg", ("A dog .", "A # brown\tdog ."), "train"),
        ("2.jpg", ("A cat .",), "train"),
    ]
    assert rows[0].path == tmp_path / "images" / "1.jpg"


def test_lists_beside_the_file_give_the_splits(tmp_path):
    (tmp_path / "Flickr8k.token.txt").write_text(TOKENS + "3.jpg#0\tA bird .\n")
    (tmp_path / "Flickr_8k.trainImages.txt").write_text("2.jpg\n")
    (tmp_path / "Flickr_8k.devImages.txt").write_text("1.jpg\n")
    rows = read_dataset(tmp_path / "Flickr8k.token.txt", tmp_path)
    assert [(row.id, row.split) for row in rows] == [("1.jpg", "val"), ("2.jpg", "train")]
    assert rows[0].path == tmp_path / "1.jpg"


def test_a_line_that_is_not_as_it_should_be_is_named(tmp_path):
    path = tmp_path / "tokens.txt"
    path.write_text(TOKENS + "3.jpg A bird .\n")
    with pytest.raises(DataError, match=r"tokens\.txt, line 5: not name\.jpg#0<TAB>sentence, but '3\.jpg A bird \.'"):
        read_dataset(path)


def test_only_blanks_around_a_sentence_are_taken_off(tmp_path):
    path = tmp_path / "tokens.txt"
    path.write_text("1.jpg#0\t \u2028A dog .\xa0 \r\n", encoding="utf-8", newline="")
    assert [row.sentences for row in read_dataset(path)] == [("\u2028A dog .\xa0",)]
