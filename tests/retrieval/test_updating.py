import os
import re
import shutil

import numpy as np
import pytest

from tests.retrieval.made import MadeMatcher, put
from watchword.core.errors import DataError, RetrievalError
from watchword.core.types import Looked
from watchword.retrieval import updating
from watchword.retrieval.about import About
from watchword.retrieval.index import Index
from watchword.retrieval.lance import FAILED, PHOTOS
from watchword.retrieval.matching import Described
from watchword.retrieval.tables import Tables


@pytest.fixture
def folder(tmp_path):
    put(tmp_path / "photos" / "a.png", "red", "green")
    put(tmp_path / "photos" / "b.png", "blue", "blue")
    put(tmp_path / "photos" / "deep er" / "c.png", "white", "red")
    return tmp_path / "photos"


@pytest.fixture
def index(tmp_path):
    return Index(tmp_path / "index")


def rows(index):
    """What the index holds: path -> content and vectors."""
    table = index._tables.need(PHOTOS)
    found = table.search().to_list()
    assert len({row["key"] for row in found}) == len(found)
    return {os.fsdecode(row["path"]): (row["content"], row["vectors"], row["boxes"]) for row in found}


def counts(done):
    return done.added, done.changed, done.moved, done.removed, done.unchanged, done.failed


def test_an_index_without_a_place_is_refused():
    with pytest.raises(RetrievalError, match=r"no place: name a folder, as in photos\.index"):
        Index("")


def test_what_is_new_changed_moved_and_gone(index, folder):
    matcher = MadeMatcher()
    assert counts(index.update([folder], matcher)) == (3, 0, 0, 0, 0, 0)
    assert counts(index.update([folder], matcher)) == (0, 0, 0, 0, 3, 0)
    assert (matcher.looked, len(index)) == (3, 3)
    put(folder / "a.png", "green", "green")
    (folder / "b.png").rename(folder / "moved.png")
    shutil.rmtree(folder / "deep er")
    put(folder / "d.png", "white")
    assert counts(index.update([folder], matcher)) == (1, 1, 1, 1, 0, 0)
    assert matcher.looked == 5
    assert {os.path.basename(path) for path in rows(index)} == {"a.png", "moved.png", "d.png"}


def test_a_folder_that_is_renamed_is_not_looked_at_again(index, folder):
    matcher = MadeMatcher()
    index.update([folder], matcher)
    before = sorted((content, str(vectors)) for content, vectors, _ in rows(index).values())
    folder.rename(folder.parent / "elsewhere")
    assert counts(index.update([folder.parent / "elsewhere"], matcher)) == (0, 0, 3, 0, 0, 0)
    assert matcher.looked == 3
    assert sorted((content, str(vectors)) for content, vectors, _ in rows(index).values()) == before


def test_a_copy_is_not_looked_at_again(index, folder):
    matcher = MadeMatcher()
    shutil.copy2(folder / "a.png", folder / "same batch.png")
    assert counts(index.update([folder], matcher)) == (4, 0, 0, 0, 0, 0)
    shutil.copy2(folder / "a.png", folder / "same.png")
    shutil.copy2(folder / "b.png", folder / "zz.png")
    assert counts(index.update([folder], matcher, batch=1)) == (2, 0, 0, 0, 4, 0)
    put(folder / "x1.png", "red", "red")
    shutil.copy2(folder / "x1.png", folder / "x2.png")
    assert counts(index.update([folder], matcher, batch=1)) == (2, 0, 0, 0, 6, 0)
    assert matcher.looked == 4
    held = rows(index)
    assert held[str(folder / "x1.png")] == held[str(folder / "x2.png")]


def test_a_touched_photo_is_read_once_more_and_not_looked_at(index, folder):
    matcher = MadeMatcher()
    index.update([folder], matcher)
    os.utime(folder / "a.png", (1000, 1000))
    assert counts(index.update([folder], matcher)) == (0, 0, 0, 0, 3, 0)
    assert matcher.looked == 3
    (row,) = [row for row in index._tables.need(PHOTOS).search().to_list() if row["path"].endswith(b"a.png")]
    assert row["changed"] == 1000 * 10**9


