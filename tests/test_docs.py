"""Documents cannot go stale: commands, version, links and figures are checked against the code."""

import json
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import typer

import watchword
from watchword.cli.main import app

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("demo_photos/*.md")])
PHOTOS = sorted((ROOT / "demo_photos").glob("*.jpg"))
LINK = re.compile(r"\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def leaves(command, name="watchword"):
    """Yield every command that does something, with its whole name, below a group of them."""
    if hasattr(command, "commands"):
        for child in command.commands:
            yield from leaves(command.commands[child], f"{name} {child}")
    else:
        yield name, command


COMMANDS = dict(leaves(typer.main.get_command(app)))


def test_the_commands_were_found():
    asked_for = {"describe", "train", "evaluate", "export", "recipes", "models", "data check", "explain"}
    assert {f"watchword {name}" for name in asked_for} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    shown = COMMANDS[name].help or ""
    assert len(shown.split()) >= 5
    assert re.search(rf"^\s*(?:Examples?: )?{name}\b", shown, re.MULTILINE), f"no line of the help begins with: {name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    options = [option for option in COMMANDS[name].params if getattr(option, "opts", ["x"])[0].startswith("--")]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_documents(name):
    assert any(name in document.read_text(encoding="utf-8") for document in DOCUMENTS)


def test_documents_name_no_command_that_is_not_there():
    groups = {" ".join(name.split()[:2]) for name in COMMANDS}
    shown = {
        f"watchword {word}"
        for document in DOCUMENTS
        for word in re.findall(
            r"(?:^    |`|\| |/)watchword ([a-z]+)", document.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert len(shown) >= 6
    assert shown <= groups


def test_every_run_of_the_examples_was_made_by_a_line_above():
    made, asked = set(), []
    for line in re.findall(r"^    (watchword .*)", text("README.md"), re.MULTILINE):
        output = re.search(r"--output (runs/\w+)|(?:blend|unpack) .* (runs/\w+)$", line)
        folders = set(re.findall(r"runs/\w+", line)) - set(output.groups() if output else ())
        asked += folders
        assert folders <= made, f"no line above makes what this one reads: {line}"
        made |= set(output.groups() if output else ()) - {None}
    assert len(asked) >= 4


def test_what_the_package_says_of_itself_is_what_it_does():
    """A room for clips or cameras has to be there before the package says that it does them."""
    about = tomllib.loads(text("pyproject.toml"))["project"]["description"].lower()
    rooms = {path.parent.name for path in (ROOT / "src" / "watchword").glob("*/__init__.py")}
    assert "photos" in about
    assert "cameras" not in about or "watch" in rooms
    assert "clips" not in about or (ROOT / "src" / "watchword" / "data" / "clips").is_dir()


def test_the_version_is_one():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)
    assert project["version"] == watchword.__version__ == newest[1]


def test_links_lead_somewhere():
    links = [
        (document, target)
        for document in DOCUMENTS
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "#"))
    ]
    assert len(links) >= 10
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document, target in links
        if not (document.parent / target.partition("#")[0]).exists()
    ]
    assert not broken


def test_every_measuring_script_is_in_the_results():
    scripts = [path.relative_to(ROOT).as_posix() for path in (ROOT / "bench").glob("*.py")]
    assert scripts
    assert [script for script in scripts if script not in text("docs/results.md")] == []


def test_the_figures_of_what_ships_are_those_of_its_bundles():
    """README and results tell of the models that ship; one that is replaced takes its figures along."""
    matcher, small = (
        json.loads(text(f"src/watchword/models/{name}/bundle.json"))["scores"] for name in ("matcher", "small")
    )
    shares = [f"{matcher[f'{way}_{at}']:.0%}".rstrip("%") for way in ("t2i", "i2t") for at in ("r1", "r10")]
    said = "first in {} % of cases, and among the first ten in {} %; a sentence of a photo among 5,000 in {} and {} %"
    assert said.format(*shares) in text("README.md")
    row = [f"{small[name]:.3f}".lstrip("0") for name in ("CIDEr-D", "BLEU-4")]
    assert f"| `small`, beam 3 | {row[0]} | {row[1]} |" in text("README.md")
    columns = [f"{way}_r{at}" for way in ("i2t", "t2i") for at in (1, 5, 10)]
    shown = [f"{matcher[name]:.3f}".lstrip("0") for name in columns]
    line = next(line for line in text("docs/results.md").splitlines() if line.startswith("| `matcher`, ships:"))
    assert [cell.strip() for cell in line.split("|")[2:-1] if "." in cell] == shown


def test_every_pin_is_exact_and_every_dependency_is_pinned():
    pinned = {line.partition("==")[0].lower() for line in text("constraints.txt").splitlines() if "==" in line}
    project = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    assert len(wanted) >= 10
    assert {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted} <= pinned
    assert "torch==2.13.0" in text("constraints.txt").splitlines()


def test_every_demo_photo_has_a_source():
    assert len(PHOTOS) >= 6
    assert [photo.name for photo in PHOTOS if f"`{photo.name}`" not in text("demo_photos/SOURCES.md")] == []
    assert sum(photo.stat().st_size for photo in PHOTOS) < 600_000


@pytest.mark.parametrize("target", ["demo", "test", "check", "install", "format", "clean"])
def test_every_make_target_is_explained(target):
    assert re.search(rf"^# make {target} ", text("Makefile"), re.MULTILINE)
    assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE)
