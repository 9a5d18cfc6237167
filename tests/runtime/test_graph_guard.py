"""ONNX graphs that keep weights in other files are refused, wherever the tensor hides."""

import shutil

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.runtime import tiny
from watchword.core.errors import BundleError
from watchword.runtime.bundle import Bundle
from watchword.runtime.graph_guard import check_graph


def elsewhere(path="../../secret.bin"):
    """A tensor whose values are said to lie in another file."""
    tensor = TensorProto(name="weight", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value=path)
    return tensor


def model(nodes=(), initializers=(), **more):
    port = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    return helper.make_model(helper.make_graph(list(nodes), "g", [port], [port], list(initializers)), **more)


def inner(tensor):
    """A node with a graph inside, with a node whose attribute is the tensor."""
    constant = helper.make_node("Constant", [], ["w"], value=tensor)
    branch = helper.make_graph([constant], "branch", [], [helper.make_tensor_value_info("w", 1, [1])])
    return helper.make_node("If", ["x"], ["y"], then_branch=branch, else_branch=branch)


def in_function(tensor):
    node = helper.make_node("Constant", [], ["w"], value=tensor)
    function = helper.make_function("d", "f", [], ["w"], [node], [helper.make_opsetid("", 17)])
    return model(functions=[function])


def sparse(tensor):
    made = model()
    made.graph.sparse_initializer.add().values.CopyFrom(tensor)
    return made


HIDING = {
    "initializer": lambda tensor: model(initializers=[tensor]),
    "attribute": lambda tensor: model([helper.make_node("Constant", [], ["w"], value=tensor)]),
    "graph in a graph": lambda tensor: model([inner(tensor)]),
    "function": in_function,
    "sparse": sparse,
}


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING)
def test_weights_elsewhere_are_refused(hide):
    with pytest.raises(BundleError, match=r"'step\.onnx' keeps weights in another file"):
        check_graph("step.onnx", hide(elsewhere()).SerializeToString())


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING)
def test_weights_inside_are_fine(hide):
    weight = numpy_helper.from_array(np.ones(1, np.float32), "weight")
    check_graph("step.onnx", hide(weight).SerializeToString())


def test_a_location_without_the_mark_is_refused_too():
    tensor = elsewhere()
    tensor.ClearField("data_location")
    with pytest.raises(BundleError, match="another file"):
        check_graph("step.onnx", model(initializers=[tensor]).SerializeToString())


def test_a_bundle_with_such_a_graph_does_not_open(sealed, tmp_path):
    folder = shutil.copytree(sealed, tmp_path / "tiny")
    graph = onnx.load(folder / "step.onnx")
    graph.graph.initializer.append(elsewhere("/etc/passwd"))
    (folder / "step.onnx").write_bytes(graph.SerializeToString())
    tiny.seal(folder)
    with pytest.raises(BundleError, match="another file"):
        Bundle.open(folder)


@pytest.mark.parametrize(
    "data",
    [b"\x0a", b"\x0a\xff\x01", b"\xff" * 11, b"\x0b", b"\x80", b"not a graph at all"],
    ids=["no length", "too long", "endless number", "group", "cut number", "text"],
)
def test_what_is_no_graph_is_refused(data):
    with pytest.raises(BundleError, match=r"'x\.onnx' is not an ONNX graph"):
        check_graph("x.onnx", data)


def test_deep_nesting_takes_no_stack():
    data = b""
    for _ in range(3000):  # graph > node > attribute > graph > ...
        for number in (6, 5, 1):
            data = bytes([number << 3 | 2]) + varint(len(data)) + data
    check_graph("x.onnx", b"\x3a" + varint(len(data)) + data)


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