def test_a_change_within_the_same_tick_is_noticed(index, folder):
    matcher = MadeMatcher()
    path = put(folder / "a.png", "red", age=0)
    index.update([folder], matcher)
    found = path.stat()
    put(path, "blue", age=0)
    if path.stat().st_size == found.st_size:
        os.utime(path, ns=(found.st_mtime_ns, found.st_mtime_ns))
    assert index.update([folder], matcher).changed == 1


def test_other_folders_stay_as_they_are(index, folder):
    matcher = MadeMatcher()
    index.update([folder], matcher)
    put(folder.parent / "more" / "e.png", "green")
    (folder / "a.png").unlink()
    assert counts(index.update([folder.parent / "more"], matcher)) == (1, 0, 0, 0, 0, 0)
    assert len(index) == 4
    assert counts(index.update([folder / "a.png"], matcher)) == (0, 0, 0, 1, 0, 0)
    assert counts(index.update([folder / "b.png"], matcher)) == (0, 0, 0, 0, 1, 0)


def test_unreadable_photos_are_reported_and_left_alone_until_they_change(index, folder, monkeypatch):
    matcher = MadeMatcher()
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "page.jpg").write_bytes(b"<html>")
    for name in ("empty.jpg", "page.jpg"):
        os.utime(folder / name, (1000, 1000))
    first = index.update([folder, folder / "nowhere.png"], matcher)
    assert counts(first) == (3, 0, 0, 0, 0, 3)
    why = {os.path.basename(each.path): each.why for each in first.failures}
    assert "is empty (0 bytes)" in why["empty.jpg"]
    assert "it is a web page" in why["page.jpg"]
    assert "does not exist" in why["nowhere.png"]
    opened = []
    monkeypatch.setattr(updating, "open_read", lambda data, size, path: opened.append(path))
    again = index.update([folder], matcher)
    assert (counts(again), opened) == ((0, 0, 0, 0, 3, 2), [])
    monkeypatch.undo()
    put(folder / "page.jpg", "red")
    assert counts(index.update([folder], matcher)) == (1, 0, 0, 0, 3, 1)
    (folder / "empty.jpg").unlink()
    assert counts(index.update([folder], matcher)) == (0, 0, 0, 0, 4, 0)
    assert index._tables.need(FAILED).count_rows() == 0


def test_a_photo_that_becomes_unreadable_is_taken_out(index, folder):
    matcher = MadeMatcher()
    index.update([folder], matcher)
    (folder / "a.png").write_bytes(b"\x89PNG rubbish")
    assert counts(index.update([folder], matcher)) == (0, 0, 0, 0, 2, 1)
    assert str(folder / "a.png") not in rows(index)


def not_a_number(seen):
    vectors = seen.vectors.copy()
    if vectors[0, 0] > 0:  # red above on the left
        vectors[1, 2] = np.nan
    return Looked(vectors, seen.boxes)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (not_a_number, "numbers that are not finite"),
        (lambda seen: Looked(seen.vectors * 1e6, seen.boxes), "not finite, or above 65,504"),
        (lambda seen: Looked(seen.vectors, seen.boxes[:, ::-1]), "boxes that do not lie in the picture"),
        (lambda seen: Looked(seen.vectors[:0], seen.boxes[:0]), "saw no region"),
    ],
)
def test_what_the_model_spoils_is_refused(index, folder, spoil, why):
    done = index.update([folder / "a.png"], MadeMatcher(spoil=spoil))
    assert counts(done) == (0, 0, 0, 0, 0, 1)
    assert why in done.failures[0].why
    assert len(index) == 0


def test_a_model_of_another_shape_is_an_error(index, folder):
    with pytest.raises(RetrievalError, match=r"gave vectors \(4, 3\) and .*they are \(R, 4\) and \(R, 4\)"):
        index.update([folder], MadeMatcher(spoil=lambda seen: Looked(seen.vectors[:, 1:], seen.boxes)))
    matcher = MadeMatcher()
    matcher.look = lambda pictures: []
    with pytest.raises(RetrievalError, match="the model returned 0 results for 3 pictures; one of each"):
        index.update([folder], matcher)


