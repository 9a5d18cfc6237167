"""The frame around the commands."""

import re
import subprocess
import sys
import time

import pytest
import typer

from watchword import __version__
from watchword.cli import lazy, main
from watchword.cli.lazy import Command, Group, LazyCommands, help_of
from watchword.core.errors import BundleError


def python(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


def test_help_lists_every_command_and_imports_none():
    heavy = ["torch", "onnxruntime", "onnx", "cv2", "PIL", "rich", "watchword.cli.describe", "watchword.runtime"]
    done = python(f"""
import sys
from watchword.cli.main import main
sys.argv = ["watchword", "--help"]
try:
    main()
finally:
    print([name for name in {heavy} if name in sys.modules])
""")
    assert done.stdout.splitlines()[-1] == "[]"
    for name, row in main.COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(row.summary)}$", done.stdout, re.MULTILINE)


def test_a_command_imports_no_other(tiny_model):
    done = python(f"""
import sys
from watchword.cli.main import main
sys.argv = ["watchword", "describe", "nowhere.jpg", "--model", {tiny_model!r}]
try:
    main()
finally:
    print([name for name in ("torch", "rich", "watchword.cli.train", "watchword.cli.page") if name in sys.modules])
""")
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_help_is_quick():
    times = []
    for _ in range(3):
        start = time.perf_counter()
        python("import sys; sys.argv = ['watchword', '--help']; from watchword.cli.main import main; main()")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.8  # twice what is promised, for machines at work


def test_version(watchword):
    assert watchword("--version") == (0, f"watchword {__version__}\n", "")


def test_unknown_commands_get_a_suggestion(watchword):
    done = watchword("descibe")
    assert done.status == 2
    assert "No such command 'descibe'" in done.err
    assert "describe" in done.err


def test_errors_that_a_user_can_mend_are_one_line(watchword):
    done = watchword("describe", "x.jpg", "--model", "no\nsuch\x1b[1m")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith(r"watchword: no model 'no\nsuch\x1b[1m'")


@pytest.fixture
def failing(monkeypatch):
    """Make `watchword models` raise an error."""

    def fail_with(error):
        def fail():
            raise error

        commands = LazyCommands({"models": Command("a:b", "Fail.")})
        monkeypatch.setattr(lazy.importlib, "import_module", lambda name: type("module", (), {"b": staticmethod(fail)}))
        monkeypatch.setattr(main, "LazyCommands", lambda table: commands)

    return fail_with


def test_the_training_half_is_asked_for_by_name(failing, watchword):
    failing(ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn"))
    done = watchword("models")
    assert done.status == 2
    assert done.err == (
        "watchword: this needs torch.nn, which comes with the training half; "
        "in the checkout of watchword: make install, or pip install '.[train]'\n"
    )


def test_a_missing_module_of_any_other_kind_is_a_fault_of_ours(failing, watchword):
    failing(ModuleNotFoundError("No module named 'wachtword'", name="wachtword"))
    with pytest.raises(ModuleNotFoundError):
        watchword("models")


@pytest.mark.parametrize("error", [BundleError("the reason"), OSError(28, "No space left on device")])
def test_a_traceback_is_spared(failing, watchword, error):
    failing(error)
    done = watchword("models")
    assert (done.status, done.err) == (2, f"watchword: {error}\n")


def test_summaries_are_of_one_line_and_fit_the_list():
    def every(table):
        for row in table.values():
            yield row
            yield from every(row.table) if isinstance(row, Group) else ()

    found = list(every(main.COMMANDS))
    assert len(found) >= 9
    assert all(re.fullmatch(r"[A-Z][^\n]{10,65}\.", row.summary) for row in found)


def test_groups_hold_commands():
    group = LazyCommands(main.COMMANDS)["data"]
    assert list(group.commands) == ["check", "make-clips"]
    assert len(typer.main.get_command(main.app).commands) == len(main.COMMANDS)


def test_examples_keep_their_lines():
    def command():
        """Do it.

        Example: watchword do it
        """

    assert help_of(command) == "Do it.\n\n\b\nExample:\n  watchword do it"
