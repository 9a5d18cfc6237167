"""The interface for programs: what it gives, and what it says when it cannot."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from tests.retrieval.made import put
from tests.web import made
from tests.web.conftest import LOCAL, hand_in
from watchword.core.errors import RetrievalError
from watchword.web.app import application


def search(client, **asked):
    return client.post("/api/search", json=asked)


def error(response, status):
    assert response.status_code == status, response.text
    return response.json()["error"]


def test_what_can_be_done(client):
    about = client.get("/api/about").json()
    assert (about["model"], about["photos"], about["missing"]) == ("made", 4, {})


def test_a_sentence_finds_photos_with_the_place_of_each_word(client):
    found = search(client, text="red").json()
    assert [hit["name"].split("/")[-1] for hit in found["hits"]] == ["mixed.png", "red.png"]
    best = found["hits"][0]
    assert best["words"] == [{"word": "red", "score": best["score"], "box": [0, 0, 0.5, 0.5], "content": True}]
    assert best["probability"] == found["best"] > 0.5
    assert (best["sentence"], best["labels"]) == ("a made photo", ["made"])
    assert "/" not in best["id"]
    jpeg = client.get(f"/api/photos/{best['id']}/small.jpg")
    assert jpeg.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(jpeg.content)) as image:
        assert image.size == (16, 16)


def test_what_hardly_fits_is_kept_back_until_it_is_asked_for(client):
    found = search(client, text="red", least=0.999).json()
    assert (found["hits"], found["kept_back"]) == ([], 4)
    assert 0.5 < found["best"] < 0.999
    assert found["refused"] == "unlikely"
    assert len(search(client, text="red", least=0).json()["hits"]) == 4


def test_words_that_the_model_does_not_know_are_named(client, folder):
    assert search(client, text="red and white").json()["unknown"] == []
    strange = made.abilities(folder, content=lambda word: word != "and", knows=lambda word: word == "red")
    client = TestClient(application(strange), base_url=LOCAL)
    found = search(client, text="red and white").json()
    assert (found["unknown"], len(found["hits"])) == (["white"], 1)
    found = search(client, text="white").json()
    assert (found["unknown"], found["hits"], found["kept_back"]) == (["white"], [], 4)
    assert found["refused"] == "unknown"
    assert search(client, text="red").json()["refused"] is None
    found = search(client, text="red and white and pink").json()
    assert (found["unknown"], found["hits"]) == (["white", "pink"], [])
    assert len(search(client, text="white", least=0).json()["hits"]) == 4


def test_words_that_say_nothing_of_a_photo_fit_nothing(client):
    found = search(client, text="white").json()
    assert (found["hits"], found["kept_back"], found["refused"], found["unknown"]) == ([], 4, "empty", [])


def test_sentences_may_be_searched_too(client):
    """All photos have the sentence, and none of its words is of their regions."""
    for by in ("sentences", "both"):
        found = search(client, text="photo red", by=by, least=0).json()
        assert len(found["hits"]) == 4
    assert search(client, text="red", by="sentences", least=0).json()["hits"] == []
    answered = search(client, text="red", by="colours")
    assert (answered.status_code, "by='colours': regions, sentences, both" in answered.json()["error"]) == (400, True)


def test_those_likely_enough_may_stand_behind_many_by_sentences(folder):
    """By sentences the likeliest do not come first: the search goes on until there are enough of them."""
    plain, asked = made.abilities(folder), []

    def search_in(question):
        asked.append((question.limit, question.least))
        hits = plain.search(question)
        return hits if question.least else [hit for hit in hits if (hit.probability or 0) < 0.5]

    client = TestClient(application(made.abilities(folder, search=search_in)), base_url=LOCAL)
    few = search(client, text="photo red", by="sentences", least=0.5, limit=1).json()["hits"]
    assert [hit["probability"] >= 0.5 for hit in few] == [True]
    assert asked[-1] == (1, 0.5)


def test_unknown_words_are_looked_for_in_sentences_all_the_same(folder):
    """The matcher knows no word of it, and the photos' sentences have one."""
    strange = made.abilities(folder, knows=lambda word: word == "red")
    client = TestClient(application(strange), base_url=LOCAL)
    by_regions = search(client, text="photo red made").json()
    assert (by_regions["hits"], by_regions["kept_back"]) == ([], 4)
    found = search(client, text="photo red made", by="sentences", limit=1).json()
    assert (len(found["hits"]), found["kept_back"]) == (1, 0)
    assert found["best"] >= found["least"]