def test_an_error_of_the_model_is_its_own(index, folder):
    """Not taken for one of the index."""
    matcher = MadeMatcher()

    def fail(pictures):
        raise ValueError("the graph is odd")

    matcher.look = fail
    with pytest.raises(ValueError, match="the graph is odd"):
        index.update([folder], matcher)


def test_another_model_is_refused_until_the_index_is_rebuilt(index, folder):
    index.update([folder], MadeMatcher("one"))
    with pytest.raises(
        RetrievalError, match=r"is of the model 'one' \(4 wide\), not of 'two'.*update\(\.\.\., rebuild=True\)"
    ):
        index.update([folder], MadeMatcher("two"))
    assert len(index) == 3
    done = index.update([folder / "a.png"], MadeMatcher("two"), rebuild=True)
    assert (counts(done), len(index), index.about.model) == ((1, 0, 0, 0, 0, 0), 1, "two")


def test_a_folder_that_is_gone_or_empty_keeps_its_rows_until_they_are_removed(index, folder):
    matcher = MadeMatcher()
    index.update([folder], matcher)
    shutil.rmtree(folder)
    done = index.update([folder], matcher)
    assert counts(done) == (0, 0, 0, 0, 0, 1)
    assert "is not there, and 3 of its photos are in the index, where they stay; mount" in done.failures[0].why
    folder.mkdir()
    done = index.update([folder], matcher)
    assert (counts(done), len(index)) == ((0, 0, 0, 0, 0, 1), 3)
    assert "holds no photo, and 3" in done.failures[0].why
    assert index.remove([folder / "deep er", folder / "a.png"]) == 2
    assert index.remove([folder]) == 1
    assert len(index) == 0
    assert counts(index.update([folder], matcher)) == (0, 0, 0, 0, 0, 0)


def test_a_photo_that_was_never_used_is_forgotten_with_its_file(index, folder):
    for path in [*folder.rglob("*.png")]:
        path.unlink()
    (folder / "broken.png").write_bytes(b"no picture")
    assert counts(index.update([folder], MadeMatcher())) == (0, 0, 0, 0, 0, 1)
    (folder / "broken.png").unlink()
    assert counts(index.update([folder], MadeMatcher())) == (0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("*.png", ["photos/deep er/c.png"]),
        ("photos/[ab].png", ["photos/deep er/c.png"]),
        ("photos/*", []),
        ("**/c.png", ["photos/a.png", "photos/b.png"]),
        ("photos/**", []),
        ("deep*", ["photos/a.png", "photos/b.png", "photos/deep er/c.png"]),
        ("photo", ["photos/a.png", "photos/b.png", "photos/deep er/c.png"]),
    ],
)
def test_what_a_pattern_fits_is_removed_though_the_files_are_gone(index, folder, monkeypatch, name, left):
    index.update([folder], MadeMatcher())
    monkeypatch.chdir(folder if name == "*.png" else folder.parent)
    for path in [*folder.rglob("*.png")]:
        path.unlink()
    assert index.remove([name]) == 3 - len(left)
    assert sorted(os.path.relpath(path, folder.parent) for path in rows(index)) == left


def test_sentences_can_be_searched_though_the_first_update_was_stopped(index, folder):
    def stopping(done, of):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update(
            [folder],
            MadeMatcher(),
            batch=1,
            progress=stopping,
            describe=lambda some: [Described("a red dog") for _ in some],
        )
    assert len(index.search("blue", by="sentences")) == 0
    assert len(index.search("red", by="sentences")) == 2


def test_what_words_weigh_is_of_all_photos_though_the_first_update_was_stopped(index, folder):
    """The next update goes on, and makes the index of words again, which knew one photo of three."""
    for number in range(6):
        put(folder / f"more{number}.png", "red", "red", "red", "red")

    def stopping(done, of):
        if done == 2:
            raise KeyboardInterrupt

    given = {"batch": 1, "describe": lambda some: [Described("a red dog") for _ in some]}
    with pytest.raises(KeyboardInterrupt):
        index.update([folder], MadeMatcher(), progress=stopping, **given)
    table = index._tables.open(PHOTOS)
    (named,) = (each.name for each in table.list_indices() if each.columns == ["sentence"])
    assert table.index_stats(named).num_indexed_rows == 1
    index.update([folder], MadeMatcher(), **given)
    table.checkout_latest()
    stats = table.index_stats(named)
    assert (stats.num_indexed_rows, stats.num_unindexed_rows) == (len(index), 0)
    assert len(index) == 9


