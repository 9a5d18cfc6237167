"""The Java programs themselves where there is Java, and stand-ins that fail where failure is the point."""

import shutil
import time

import pytest

from watchword.core.errors import ScoreError
from watchword.metrics.java import meteor, tokenize_ptb

pytest.importorskip("pycocoevalcap")
java = pytest.mark.skipif(not shutil.which("java"), reason="needs Java")


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Put a shell script in the place of Java."""

    def put(script):
        program = tmp_path / "java"
        program.write_text(script)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    return put


@java
def test_the_tokeniser_equals_the_packages_own():
    from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

    said = ["A man's dog can't swim.", "", "a girl in K.", "A (blue) bird…", "naïve café", "they'll", ""]
    theirs = PTBTokenizer().tokenize({number: [{"caption": text}] for number, text in enumerate(said)})
    assert tokenize_ptb(said) == [words for (words,) in theirs.values()]


@java
def test_line_ends_and_broken_characters_shift_nothing():
    said = ["a\ndog", "b\rc\r\nd", "e\u2028f\vg\fh", "half \ud83d pair", "<a b='x", "last dog"]
    words = tokenize_ptb(said)
    assert words[:4] == ["a dog", "b c d", "e f g h", "half pair"]
    assert words[-1] == "last dog"


def test_no_sentences_need_no_program(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert tokenize_ptb([]) == []


def test_meteor_is_asked_for_each_candidate_and_answers_for_all(stand_in, tmp_path):
    stand_in(
        f"""#!/bin/sh
        while read -r line; do
            echo "$line" >>{tmp_path}/heard
            case "$line" in
                EVAL*) echo 0.1; echo 0.2; echo 0.75 ;;
                *) echo 4 2 ;;
            esac
        done
        """
    )
    assert meteor(["a dog", ""], [["one dog", "two"], ["three"]]) == 0.75
    heard = (tmp_path / "heard").read_text().splitlines()
    assert [line.rstrip() for line in heard] == [
        "SCORE ||| one dog ||| two ||| a dog",
        "SCORE ||| three |||",
        "EVAL ||| 4 2 ||| 4 2",
    ]


@pytest.mark.parametrize("run", [lambda: tokenize_ptb(["a"]), lambda: meteor(["a"], [["a"]])])
def test_without_java_the_error_says_what_to_do(run, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ScoreError, match="no `java` on the path: the published scorers need Java 8"):
        run()


@pytest.mark.parametrize("run", [lambda: tokenize_ptb(["a"]), lambda: meteor(["a"], [["a"]])])
def test_without_the_package_the_error_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setattr("watchword.metrics.java.find_spec", lambda name: None)
    with pytest.raises(ScoreError, match=r"pycocoevalcap is not installed: pip install pycocoevalcap==1.2"):
        run()


@pytest.mark.parametrize("run", [lambda: tokenize_ptb(["a"]), lambda: meteor(["a" * 100_000] * 3, [["b"]] * 3)])
def test_a_program_that_dies_is_quoted(run, stand_in):
    stand_in("#!/bin/sh\necho first >&2\necho no memory left >&2\nexit 3\n")
    with pytest.raises(ScoreError, match="ended with status 3 and said: no memory left"):
        run()


@pytest.mark.parametrize("run", [lambda: tokenize_ptb(["a"], 0.2), lambda: meteor(["a"], [["a"]], 0.2)])
def test_a_program_that_hangs_is_ended(run, stand_in):
    stand_in("#!/bin/sh\nexec sleep 60\n")
    started = time.monotonic()
    with pytest.raises(ScoreError, match=r"took more than 0\.2 s"):
        run()
    assert time.monotonic() - started < 5


def test_a_tokeniser_that_loses_lines_is_noticed(stand_in):
    stand_in("#!/bin/sh\necho one\n")
    with pytest.raises(ScoreError, match="made 2 lines of 3 sentences"):
        tokenize_ptb(["a", "b", "c"])


def test_a_program_that_complains_at_length_does_not_block(stand_in):
    stand_in(
        "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x >&2\nread score; echo 1.0\nread eval; echo 0.25; echo 0.5\n"
    )
    assert meteor(["a"], [["a"]], 20) == 0.5