def test_a_cut_off_says_nothing_of_photos_like_a_photo(client, png):
    id = hand_in(client, png).json()["id"]
    assert len(search(client, photo=id, least=0.3).json()["hits"]) == 4


def test_a_photo_finds_those_that_are_like_it(client, png):
    found = search(client, photo=hand_in(client, png).json()["id"]).json()["hits"]
    assert found[0]["name"].endswith("mixed.png")
    assert found[0]["score"] == pytest.approx(1, abs=1e-3)
    assert found[0]["words"] == []
    again = search(client, photo=found[0]["id"]).json()["hits"]
    assert len(again) == 3
    assert found[0]["id"] not in [hit["id"] for hit in again]


def test_a_photo_that_is_replaced_is_seen_anew(folder, tmp_path):
    """Pictures and what the matcher saw of them are kept, but not beyond the file that they were of."""
    shutil.copytree(folder, tmp_path / "photos")
    client = TestClient(application(made.abilities(tmp_path / "photos")), base_url=LOCAL)
    hit = search(client, text="green", least=0, limit=1).json()["hits"][0]
    asked = lambda: client.get(f"/api/photos/{hit['id']}/small.jpg")  # noqa: E731
    aligned = lambda: client.post(f"/api/photos/{hit['id']}/align", json={"sentence": "green"}).json()  # noqa: E731
    before, places = asked(), aligned()
    for known in ("{}", "W/{}", '"other", {}'):
        same = client.get(before.url.path, headers={"If-None-Match": known.format(before.headers["etag"])})
        assert (same.status_code, same.content) == (304, b"")
    put(Path(hit["name"]), "white", "white", "white", "green")
    after = client.get(before.url.path, headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content == before.content) == (200, False)
    assert aligned()["runs"] != places["runs"]
    Path(hit["name"]).unlink()
    assert "does not exist" in error(asked(), 422)


def test_filters(client, folder):
    names = lambda **asked: [hit["name"] for hit in search(client, text="red", least=0, **asked).json()["hits"]]  # noqa: E731
    assert names(folder=str(folder / "sub")) == [str(folder / "sub" / "blue.png")]
    assert len(names(labels=["made"], folder="", since=None)) == 4
    assert names(labels=["other"]) == []
    assert names(since="2020-01-01") == []
    assert "does not say where it is" in error(search(client, text="red", folder="sub"), 400)
    assert "write 2026-01-31" in error(search(client, text="red", since="yesterday"), 400)


def test_a_photo_is_described_word_by_word(client, photo):
    row = client.post(f"{photo}/describe").json()
    assert [word["word"] for word in row["words"]] == ["a", "red", "thing"]
    assert [word["doubtful"] for word in row["words"]] == [False, False, True]
    assert row["words"][0]["looked"] == [0.7, 0.1, 0.1, 0.1]
    assert (row["rows"], row["columns"], row["confidence"]) == (2, 2, 0.62)


def test_words_that_were_not_read_are_named(client, folder, photo):
    assert search(client, text="red").json()["unread"] == []
    assert client.post(f"{photo}/align", json={"sentence": "red"}).json()["unread"] == []
    short = made.abilities(folder, unread=lambda text: text.split()[2:])
    client = TestClient(application(short), base_url=LOCAL)
    assert search(client, text="red and white dogs").json()["unread"] == ["white", "dogs"]


def test_a_sentence_is_aligned_and_beta_keeps_neighbours_together(client, photo):
    row = client.post(f"{photo}/align", json={"sentence": "red red blue white"}).json()
    assert row["words"][-1] == {"word": "white", "known": False}
    assert [(run["first"], run["end"], run["box"]) for run in row["runs"]] == [
        (0, 2, [0, 0, 0.5, 0.5]),
        (2, 3, [0, 0.5, 0.5, 1]),
        (3, 4, [0.5, 0.5, 1, 1]),
    ]
    together = client.post(f"{photo}/align", json={"sentence": "red red blue white", "beta": 50}).json()
    assert [(run["first"], run["end"]) for run in together["runs"]] == [(0, 4)]
    assert row["most"] > 0


def test_a_photo_is_looked_at_once_however_often_it_is_aligned(folder, png):
    able = made.abilities(folder)
    matcher = able.align._matcher
    before = matcher.looked
    with TestClient(application(able), base_url=LOCAL) as client:
        photo = f"/api/photos/{hand_in(client, png).json()['id']}"
        for beta in (0, 0.1, 0.2):
            assert client.post(f"{photo}/align", json={"sentence": "red", "beta": beta}).status_code == 200
    assert matcher.looked == before + 1