def test_names_with_brackets_are_names_first(index, folder, monkeypatch):
    trip = folder.parent / "trip [2019]"
    folder.rename(trip)
    (trip / "a.png").rename(trip / "a[1].png")
    index.update([trip], MadeMatcher())
    monkeypatch.chdir(trip)
    unknown = []
    shutil.rmtree(trip / "deep er")
    (trip / "a[1].png").unlink()
    assert index.remove(["a[1].png", "[bx].png", "a1.png", "deep er"], unknown=unknown.append) == 3
    assert unknown == ["a1.png"]


@pytest.mark.parametrize(
    "part", ["photos.lance/data", "photos.lance/_versions", "about.lance/data", "about.lance/_versions"]
)
def test_a_damaged_index_is_told_and_can_be_made_anew(index, folder, tmp_path, part):
    index.update([folder], MadeMatcher())
    damaged = [path for path in (tmp_path / "index" / part).iterdir() if path.is_file()]
    assert damaged
    for path in damaged:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(
        RetrievalError, match=r"cannot be read: .* make it anew \(watchword index FOLDER --index .* --rebuild"
    ):
        Index(tmp_path / "index").update([folder], MadeMatcher())
    assert Index(tmp_path / "index").update([folder], MadeMatcher(), rebuild=True).added == 3


def test_an_index_without_its_photos_is_damaged(index, folder, tmp_path):
    index.update([folder], MadeMatcher())
    shutil.rmtree(tmp_path / "index" / "photos.lance")
    with pytest.raises(RetrievalError, match=r"is damaged: tables are missing; make it anew"):
        index.update([folder], MadeMatcher())
    assert index.update([folder], MadeMatcher(), rebuild=True).added == 3


def test_nothing_to_index(index, tmp_path):
    (tmp_path / "empty").mkdir()
    matcher = MadeMatcher()
    assert counts(index.update([tmp_path / "empty"], matcher)) == (0, 0, 0, 0, 0, 0)
    assert counts(index.update([], matcher)) == (0, 0, 0, 0, 0, 0)
    assert (len(index), matcher.looked, index.search("red")) == (0, 0, [])


ODD = ["it's.png", 'a"b.png', "new\nline.png", "dög 🐕.png", "') OR 1=1 --.png", "%_*.png", "back\\slash.png", " .png"]


def test_odd_names(index, tmp_path):
    matcher = MadeMatcher()
    names = [*ODD, os.fsdecode(b"caf\xe9.png")]
    for i, name in enumerate(names):
        put(tmp_path / "odd" / name, "red", (i, i, 200))
    assert counts(index.update([tmp_path / "odd"], matcher)) == (9, 0, 0, 0, 0, 0)
    assert set(rows(index)) == {str(tmp_path / "odd" / name) for name in names}
    assert {hit.path for hit in index.search("red", limit=20)} == set(rows(index))
    for i, name in enumerate(names[:5]):
        (tmp_path / "odd" / name).rename(tmp_path / "odd" / f"moved'{i}.png")
    (tmp_path / "odd" / names[5]).unlink()
    assert counts(index.update([tmp_path / "odd"], matcher)) == (0, 0, 5, 1, 3, 0)
    assert index.remove([tmp_path / "odd" / names[-1]]) == 1
    assert len(index) == 7


def test_photos_that_vanish_or_change_while_it_runs(index, folder):
    matcher = MadeMatcher()
    put(folder / "b2.png", "green", "red")

    def meddle(number, total):
        assert total == 4
        if number == 1:
            (folder / "b.png").unlink()
            put(folder / "b2.png", "white", "white")

    done = index.update([folder], matcher, progress=meddle)
    assert counts(done) == (3, 0, 0, 0, 0, 1)
    assert "does not exist" in done.failures[0].why
    index.update([folder], matcher)
    vectors = rows(index)[str(folder / "b2.png")][1]
    np.testing.assert_allclose(vectors[0], vectors[1])
    assert len(index) == 3


