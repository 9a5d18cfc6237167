import pytest

from watchword.core.errors import DataError
from watchword.data.rated import Rated, read_ratings

ROWS = [Rated("a.jpg", "A dog, running.", (4.0, 3.0)), Rated("b.jpg", "A cat.", (1.5,))]


@pytest.mark.parametrize(
    "text",
    [
        'image,candidate,rater_1,rater_2\na.jpg,"A dog, running.",4,3\nb.jpg,A cat.,,1.5\n',
        "image_id\tcaption\tx\ty\na.jpg\tA dog, running.\t4\t3\nb.jpg\tA cat.\t1.5\t\n",
        '{"path": "a.jpg", "candidate": "A dog, running.", "ratings": [4, 3]}\n'
        '{"path": "b.jpg", "candidate": "A cat.", "rating": 1.5}\n',
        '[{"id": "a.jpg", "sentence": "A dog, running.", "x": 4, "y": 3},'
        '{"id": "b.jpg", "sentence": "A cat.", "x": 1.5}]',
    ],
)
def test_tables_of_every_shape_say_the_same(tmp_path, text):
    path = tmp_path / "ratings"
    path.write_text(text)
    assert read_ratings(path) == ROWS
    assert ROWS[0].example.path.name == "a.jpg"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "image,candidate,rater\na.jpg,A dog.,good\n",
            r"line 2: 'rater' is 'good'; every column but image and candidate",
        ),
        ("image,candidate,rater\na.jpg,A dog.,nan\n", "'rater' is 'nan'"),
        ("image,rater\na.jpg,4\n", r"line 2: it has no image \(.*\) or no candidate \(.*; there are: image, rater"),
        ("image,candidate,rater\na.jpg,A dog.,\n", "holds no rating"),
        ("[1]", "item 0: an object with fields was expected, not '1'"),
        ('{"image": "a.jpg"', "is no table of ratings"),
        ("", "holds no rating"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused(tmp_path, text, message):
    path = tmp_path / "ratings"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_ratings(path)
