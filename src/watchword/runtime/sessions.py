"""ONNX Runtime sessions, set up for an ordinary and perhaps busy computer."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from watchword.core.errors import BundleError

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def usable_cpus() -> int:
    """Return how many processors this process may use, at least 1: its affinity, and its container's quota."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux has it
        count = os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text().split()
        return max(1, min(count, round(int(quota) / int(period))))
    except (OSError, ValueError):  # no such file, or "max": no quota
        return count


class Session:
    """One ONNX graph, ready to run; may be used from several threads at once.

    inputs, outputs: names to shapes; a dimension is a number, or a text where it may vary.
    """

    def __init__(self, name: str, graph: bytes, threads: int) -> None:
        """Make the session of the file `name` with that many threads; `BundleError` if ONNX Runtime cannot."""
        self.name = name
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4  # what goes wrong is raised; printing it besides would litter stderr
        # Patterns of memory are kept for each shape of input, which beams and last batches change all the time.
        options.enable_mem_pattern = False
        # Threads that wait by spinning take processors from the picture decoding beside them.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        onnxruntime.disable_telemetry_events()
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions share no base class of their own
            raise BundleError(f"{name!r} cannot be run by ONNX Runtime {onnxruntime.__version__}: {error}") from error
        self.inputs = {port.name: tuple(port.shape) for port in self._session.get_inputs()}
        self.outputs = {port.name: tuple(port.shape) for port in self._session.get_outputs()}

    def demand(self, inputs: Iterable[str], outputs: Iterable[str]) -> None:
        """Raise `BundleError` unless the graph has these inputs and outputs."""
        lacking = [f"input {name!r}" for name in inputs if name not in self.inputs]
        lacking += [f"output {name!r}" for name in outputs if name not in self.outputs]
        if lacking:
            raise BundleError(f"{self.name!r} lacks {', '.join(lacking)}; export the bundle again")

    def run(self, fetches: Sequence[str], feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the outputs `fetches`; the others are not copied out. `BundleError` if the graph fails."""
        try:
            return dict(zip(fetches, self._session.run(fetches, feeds), strict=True))
        except Exception as error:
            raise BundleError(f"{self.name!r} failed as it ran: {error}") from error