def test_each_batch_is_kept_when_the_next_one_fails(index, folder):
    matcher = MadeMatcher()

    def stop(number, total):
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update([folder], matcher, batch=1, progress=stop)
    assert len(index) == 2
    assert counts(index.update([folder], matcher)) == (1, 0, 0, 0, 2, 0)
    assert matcher.looked == 3


def test_sentences_and_labels_are_kept(index, folder):
    def describe(pictures):
        return [Described(f"a picture, {i}", ("picture", str(i))) for i, _ in enumerate(pictures)]

    index.update([folder], MadeMatcher(), describe=describe)
    (folder / "a.png").rename(folder / "z.png")
    index.update([folder], MadeMatcher())
    hits = {os.path.basename(hit.path): hit for hit in index.search("red")}
    assert hits["z.png"].sentence == "a picture, 0"
    assert hits["z.png"].labels == ("picture", "0")


def test_adding_costs_what_is_added(tmp_path):
    """Files written, and pictures looked at, for a few more photos do not depend on how many there are."""
    matcher = MadeMatcher()
    index = Index(tmp_path / "index")
    for i in range(40):
        put(tmp_path / "photos" / f"{i:03}.png", (i, 2 * i, 3 * i), "red")
    index.update([tmp_path / "photos"], matcher)

    def size():
        return sum(path.stat().st_size for path in (tmp_path / "index" / "photos.lance" / "data").rglob("*"))

    before = size()
    put(tmp_path / "photos" / "more.png", "green")
    done = index.update([tmp_path / "photos"], matcher)
    assert counts(done) == (1, 0, 0, 0, 40, 0)
    assert matcher.looked == 41
    assert size() - before < before / 2


def test_small_files_are_put_together(tmp_path, monkeypatch):
    monkeypatch.setattr(updating, "_CRUMBS", 5)
    for i in range(12):
        put(tmp_path / "photos" / f"{i:03}.png", (i, 2 * i, 3 * i), "red")
    index = Index(tmp_path / "index")
    index.update([tmp_path / "photos"], MadeMatcher(), batch=1)
    assert index._tables.need(PHOTOS).stats()["fragment_stats"]["num_fragments"] == 1
    assert len(index.search("red", limit=99)) == 12


def test_a_batch_of_nothing_is_refused(index, folder):
    with pytest.raises(RetrievalError, match="batch=0: at least 1"):
        index.update([folder], MadeMatcher(), batch=0)


def test_a_name_alone_is_not_a_list_of_letters(index, folder):
    with pytest.raises(RetrievalError, match=r"update takes a list of files and folders; give \['"):
        index.update(str(folder), MadeMatcher())


def test_a_place_that_cannot_be_written(tmp_path, folder):
    (tmp_path / "file").write_text("")
    with pytest.raises(RetrievalError, match=r"cannot be written: .*; name a folder that can be"):
        Index(tmp_path / "file").update([folder], MadeMatcher())


def test_removing_from_nothing_makes_nothing(tmp_path):
    with pytest.raises(RetrievalError, match=r"there is no index at .*; make one .watchword index FOLDER, or update"):
        Index(tmp_path / "index").remove([tmp_path])
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("named", ["gone", "gone.png", "x*"])
def test_an_index_is_not_begun_anew_with_nothing(tmp_path, folder, named):
    index = Index(tmp_path / "index")
    index.update([folder], MadeMatcher())
    with pytest.raises(DataError, match=f"there is no photo in '.*{re.escape(named)}'"):
        index.update([tmp_path / named], MadeMatcher(), rebuild=True)
    assert len(index) == 3


def test_an_index_that_does_not_say_what_it_is(tmp_path, folder):
    index = Index(tmp_path / "index")
    index.update([folder], MadeMatcher())
    Tables(tmp_path / "index").open("about").update(values={"json": "{}"})
    with pytest.raises(RetrievalError, match="does not say what it is; make it anew"):
        index.update([folder], MadeMatcher())
    assert index.update([folder], MadeMatcher(), rebuild=True).added == 3
    Tables(tmp_path / "index").open("about").update(values={"json": '{"format": 9, "model": "m", "width": 4}'})
    with pytest.raises(RetrievalError, match="has format 9; format 2 is read here; update watchword, or make it anew"):
        index.update([folder], MadeMatcher())


