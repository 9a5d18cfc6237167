"""docs/formats.md names every field that is written or read."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tests.runtime import tiny
from watchword.cli.rows import csv_header, json_row
from watchword.core.types import Sentence
from watchword.runtime.confidence import FIGURES
from watchword.runtime.manifest import Search

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
DOG = Sentence("a dog", ("a", "dog"), (-0.1, -1.0, -0.5), 0.9, None, (("collie", 0.7),))


def code(part):
    """The words in code letters of one section."""
    section = re.search(rf"^##+ {part}.*?(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)[0]
    return set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", section, flags=re.DOTALL)))


def test_fields_of_a_manifest():
    assert {*tiny.manifest(), "files"} <= code("bundle.json")
    assert {*tiny.manifest()["preprocessing"], *tiny.manifest()["shapes"]} <= code("bundle.json")
    assert {field.name for field in fields(Search)} <= code("bundle.json")


def test_files_of_a_bundle(tiny_model):
    assert {path.name for path in Path(tiny_model).iterdir()} <= code("Bundle")


def test_figures_of_the_confidence():
    assert set(FIGURES) <= code("Confidence")
    assert set(tiny.manifest()["calibration"]) <= code("Confidence")


def test_fields_of_a_row():
    row = json.loads(json_row("x", [DOG, DOG], 2))
    assert set(row) <= code("JSON lines")
    example = json.loads(re.search(r"```json\n(.*?)\n```", PAGE)[1])
    assert set(example) == set(row) - {"others"}
    assert example["words"][0].keys() == row["words"][0].keys()
    assert example["labels"][0].keys() == row["labels"][0].keys()


@pytest.mark.parametrize("n", [1, 2])
def test_header_of_csv(n):
    first = csv_header(1).strip()
    assert first in code("CSV")
    assert csv_header(n).strip().removeprefix(first).lstrip(",") in code("CSV") | {""}