def test_regions(client, photo):
    assert client.post(f"{photo}/regions").json()["regions"][0] == {
        "box": [0, 0, 0.5, 0.5],
        "text": "a red part",
        "confidence": 0.9,
    }


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ({}, 400, "for a sentence or with a photo; give one"),
        ({"text": "red", "photo": "x"}, 400, "give one of them"),
        ({"photo": "x"}, 404, "no longer known here; search for it again"),
        ({"txet": "red"}, 400, "no 'txet' (did you mean 'text'?); there are: text, photo"),
        ({"text": 3}, 400, "text is a str, not 3"),
        ({"text": "x" * 501}, 413, "text has more than 500 letters"),
        ({"text": "red", "limit": 97}, 400, "limit=97: from 1 to 96"),
        ({"text": "red", "limit": True}, 400, "limit is a int"),
        ({"text": "red", "least": 1e400}, 400, "least is a number, and finite"),
        ({"text": "red", "least": 2}, 400, "least=2: a probability, from 0 to 1"),
        ({"text": "red", "labels": [1]}, 400, "labels is a list of texts"),
        ({"text": "nothing that is known"}, 400, "holds no word to search for"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(client, asked, status, says):
    import json

    response = client.post("/api/search", content=json.dumps(asked), headers={"Content-Type": "application/json"})
    assert says in error(response, status)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 50_000])
def test_a_question_that_is_no_object_says_so(client, body):
    headers = {"Content-Type": "application/json"}
    assert error(client.post("/api/search", content=body, headers=headers), 400)
    assert "that is too long" in error(client.post("/api/search", content=b" " * 70_000, headers=headers), 413)
    assert "application/json, not 'text/plain'" in error(
        client.post("/api/search", content=b"{}", headers={"Content-Type": "text/plain"}), 415
    )


def test_alignments_that_cannot_be(client, photo):
    assert "there is no sentence" in error(client.post(f"{photo}/align", json={}), 400)
    assert "no word to look for" in error(client.post(f"{photo}/align", json={"sentence": "?!"}), 400)
    assert "beta=-1" in error(client.post(f"{photo}/align", json={"sentence": "red", "beta": -1}), 400)


def test_what_is_missing_says_which_command_makes_it(folder, png):
    missing = {"search": "There is no index; make one with: watchword index FOLDER", "align": "No matcher."}
    client = TestClient(application(made.abilities(folder, missing=lambda: missing)), base_url=LOCAL)
    assert client.get("/api/about").json()["photos"] is None
    assert "watchword index FOLDER" in error(search(client, text="red"), 409)
    photo = f"/api/photos/{hand_in(client, png).json()['id']}"
    assert error(client.post(f"{photo}/align", json={"sentence": "red"}), 409) == "No matcher."
    assert client.post(f"{photo}/describe").status_code == 200


def test_a_fault_of_ours_is_told_apart_from_one_of_theirs(folder, photo, png):
    def broken(photo):
        raise ZeroDivisionError("secret")

    client = TestClient(
        application(made.abilities(folder, describe=broken, regions=made.refuses)),
        base_url=LOCAL,
        raise_server_exceptions=False,
    )
    address = f"/api/photos/{hand_in(client, png).json()['id']}"
    assert "the model says no" in error(client.post(f"{address}/regions"), 400)
    said = error(client.post(f"{address}/describe"), 500)
    assert "the fault is watchword's" in said
    assert "secret" not in said


def test_a_photo_that_has_vanished_says_so(folder, tmp_path, client):
    def search_gone(question):
        raise RetrievalError("the index cannot be read: gone")

    other = TestClient(application(made.abilities(folder, search=search_gone)), base_url=LOCAL)
    assert "cannot be read" in error(search(other, text="red"), 400)


def test_names_that_are_no_text_come_through(folder):
    from watchword.retrieval.hits import Hit

    odd = made.abilities(folder, search=lambda question: [Hit("/photos/\udcff\u202egnp.png", 1.0, ())])
    client = TestClient(application(odd), base_url=LOCAL)
    hits = search(client, text="red").json()["hits"]
    assert hits[0]["name"] == "/photos/\udcff\u202egnp.png"
    assert "does not exist" in error(client.get(f"/api/photos/{hits[0]['id']}/small.jpg"), 422)
