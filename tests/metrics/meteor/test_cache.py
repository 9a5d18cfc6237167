"""The compiled lexicon: made once, and again when it must be."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.metrics.meteor.conftest import PARAPHRASES, make_package
from watchword.core.errors import ScoreError
from watchword.metrics.meteor import cache
from watchword.metrics.meteor.cache import cache_folder, is_compiled, load_lexicon
from watchword.metrics.meteor.lexicon import from_arrays, to_arrays


@pytest.fixture
def package(tmp_path, monkeypatch):
    packaged = make_package(tmp_path / "package")
    monkeypatch.setattr(cache, "find_packaged", lambda: packaged)
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "kept"))
    return packaged


@pytest.fixture
def compiled(monkeypatch):
    """Counts how often the lexicon is compiled."""
    calls, real = [], cache.compile_lexicon
    monkeypatch.setattr(cache, "compile_lexicon", lambda packaged: calls.append(packaged) or real(packaged))
    return calls


def the_file():
    (path,) = cache_folder().glob("*.bin")
    return path


def assert_equal(one, other):
    (arrays, facts), (others, other_facts) = to_arrays(one), to_arrays(other)
    assert facts == other_facts
    assert all(np.array_equal(arrays[name], others[name]) for name in arrays)


def test_it_is_compiled_once(package, compiled):
    assert not is_compiled()
    first, second = load_lexicon(), load_lexicon()
    assert is_compiled()
    assert_equal(first, second)
    assert len(compiled) == 1
    assert first.prefixes == {"Mr", "Dr", "v", "rev"}
    assert first.numeric == {"No", "pp"}
    assert "of" in first.function_words


def test_arrays_and_facts_make_the_lexicon_again(small):
    assert_equal(from_arrays(*to_arrays(small)), small)


@pytest.mark.parametrize("harm", [lambda text: text[:-100], lambda text: text[:-90] + b"!" + text[-89:], lambda _: b""])
def test_a_damaged_file_is_made_again(package, compiled, harm):
    first = load_lexicon()
    path = the_file()
    whole = path.read_bytes()
    path.unlink()  # the first lexicon looks into the old one
    path.write_bytes(harm(whole))
    assert is_compiled() == (len(harm(whole)) == len(whole))  # what is seen without reading it all
    assert_equal(load_lexicon(), first)
    assert the_file().read_bytes() == whole
    assert len(compiled) == 2


def test_other_data_are_compiled_too(package, compiled):
    load_lexicon()
    package.paraphrases.unlink()
    package.jar.unlink()
    (package.jar.parent / "data").rmdir()
    make_package(package.jar.parent, PARAPHRASES[:-1])
    assert len(load_lexicon().paraphrases.others) == len(PARAPHRASES) - 1
    assert len(compiled) == 2


def test_two_at_once_compile_once(package, compiled):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: load_lexicon(), range(4)))
    assert len(compiled) == 1
    assert_equal(found[0], found[-1])


def test_a_folder_that_cannot_be_made_costs_only_time(package, compiled, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "file" / "kept"))
    assert_equal(load_lexicon(), load_lexicon())
    assert len(compiled) == 2


def test_a_full_disk_costs_only_time(package, monkeypatch):
    def full(*given):
        raise OSError("no space left")

    monkeypatch.setattr(cache, "write_arrays", full)
    assert len(load_lexicon().paraphrases.others) == len(PARAPHRASES)


@pytest.mark.parametrize(
    "harm",
    [
        lambda package: package.paraphrases.write_bytes(package.paraphrases.read_bytes()[:-20]),
        lambda package: package.paraphrases.write_bytes(b"not compressed"),
        lambda package: package.jar.write_bytes(b"no jar"),
    ],
)
def test_data_that_cannot_be_read_are_named(package, harm):
    harm(package)
    with pytest.raises(ScoreError, match=r"METEOR's data in .*package cannot be read: .*; install pycocoevalcap again"):
        load_lexicon()


def test_without_the_package_there_is_no_lexicon(monkeypatch):
    monkeypatch.setattr("watchword.metrics.meteor.packaged.find_spec", lambda name: None)
    assert load_lexicon() is None


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/watchword"),
        ("linux", {}, "~/.cache/watchword"),
        ("darwin", {}, "~/Library/Caches/watchword"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/watchword/cache"),
        ("linux", {"WATCHWORD_CACHE": "/mine", "XDG_CACHE_HOME": "/x"}, "/mine"),
    ],
)
def test_where_it_is_kept(platform, environment, expected, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", cache.FOLDER):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert cache_folder() == Path(expected).expanduser()


def test_two_processes_at_once_both_get_a_whole_lexicon(package):
    program = f"""
from pathlib import Path
from watchword.metrics.meteor import cache
from watchword.metrics.meteor.packaged import Packaged
cache.find_packaged = lambda: Packaged(Path({str(package.jar.parent)!r}))
print(len(cache.load_lexicon().paraphrases.others))
"""
    both = [subprocess.Popen([sys.executable, "-c", program], stdout=-1, text=True, env=os.environ) for _ in "12"]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == [str(len(PARAPHRASES))] * 2