def test_an_older_index_is_made_anew(folder, tmp_path):
    index = Index(tmp_path / "index")
    index.update([folder], MadeMatcher())
    Tables(tmp_path / "index").open("about").update(values={"json": '{"format": 1, "model": "m", "width": 4}'})
    tells = pytest.raises(RetrievalError, match="has format 1; format 2 is read here; make it anew")
    for ask in (index.paths, lambda: index.remove([folder]), lambda: index.search("red"), lambda: index.about):
        with tells:
            ask()
    assert index.update([folder], MadeMatcher(), rebuild=True).added == 3
    assert len(index.paths()) == 3


def test_when_a_photo_was_taken(index, folder):
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "a maker"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    put(folder / "a.png", "red", exif=exif)
    index.update([folder], MadeMatcher())
    found = {os.path.basename(hit.path): hit.taken for hit in index.search("red")}
    assert found["a.png"].isoformat() == "2024-05-06T07:08:09"
    assert found["b.png"] is None


NEVER = ["about"]  # is called otherwise


def tables_at(place):
    return sorted(path.stem for path in place.glob("*.lance"))


def called(index):
    return sorted(index._tables.called(name) for name in (PHOTOS, FAILED))


def stopping_at(number):
    def stop(done, of):
        if done == number:
            raise KeyboardInterrupt

    return stop


def test_an_index_is_there_until_the_new_one_is_whole(index, folder, tmp_path):
    index.update([folder], MadeMatcher("one"))
    before, counted = rows(index), []
    reader = Index(tmp_path / "index", MadeMatcher("one"))

    def look_on(done, of):
        counted.append((len(reader), len(reader.search("red"))))

    with pytest.raises(KeyboardInterrupt):
        index.update([folder], MadeMatcher("one"), batch=1, rebuild=True, progress=stopping_at(2))
    assert rows(index) == before
    (folder / "a.png").unlink()
    done = index.update([folder], MadeMatcher("one"), batch=1, rebuild=True, progress=look_on)
    assert counted == [(3, 3)] * 2
    assert (counts(done), len(reader), len(reader.search("red"))) == ((2, 0, 0, 0, 0, 0), 2, 2)
    assert tables_at(tmp_path / "index") == [*NEVER, *called(reader)]


def test_what_a_kill_left_of_a_new_index_is_removed(index, folder, tmp_path):
    index.update([folder], MadeMatcher())
    Tables(tmp_path / "index").building().begin(About("another", 7))
    put(tmp_path / "index" / "built" / "mine.png", "red")
    (tmp_path / "index" / "photos_of_mine.lance").mkdir()
    assert len(tables_at(tmp_path / "index")) == 6
    assert index.update([folder], MadeMatcher()).unchanged == 3
    assert tables_at(tmp_path / "index") == ["about", "failed", "photos", "photos_of_mine"]
    assert (tmp_path / "index" / "built" / "mine.png").exists()


def test_nothing_is_removed_where_the_index_cannot_say_what_is_its_own(index, folder, tmp_path):
    index.update([folder], MadeMatcher())
    index.update([folder], MadeMatcher(), rebuild=True)
    there = tables_at(tmp_path / "index")
    away = tmp_path / "away"
    (tmp_path / "index" / "about.lance" / "data").rename(away)
    with pytest.raises(RetrievalError, match="make it anew"):
        Index(tmp_path / "index").update([folder], MadeMatcher())
    assert tables_at(tmp_path / "index") == there
    away.rename(tmp_path / "index" / "about.lance" / "data")
    assert Index(tmp_path / "index").update([folder], MadeMatcher()).unchanged == 3
    (tmp_path / "index" / "about.lance" / "data").rename(away)
    assert Index(tmp_path / "index").update([folder], MadeMatcher(), rebuild=True).added == 3
    assert len(tables_at(tmp_path / "index")) == 3


