"""What the regions of a photo cost: pooled from one pass over the photo, and each looked at by itself; exported graphs
of EfficientNet-Lite0, one thread, time of the processor.

Run: python bench/regions.py [--photos 8] [--repeats 3] [--sizes 224 320 384] [--selective FOLDER_OF_PHOTOS]
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from watchword.data.files import photos_inside
from watchword.data.pictures import open_picture
from watchword.encoders import encoders
from watchword.encoders.proposals import proposals
from watchword.encoders.proposed_regions import ProposedCrops
from watchword.encoders.regions import PooledRegions
from watchword.encoders.whole_only import WholeOnly
from watchword.training.graphs import write
from watchword.training.trunks import TrunkGraph

BAR = 8  # passes saved
EACH, POOLED = "one pass for each of 1 + 19", "one pass of {} pixels, 19 regions pooled"


class Cells(nn.Module):
    """pixels -> cells."""

    def __init__(self, encoder: PooledRegions) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return regions (B, R, W) of pixels (B, H, W, 3) uint8."""
        return self.encoder(pixels).cells


def opened(module: nn.Module, size: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function that runs the graph of a module on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.onnx"
        write(module, (torch.zeros(2, size, size, 3, dtype=torch.uint8),), path, ["pixels"], ["seen"], half=False)
        session = onnxruntime.InferenceSession(str(path), options)
    return lambda pixels: session.run(None, {"pixels": pixels})[0]


def seconds(way: Callable[[], object]) -> float:
    """Return the processor's time for a call."""
    started = time.process_time()
    way()
    return time.process_time() - started


def boxes_of_grid() -> np.ndarray:
    """Return the boxes (19, 4) that every photo has."""
    boxes = proposals["grid"]().fixed
    assert boxes is not None
    return boxes


def one_look(size: int, photos: int) -> Callable[[], object]:
    """Return a function that looks at so many pictures (size, size, 3) and pools their regions."""
    encoder = encoders[f"efficientnet_lite0:size={size}"](frozen=18, pretrained=False).eval()
    run = opened(Cells(PooledRegions(encoder, boxes_of_grid())), size)
    pixels = np.random.default_rng(0).integers(0, 256, (photos, size, size, 3), dtype=np.uint8)
    return lambda: [run(photo[None]) for photo in pixels]


def main() -> None:
    """Take both ways in turns and print the fastest of each; then what proposing costs, of photos if there are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[224, 320, 384], help="of pictures that are pooled from"
    )
    parser.add_argument("--selective", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    torch.set_num_threads(1)
    encoder, grid = encoders["efficientnet_lite0"](frozen=18, pretrained=False).eval(), proposals["grid"]()
    boxes = torch.from_numpy(boxes_of_grid()[None])
    each = opened(TrunkGraph(WholeOnly(encoder)), 224)
    pixels = np.random.default_rng(0).integers(0, 256, (given.photos, 224, 224, 3), dtype=np.uint8)
    crops = ProposedCrops(encoder, grid, boxes.shape[1])

    drawn = [crops.pictures(torch.from_numpy(photo[None]), boxes).numpy() for photo in pixels]
    ways: dict[str, Callable[[], object]] = {
        EACH: lambda: [each(pictures) for pictures in drawn],
        "drawing the 19": lambda: [crops.pictures(torch.from_numpy(photo[None]), boxes) for photo in pixels],
    }
    for size in given.sizes:
        ways[POOLED.format(size)] = one_look(size, given.photos)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(given.repeats + 1):
        for name, way in ways.items():
            times[name].append(seconds(way))
    best = {name: min(found[1:]) / given.photos for name, found in times.items()}
    for name, found in best.items():
        print(f"{name:42} {found * 1000:7.1f} ms a photo")
    for size in given.sizes:
        ratio = best[EACH] / best[POOLED.format(size)]
        print(f"ratio to one pass of {size}: {ratio:.1f}, bar {BAR}: {'met' if ratio >= BAR else 'missed'}")
    if given.selective:
        search = proposals["selective"](judge=lambda: encoders["efficientnet_lite0"]())
        photos = [open_picture(path, 224) for path in islice(photos_inside(given.selective), given.photos)]
        spent = [seconds(partial(search.propose, photo)) for photo in photos]
        print(f"{'selective search, scored':32} {np.mean(spent) * 1000:7.1f} ms a photo")


if __name__ == "__main__":
    main()
