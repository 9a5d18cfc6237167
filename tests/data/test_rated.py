import gzip

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
    ("text", "rated"),
    [
        ("id,image,candidate,x\n17,a.jpg,A dog.,4\n", Rated("a.jpg", "A dog.", (4.0,))),
        ("id,image_id, candidate,x\n17,5.0,A dog.,4\n", Rated("5", "A dog.", (4.0,))),
        ('[{"id": 17, "image_id": 5.0, "candidate": null, "x": 4}]', Rated("5", "", (4.0,))),
        ("image,candidate,x\na.jpg,,4\n", Rated("a.jpg", "", (4.0,))),
        ("image;candidate;x\na.jpg;A dog, a cat;4\n", Rated("a.jpg", "A dog, a cat", (4.0,))),
        ('image,candidate,x\na.jpg,"A\r\ndog",4\n', Rated("a.jpg", "A\r\ndog", (4.0,))),
    ],
)
def test_what_is_no_rating_is_none(tmp_path, text, rated):
    (tmp_path / "ratings").write_bytes(text.encode())
    (tmp_path / "ratings.gz").write_bytes(gzip.compress(text.encode()))
    assert read_ratings(tmp_path / "ratings") == read_ratings(tmp_path / "ratings.gz") == [rated]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("image,candidate,x\na.jpg,A dog.,4\na.jpg,A dog.,3,5\n", "line 3: it has more cells than the heading; write"),
        ("image;candidate;x\na.jpg;A dog.;3,5\n", "line 2: 'x' is '3,5'; every column .* is a rating, as 4 or 3.5"),
        ('[{"image": "a.jpg", "candidate": "A dog.", "x": true}]', "item 0: 'x' is True; every column but"),
        ('[{"image": "a.jpg", "candidate": "A dog.", "ratings": [4, false]}]', "item 0: 'ratings' is False"),
        ('[{"image": "a.jpg", "candidate": ["A dog."], "x": 4}]', "item 0: a sentence has to be text"),
        ("image,candidate,x\n,A dog.,4\n", "line 2: its image is empty; name it, or leave the row out"),
        (
            "image,candidate,rater\na.jpg,A dog.,good\n",
            r"line 2: 'rater' is 'good'; every column but image and candidate",
        ),
        ("image,candidate,rater\na.jpg,A dog.,nan\n", "'rater' is 'nan'"),
        ("image,rater\na.jpg,4\n", r"line 1: it has no image \(.*\) or no candidate \(.*; there are: image, rater"),
        ("image,candidate,rater\na.jpg,A dog.,\n", "holds no rating"),
        ("[1]", "item 0: an object with fields was expected, not '1'"),
        ('{"image": "a.jpg"', "line 1: not JSON"),
        ("", "holds no rating"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused(tmp_path, text, message):
    path = tmp_path / "ratings"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_ratings(path)