def test_an_index_stays_where_no_photo_can_be_used(index, folder, tmp_path):
    index.update([folder], MadeMatcher())
    broken = [tmp_path / "text.jpg", tmp_path / "none.jpg"]
    for path in broken:
        path.write_text("no picture")
    with pytest.raises(RetrievalError, match=r"no photo of what is named can be used \(2 cannot; .*left as it was"):
        index.update(broken, MadeMatcher(), rebuild=True)
    assert (len(index), len(index.search("red"))) == (3, 3)
    done = index.update([*broken, folder / "a.png"], MadeMatcher(), rebuild=True)
    assert (len(done.failures), len(index)) == (2, 1)
    assert index.update([*broken, folder / "a.png"], MadeMatcher()).failed == 2


def test_sentences_are_searched_in_an_index_that_was_made_anew(index, folder):
    for text in ("a red dog", "a blue dog"):
        index.update(
            [folder], MadeMatcher(), rebuild=True, describe=lambda some, text=text: [Described(text)] * len(some)
        )
    assert len(index.search("blue", by="sentences")) == 3
    assert len(index.search("red", by="sentences")) == 0


def test_an_index_at_a_url_is_made_anew(folder, tmp_path):
    index = Index(f"file://{tmp_path}/far", MadeMatcher())
    index.update([folder], MadeMatcher())
    assert index.update([folder / "a.png"], MadeMatcher(), rebuild=True).added == 1
    assert [hit.path for hit in index.search("red")] == [str(folder / "a.png")]
    assert tables_at(tmp_path / "far") == [*NEVER, *called(index)]


def test_two_make_an_index_at_a_url_anew_at_once(folder, tmp_path):
    first, second = (Index(f"file://{tmp_path}/far", MadeMatcher()) for _ in range(2))
    first.update([folder], MadeMatcher())

    def overtaken(done, of):
        if done == 1:
            second.update([folder / "a.png"], MadeMatcher(), rebuild=True)

    assert first.update([folder], MadeMatcher(), rebuild=True, progress=overtaken).added == 3
    assert len(second.search("red")) == len(Index(f"file://{tmp_path}/far", MadeMatcher()).search("red")) == 3


@pytest.mark.parametrize("width", [4, 7])
def test_who_searches_sees_the_old_index_or_the_new_one(index, folder, tmp_path, monkeypatch, width):
    """Just before what the index says of itself is written: the one moment at which it becomes another."""
    index.update([folder], MadeMatcher("one"), describe=lambda some: [Described("red")] * len(some))
    reader, found = Index(tmp_path / "index", MadeMatcher("one")), []
    before = [(hit.path, hit.score) for hit in reader.search("red")]
    write = Tables.write_about

    def look_on(self, about):
        for at in (reader, Index(tmp_path / "index", MadeMatcher("one"))):
            found.append([(hit.path, hit.score) for hit in at.search("red")])
            assert len(at.search("red", by="sentences")) == 3
        write(self, about)

    other = MadeMatcher("two", spoil=lambda looked: Looked(looked.vectors[:, [0] * width] * -1, looked.boxes))
    other.width = width
    monkeypatch.setattr(Tables, "write_about", look_on)
    Index(tmp_path / "index").update([folder], other, rebuild=True)
    assert found == [before, before]
    for at in (reader, Index(tmp_path / "index", MadeMatcher("one"))):
        with pytest.raises(RetrievalError, match="is of the model 'two'"):
            at.search("red")


def test_vectors_of_another_matcher_are_not_kept_in_memory(tmp_path):
    place = tmp_path / "photos"
    for number in range(520):  # from 500 on vectors that are held choose
        put(place / f"{number:03}.png", *(["red"] * 4 if number == 77 else ["blue"] * 4), (3, 3, number % 256))
    index = Index(tmp_path / "index", MadeMatcher("one"))
    index.update([place], index.matcher, batch=600)
    assert index.search("red")[0].path.endswith("077.png")
    turned = MadeMatcher("two", spoil=lambda looked: Looked(-looked.vectors, looked.boxes))
    index.update([place], turned, batch=600, rebuild=True)
    fresh = Index(tmp_path / "index", turned).search("red")
    assert [hit.path for hit in index.search("red")] == [hit.path for hit in fresh]
    assert not any(hit.path.endswith("077.png") for hit in fresh)
