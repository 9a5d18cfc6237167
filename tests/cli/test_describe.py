"""The command as people call it, with the tiny bundle."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.runtime import tiny
from watchword.core.file_lock import locked
from watchword.metrics.cider import Cider
from watchword.runtime.captioner import Captioner


@pytest.fixture
def describe(watchword, tiny_model, photos):
    """Run `watchword describe --model tiny ...` in the folder that holds "photos"."""
    return lambda *arguments, typed=b"": watchword("describe", "--model", tiny_model, *arguments, typed=typed)


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_text_has_path_sentence_and_confidence(describe):
    done = describe("photos/red.png")
    assert done == (0, "photos/red.png\ta red picture\t75%\n", "")


def test_folders_are_walked_in_order(describe, photos):
    (photos / "more").mkdir()
    shutil.copy(photos / "red.png", photos / "more" / "rose.png")
    (photos / "notes.txt").write_text("no photo", encoding="utf-8")
    done = describe("photos")
    assert [line.split("\t")[0] for line in done.lines] == [
        "photos/blue.png",
        "photos/green.png",
        "photos/red.png",
        "photos/more/rose.png",
    ]
    assert done.status == 0


def test_patterns_and_names_given_twice(describe):
    done = describe("photos/[rb]*.png", "photos/red.png")
    assert [line.split("\t")[1] for line in done.lines] == ["a blue picture", "a red picture"]


@pytest.mark.parametrize("mark", [b"\n", b"\0"])
def test_a_list_on_standard_input(describe, mark):
    done = describe("-", typed=mark.join([b"photos/red.png", b"photos/green.png", b""]))
    assert [line.split("\t")[1] for line in done.lines] == ["a red picture", "a green picture"]


def test_json_has_what_the_formats_page_says(describe):
    done = describe("photos/red.png", "--json")
    (row,) = rows(done.out)
    assert list(row) == ["path", "sentence", "confidence", "words", "end_log_prob", "labels"]
    assert row["path"] == "photos/red.png"
    assert row["sentence"] == "a red picture"
    assert 0.5 < row["confidence"] < 1
    assert [word["word"] for word in row["words"]] == ["a", "red", "picture"]
    assert all(word["log_prob"] < 0 for word in row["words"])
    assert row["end_log_prob"] < 0
    assert row["labels"][0]["name"] == "red"
    assert 0.5 < row["labels"][0]["probability"] < 1


def test_n_best_in_every_format(describe):
    (row,) = rows(describe("photos/red.png", "--json", "--n", "3").out)
    said = [row["sentence"], *(other["sentence"] for other in row["others"])]
    assert len(set(said)) == 3
    table = list(csv.DictReader(io.StringIO(describe("photos/red.png", "--csv", "--n", "3").out)))
    assert [table[0][name] for name in ("sentence", "sentence_2", "sentence_3")] == said
    assert [line.split("\t")[1] for line in describe("photos/red.png", "--n", "3").lines] == said


def test_csv_has_a_header_and_a_row_a_photo(describe):
    table = list(csv.DictReader(io.StringIO(describe("photos", "--csv").out)))
    assert [row["path"] for row in table] == ["photos/blue.png", "photos/green.png", "photos/red.png"]
    assert [row["label"] for row in table] == ["blue", "green", "red"]
    assert all(0 < float(row["confidence"]) < 1 for row in table)


def test_options_reach_the_search(describe):
    assert "of" in rows(describe("photos/red.png", "--json", "--must-include", "of").out)[0]["sentence"].split()
    assert len(rows(describe("photos/red.png", "--json", "--max-words", "2").out)[0]["words"]) <= 2
    sampling = ("photos/red.png", "--sample", "--temperature", "4", "--n", "5", "--seed", "1")
    assert describe(*sampling).out == describe(*sampling).out != describe(*sampling[:-1], "2").out
    narrow = describe("photos/red.png", "--sample", "--temperature", "4", "--top-k", "1", "--n", "2").lines
    assert len({line.split("\t")[1] for line in narrow}) == 1


def test_groups_say_different_things(describe):
    plain = describe("photos/red.png", "--beam", "4", "--n", "4").lines
    apart = describe("photos/red.png", "--beam", "4", "--n", "4", "--groups", "4", "--diversity", "9").lines
    assert plain[0] == apart[0]
    starts = [{line.split("\t")[1].split()[0] for line in lines} for lines in (plain, apart)]
    assert len(starts[1]) > len(starts[0])


def test_the_likeliest_of_many_draws(describe):
    drawn = describe("photos/red.png", "--sample", "--draws", "60", "--temperature", "1.5", "--seed", "1")
    assert drawn.lines == ["photos/red.png\ta red picture\t75%"]


def test_models_describe_together(watchword, tiny_model, photos):
    both = f"{tiny_model}+{tiny_model}"
    assert watchword("describe", "--model", both, "photos/red.png").out == "photos/red.png\ta red picture\t\n"
    done = watchword("describe", "--model", both, "--mean", "log_probabilities", "photos/red.png")
    assert done == (0, "photos/red.png\ta red picture\t\n", "")


def test_consensus_takes_what_most_sentences_share(describe):
    captions = ["path,sentence", "1.jpg,a red picture", "2.jpg,a picture", "3.jpg,bright red", "4.jpg,a dark dog"]
    Path("captions.csv").write_text("\n".join(captions), encoding="utf-8")
    found = rows(describe("photos/red.png", "--beam", "6", "--n", "6", "--json").out)[0]
    texts = [found["sentence"], *(one["sentence"] for one in found["others"])]
    cider = Cider([[line.partition(",")[2]] for line in captions[1:]])
    means = cider.between(texts).sum(1) - np.diag(cider.between(texts))
    done = describe("photos/red.png", "--beam", "6", "--consensus", "captions.csv")
    assert done.lines[0].split("\t")[1] == texts[int(means.argmax())]


def test_consensus_needs_captions_to_weigh_words_by(describe):
    Path("captions.csv").write_text("path,sentence\n1.jpg,a dog\n", encoding="utf-8")
    done = describe("photos/red.png", "--consensus", "captions.csv")
    assert done.status == 2
    assert "'captions.csv' has captions of 1 photos in split 'train': a consensus weighs words" in done.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--beam", "0"], "watchword: --beam 0: 1 (greedy) or more\n"),
        (["--must-include", "bleu"], "the model cannot say 'bleu' (did you mean 'blue'?)"),
        (["--n", "9", "--beam", "2"], "--n 9 sentences from --beam 2"),
        (["--temperature", "1.0"], "for --temperature: words are drawn only if asked for: add --sample"),
        (["--top-k", "0"], "for --top-k: words are drawn"),
        (["--top-p", "0.9"], "for --top-p: words are drawn"),
        (["--seed", "1"], "for --seed: words are drawn"),
        (["--sample", "--beam", "3"], "for --beam: words that are drawn need no beam"),
        (["--sample", "--groups", "3", "--diversity", "1"], "for --groups --diversity: words that are drawn need no"),
        (["--draws", "9"], "for --draws: words are drawn only if asked for"),
        (["--diversity", "1"], "for --diversity: one group has no other to differ from"),
        (["--beam", "3", "--groups", "2"], "--groups 2 of --beam 3: each has an equal share of the beam; set --beam 4"),
        (["--mean", "probabilities"], "for --mean: a mean is of several models"),
        (["--consensus", "nowhere.csv"], "nowhere.csv does not exist"),
        (["--sample", "--seed", "-1"], "--seed -1: 0 or more, or left out for a new one each time"),
        (["--no-repeat", "-1"], "--no-repeat -1: 0 (off)"),
        (["--max-words", "0"], "--max-words 0: a sentence needs room"),
        (["--max-words", "1", "--must-include", "red picture"], "but --max-words is 1; raise --max-words"),
        (["--output", "x.jsonl", "--html", "./x.jsonl"], "--output and --html cannot both be"),
        (["--json", "--csv"], "rows are JSON or CSV"),
        (["--resume"], "needs --output FILE"),
        (["--resume", "--output", "rows.txt"], "needs --output FILE with --json or --csv"),
        (["--resume", "--json", "--output", "rows.jsonl", "--html", "x.html"], "and no --html"),
        (["--output", "no/such/folder.jsonl"], "cannot be written: No such file or directory"),
        (["--html", "no/such/folder.html"], "cannot be written: No such file or directory"),
    ],
)
def test_what_makes_no_sense_is_refused(describe, arguments, complaint):
    done = describe("photos/red.png", *arguments)
    assert done.status == 2
    assert complaint in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_an_empty_name_is_not_the_current_folder(describe):
    done = describe("")
    assert (done.status, done.out) == (1, "")
    assert "an empty name stands for no photo; name a file, a folder (. for this one) or a pattern" in done.err
    assert describe("", "photos/red.png").lines == ["photos/red.png\ta red picture\t75%"]


def test_nothing_found_is_an_error(describe, tmp_path):
    (tmp_path / "empty").mkdir()
    done = describe("empty")
    assert done.status == 2
    assert "there is no photo in 'empty'" in done.err


def test_bad_files_are_named_at_the_end_and_the_rest_is_described(describe, photos):
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    (photos / "empty.png").write_bytes(b"")
    done = describe("photos", "absent.jpg", "photos/x*.png")
    assert done.status == 1
    assert [line.split("\t")[0] for line in done.lines] == ["photos/blue.png", "photos/green.png", "photos/red.png"]
    head, *failures = done.err.splitlines()
    assert head == "4 not described:"
    assert failures[0].startswith("nothing matches the pattern 'photos/x*.png'; ")
    assert failures[1].startswith("photos/broken.jpg: is not a picture that can be read: ")
    assert failures[2] == "photos/empty.png: is empty (0 bytes); copy it again from where it came from"
    assert failures[3].startswith("absent.jpg: does not exist; ")


def test_only_bad_patterns_is_a_failure_and_no_usage_error(describe):
    done = describe("nowhere/*.jpg")
    assert (done.status, done.out) == (1, "")
    assert "nothing matches the pattern" in done.err


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not allow")
def test_odd_names_come_through(describe, photos):
    odd = ["line\nend.png", "<b>bold&.png", "[red]markup.png", "emoji 🐕.png", "\x1b[31mred.png"]
    for name in odd:
        shutil.copy(photos / "red.png", photos / name)
    broken = os.fsdecode(b"photos/not-\xff-utf8.png")
    shutil.copy(photos / "red.png", broken)
    wanted = {f"photos/{name}" for name in [*odd, "red.png", "green.png", "blue.png"]} | {broken}
    assert {row["path"] for row in rows(describe("photos", "--json").out)} == wanted
    text = describe("photos").out
    assert len(text.splitlines()) == len(wanted)
    assert "\x1b" not in text
    assert "photos/line\\nend.png\t" in text
    assert "photos/not-\\xff-utf8.png\t" in text
    assert "photos/emoji 🐕.png\t" in text


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not allow")
def test_odd_names_of_bad_files_are_made_safe(describe, photos):
    (photos / "a\nb\x1b[2J[bold].png").write_bytes(b"")
    done = describe("photos/a\nb\x1b[2J[bold].png")
    assert done.err.splitlines()[1].startswith("photos/a\\nb\\x1b[2J[bold].png: is empty")
    assert "\x1b" not in done.err


def test_rows_go_to_the_output_whose_ending_says_the_format(describe):
    assert describe("photos", "--output", "rows.jsonl") == (0, "", "")
    assert len(rows(Path("rows.jsonl").read_text(encoding="utf-8"))) == 3
    describe("photos", "--output", "rows.csv")
    assert Path("rows.csv").read_text(encoding="utf-8").startswith("path,sentence,")


def test_an_output_that_is_there_is_left_alone(describe):
    Path("rows.jsonl").write_text("precious", encoding="utf-8")
    done = describe("photos", "--output", "rows.jsonl")
    assert done.status == 2
    assert "is there already: go on with it by --resume" in done.err
    assert Path("rows.jsonl").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_resume_goes_on_where_a_torn_row_was(describe, photos, kind):
    output = Path(f"rows.{kind}")
    describe("photos", "--output", output)
    whole = output.read_bytes()
    for length in (0, 3, len(whole) // 2, len(whole) - 1, len(whole)):
        output.write_bytes(whole[:length])
        done = describe("photos", "--output", output, "--resume")
        assert done.status == 0
        assert output.read_bytes() == whole
    assert "nothing left to do, rows" in done.err


def test_resume_takes_up_new_photos_and_tries_bad_ones_again(describe, photos):
    (photos / "bad.png").write_bytes(b"")
    assert describe("photos", "--output", "rows.jsonl", "--resume").status == 1
    shutil.copy(photos / "red.png", photos / "bad.png")
    assert describe("photos", "--output", "rows.jsonl", "--resume").status == 0
    paths = [row["path"] for row in rows(Path("rows.jsonl").read_text(encoding="utf-8"))]
    assert paths == ["photos/blue.png", "photos/green.png", "photos/red.png", "photos/bad.png"]


def test_a_kill_loses_at_most_a_batch_and_repeats_nothing(tiny_model, photos):
    names = []
    for number in range(600):
        names.append(f"photos/{number:03}.png")
        Image.fromarray(tiny.picture("green")).save(names[-1])
    for colour in tiny.COLOURS:
        (photos / f"{colour}.png").unlink()
    arguments = ["describe", "--model", tiny_model, "photos", "--output", "rows.jsonl", "--resume"]
    command = [sys.executable, "-c", "from watchword.cli.main import main; main()", *arguments]
    output, kills = Path("rows.jsonl"), 0
    for _ in range(3):
        before = output.stat().st_size if output.exists() else 0
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while process.poll() is None and (not output.exists() or output.stat().st_size <= before):
            time.sleep(0.001)
        if process.poll() is not None:
            break
        process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()
        kills += 1
    assert subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    assert kills >= 1
    assert [row["path"] for row in rows(output.read_text(encoding="utf-8"))] == names


def test_a_stop_by_the_user_keeps_what_was_said(describe, monkeypatch):
    from watchword.cli import describing

    def interrupted(items, total):
        yield next(iter(items))
        raise KeyboardInterrupt

    monkeypatch.setattr(describing, "followed", interrupted)
    done = describe("photos", "--html", "page.html")
    assert done.status == 130
    assert len(done.lines) == 1
    assert Path("page.html").read_text(encoding="utf-8").count("<article>") == 1


def test_a_reader_that_leaves_ends_the_run_quietly(tiny_model, photos):
    for number in range(200):
        shutil.copy(photos / "red.png", photos / f"{number}.png")
    program = "from watchword.cli.main import main; main()"
    command = [sys.executable, "-c", program, "describe", "--model", tiny_model, "photos"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 1


def test_sidecars_come_with_the_sentence(describe, photos):
    assert describe("photos", "--xmp").status == 0
    assert "a red picture" in (photos / "red.png.xmp").read_text(encoding="utf-8")
    before = (photos / "red.png").read_bytes()
    (photos / "blue.png.xmp").write_text("no XMP", encoding="utf-8")
    done = describe("photos", "--xmp")
    assert done.status == 1
    assert len(done.lines) == 3  # the sentence is said all the same
    assert "photos/blue.png: the sidecar 'photos/blue.png.xmp' is no XMP" in done.err
    assert (photos / "red.png").read_bytes() == before


def test_a_photo_whose_sidecar_failed_is_tried_again(describe, photos):
    (photos / "blue.png.xmp").write_text("no XMP", encoding="utf-8")
    done = describe("photos", "--xmp", "--output", "rows.jsonl")
    assert done.status == 1
    assert done.err.startswith("1 not written:\nphotos/blue.png: the sidecar ")
    (photos / "blue.png.xmp").unlink()
    assert describe("photos", "--xmp", "--output", "rows.jsonl", "--resume").status == 0
    assert "a blue picture" in (photos / "blue.png.xmp").read_text(encoding="utf-8")
    paths = [row["path"] for row in rows(Path("rows.jsonl").read_text(encoding="utf-8"))]
    assert paths == ["photos/green.png", "photos/red.png", "photos/blue.png"]


def test_the_heading_says_what_was_not_done(describe, photos):
    (photos / "blue.png.xmp").write_text("no XMP", encoding="utf-8")
    (photos / "bad.png").write_bytes(b"")
    assert describe("photos", "--xmp").err.startswith("2 not described or not written:\n")


@pytest.mark.skipif(os.name == "nt", reason="other limits of names")
def test_a_name_too_long_for_a_sidecar_stops_nothing(describe, photos):
    long = photos / ("a" * 248 + ".png")
    shutil.copy(photos / "red.png", long)
    done = describe("photos", "--xmp")
    assert done.status == 1
    assert len(done.lines) == 4
    assert "File name too long" in done.err
    assert (photos / "red.png.xmp").exists()


@pytest.mark.parametrize("content", ['{"notes": ["precious"]}', "text without a line end"])
@pytest.mark.parametrize("name", ["notes.json", "notes.jsonl"])
def test_resume_onto_a_file_of_another_kind_leaves_it(describe, name, content):
    Path(name).write_text(content, encoding="utf-8")
    done = describe("photos", "--output", name, "--resume")
    assert done.status == 2
    assert "cannot be gone on with" in done.err
    assert Path(name).read_text(encoding="utf-8") == content


@pytest.mark.skipif(os.name == "nt", reason="locks")
def test_two_runs_do_not_write_one_file(describe):
    describe("photos/red.png", "--output", "rows.jsonl")
    before = Path("rows.jsonl").read_bytes()
    with locked(Path("rows.jsonl")):
        done = describe("photos", "--output", "rows.jsonl", "--resume")
    assert done.status == 2
    assert "another run is writing 'rows.jsonl': let it end, or name another --output" in done.err
    assert Path("rows.jsonl").read_bytes() == before
    assert describe("photos", "--output", "rows.jsonl", "--resume").status == 0


@pytest.mark.skipif(os.name == "nt", reason="locks")
@pytest.mark.parametrize("begun", ["a new file", "rows of an earlier run"])
def test_a_run_holds_its_rows_while_it_writes(describe, monkeypatch, begun):
    from watchword.cli import describing

    if begun == "rows of an earlier run":
        describe("photos/red.png", "--output", "rows.jsonl")

    def tried(items, total):
        for item in items:
            with pytest.raises(BlockingIOError), locked(Path("rows.jsonl"), wait=False):
                pass
            yield item

    monkeypatch.setattr(describing, "followed", tried)
    assert describe("photos", "--output", "rows.jsonl", "--resume").status == 0
    assert len(rows(Path("rows.jsonl").read_text(encoding="utf-8"))) == 3
    with locked(Path("rows.jsonl"), wait=False):
        pass


def test_rows_of_a_run_that_began_in_the_meantime_stay(describe, monkeypatch):
    from watchword.cli import describing

    def slow(*asked):
        Path("rows.jsonl").write_text("another run's", encoding="utf-8")
        return opened(*asked)

    opened = describing.captioner
    monkeypatch.setattr(describing, "captioner", slow)
    done = describe("photos", "--output", "rows.jsonl", "--resume")
    assert done.status == 2
    assert "is there already" in done.err
    assert Path("rows.jsonl").read_text(encoding="utf-8") == "another run's"


def test_a_page_replaces_no_photo(describe, photos):
    os.link(photos / "red.png", "same.html")
    before = (photos / "red.png").read_bytes()
    done = describe("photos", "--html", "same.html")
    assert done.status == 2
    assert "'same.html' is one of the files to be read, which stay as they are; name another --html" in done.err
    assert (photos / "red.png").read_bytes() == before


@pytest.mark.parametrize("content", ["precious", "<html5>", "<!-- <html> -->"])
def test_a_page_replaces_nothing_but_pages(describe, content):
    Path("notes.txt").write_text(content, encoding="utf-8")
    done = describe("photos", "--html", "notes.txt")
    assert done.status == 2
    assert "'notes.txt' is there already and is no HTML page; move it away, or name another --html" in done.err
    assert Path("notes.txt").read_text(encoding="utf-8") == content


@pytest.mark.parametrize("content", ["", "<!DOCTYPE html>\n", "\ufeff <!-- saved -->\n<HTML lang=en>"])
def test_a_page_replaces_a_page(describe, content):
    Path("page.html").write_text(content, encoding="utf-8")
    for _ in range(2):
        assert describe("photos", "--html", "page.html").status == 0
    assert Path("page.html").read_text(encoding="utf-8").count("<article>") == 3


def test_a_dash_in_a_list_is_a_name(describe, photos):
    done = describe("-", typed=b"photos/red.png\n-\nphotos/blue.png\n")
    assert done.status == 1
    assert [line.split("\t")[1] for line in done.lines] == ["a red picture", "a blue picture"]
    assert "-: does not exist" in done.err


def test_no_repeat_reaches_the_search(describe, monkeypatch):
    asked = {}

    def listening(self, photos, n, **options):
        asked.update(options)
        return iter(())

    monkeypatch.setattr(Captioner, "describe_many_n", listening)
    describe("photos", "--no-repeat", "2")
    assert asked["no_repeat_ngram"] == 2
