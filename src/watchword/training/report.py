"""What a run shows: a table on the terminal, `history.json`, curves as PNG, and TensorBoard."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from watchword.training.checkpoints import Progress


class Report:
    """Shows a run as it goes. folder: where curves and TensorBoard's file go. console: the terminal."""

    def __init__(self, folder: Path, console: Console) -> None:
        """Open TensorBoard's writer in `folder`."""
        from torch.utils.tensorboard import SummaryWriter

        self.folder, self.console = folder, console
        self.writer = SummaryWriter(str(folder / "tensorboard"))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeRemainingColumn(),
        )
        self.bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.headed = False
        self.task = self.bar.add_task("training", total=None)
        self.bar.start()

    def step(self, step: int, steps: int, loss: float) -> None:
        """Move the bar."""
        self.bar.update(self.task, completed=step, total=steps, description=f"loss {loss:6.2f}")

    def take_up(self, progress: Progress) -> None:
        """Tell of the last epoch if a kill fell between its checkpoint and the telling."""
        try:
            told = json.loads((self.folder / "history.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = []
        if progress.history and told != progress.history:
            self.epoch(progress)

    def epoch(self, progress: Progress) -> None:
        """Print the newest row (with headings before the first) and redraw the curves."""
        row = progress.history[-1]
        if not self.headed:
            self.console.print("  ".join(f"{name:>9}" for name in row))
        self.headed = True
        self.console.print(
            "  ".join(
                f"{value:9.0f}" if name in ("epoch", "seconds") else f"{value:9.3f}" for name, value in row.items()
            )
        )
        for name, value in row.items():
            self.writer.add_scalar(name, value, progress.epoch)
        self.writer.flush()
        (self.folder / "history.json").write_text(json.dumps(progress.history, indent=1), encoding="utf-8")
        draw_curves(progress.history, self.folder / "curves.png")

    def close(self) -> None:
        """Leave the terminal and TensorBoard's file in order."""
        self.bar.stop()
        self.writer.close()


def draw_curves(history: list[dict[str, float]], path: Path) -> None:
    """Draw each figure of the history against the epoch, as PNG."""
    from matplotlib.figure import Figure

    names = [name for name in history[0] if name not in ("epoch", "seconds")]
    figure = Figure(figsize=(3 * len(names), 2.6), layout="constrained")
    axes: Any = figure.subplots(1, len(names), squeeze=False)
    for axis, name in zip(axes[0], names, strict=True):
        axis.plot([row["epoch"] for row in history], [row[name] for row in history], marker=".")
        axis.set(title=name, xlabel="epoch")
    figure.savefig(path, dpi=100)
