"""The wheel, as a user gets it: built from a copy of the sources, installed elsewhere, run from there.

Needs the package registry, so it is run by name: pytest -m install
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = [pytest.mark.install, pytest.mark.slow]

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "watchword"
PHOTO = ROOT / "demo_photos" / "dog.jpg"
LIMIT = 250_000_000  # bytes on disk of an environment that only describes
SOURCES = ("src", "pyproject.toml", "README.md", "LICENSE", "LICENSES", "NOTICE")
SCRIPTS = Path("Scripts" if os.name == "nt" else "bin")


class Installed(NamedTuple):
    """An environment with the wheel in it, and the folder outside the checkout to work in."""

    wheel: Path
    environment: Path
    folder: Path

    def run(self, program, *arguments):
        """Run one of the environment's programs, with nothing of this checkout in reach."""
        clean = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        command = [self.environment / SCRIPTS / program, *arguments]
        return subprocess.run(command, cwd=self.folder, env=clean, capture_output=True, text=True, timeout=120)

    def python(self, program):
        """Run a Python program there, and return what it prints."""
        done = self.run("python", "-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def wheel_names(self):
        """The files inside the wheel."""
        with zipfile.ZipFile(self.wheel) as wheel:
            return wheel.namelist()


def call(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def build_wheel(folder):
    """Build the wheel from a copy: what an earlier build left in the checkout must not get into it."""
    copy = folder / "sources"
    copy.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__"))
        else:
            shutil.copy(ROOT / name, copy)
    call(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, copy)
    (wheel,) = folder.glob("watchword-*.whl")
    shutil.rmtree(copy)
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    wheel = build_wheel(folder)
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / SCRIPTS / "python"
    call(python, "-m", "pip", "install", "-qq", "--constraint", ROOT / "constraints.txt", wheel)
    return Installed(wheel, environment, folder)


def test_wheel_holds_all_that_the_package_reads(installed):
    """Every file beside the modules, the shipped model among them."""
    expected = {
        str(path.relative_to(PACKAGE.parent)) for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }
    held = {name for name in installed.wheel_names() if name.startswith("watchword/")}
    assert held == expected
    assert "watchword/models/small/bundle.json" in held


def test_model_that_ships_is_at_most_30_megabytes(installed):
    with zipfile.ZipFile(installed.wheel) as wheel:
        size = sum(file.file_size for file in wheel.infolist() if file.filename.startswith("watchword/models/small/"))
    assert 1_000_000 < size <= 30_000_000


def test_wheel_carries_its_licences(installed):
    names = {Path(name).name for name in installed.wheel_names() if ".dist-info/" in name}
    assert {"LICENSE", "NOTICE", "Apache-2.0.txt"} <= names


def test_runs_from_the_environment_and_not_from_the_checkout(installed):
    assert Path(installed.python("import watchword; print(watchword.__file__)")).is_relative_to(installed.environment)


def test_describes_a_photo(installed):
    shutil.copy(PHOTO, installed.folder / "a dog.jpg")
    done = installed.run("watchword", "describe", "a dog.jpg", "--json")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    row = json.loads(line)
    assert Path(row["path"]).name == "a dog.jpg"
    assert "dog" in row["sentence"].split()
    assert 0 < row["confidence"] <= 1


def test_describes_a_photo_from_python(installed):
    program = f"import watchword; print(watchword.load().describe([{str(PHOTO)!r}])[0].text)"
    assert "dog" in installed.python(program).split()


def test_says_what_to_install_when_asked_to_train(installed):
    done = installed.run("watchword", "train", "show_tell", "--data", "nowhere")
    assert done.returncode != 0
    assert "in the checkout of watchword: make install, or pip install '.[train]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_has_no_training_libraries(installed):
    program = "from importlib.metadata import distributions as d; print(*sorted(x.name.lower() for x in d()))"
    names = set(installed.python(program).split())
    assert {"watchword", "numpy", "onnxruntime", "pillow"} <= names
    training = {"torch", "onnx", "matplotlib", "scipy", "safetensors", "tensorboard", "pycocoevalcap", "optuna"}
    assert not names & (training | {"pytest"})


def test_importing_loads_nothing_heavy(installed):
    program = "import sys, watchword; print(*(m for m in ('onnxruntime', 'PIL', 'typer', 'rich') if m in sys.modules))"
    assert installed.python(program) == ""


def test_fits_in_250_megabytes(installed):
    """Blocks on disk, as `du` counts them; links to the system's Python weigh nothing. The matcher is not counted."""
    size = sum(map(on_disk, installed.environment.rglob("*")))
    (finds,) = installed.environment.rglob("watchword/models/matcher")
    beside = sum(map(on_disk, finds.rglob("*")))
    print(f"\nenvironment: {size / 1e6:.0f} MB, {beside / 1e6:.0f} of them matcher ({sysconfig.get_platform()})")
    assert size - beside <= LIMIT
    assert 1_000_000 < beside <= 20_000_000


def on_disk(path):
    file = path.lstat()
    return getattr(file, "st_blocks", file.st_size / 512) * 512
