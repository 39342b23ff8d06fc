"""TensorFlow.js graph models turned into ONNX: the operations of a MobileNetV3 with a CenterNet head.

A graph model is a JSON (nodes, and a manifest of the weights) beside one or more files of weights that are read as one.
TensorFlow keeps the channels of a feature map last and ONNX keeps them second: maps are (n, c, h, w) throughout here,
and the weights are turned once. Padding, resizing and fused operations as TensorFlow documents them.
"""

import base64
import json
import math
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

Node = dict[str, Any]
Weights = dict[str, NDArray[Any]]

OPSET, IR_VERSION = 18, 10
CHANNELS_LAST, CHANNELS = 3, 1  # the axis of the channels in TensorFlow and here


class NotConvertible(ValueError):
    """The graph holds an operation, or a use of one, that is not known here."""


def onnx_of(path: Path, outputs: list[str]) -> ModelProto:
    """The part of a graph model that leads to the outputs, each a map (1, c, h, w) under its own name.

    The input is (1, c, h, w) float32. Raises NotConvertible, and OSError, ValueError or KeyError for damaged files.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    weights = read_weights(content["weightsManifest"], path.parent)
    graph = Graph(weights)
    for node in leading_to(outputs, content["modelTopology"]["node"]):
        graph.add(node)
    return graph.model(outputs)


def read_weights(manifest: list[dict[str, Any]], folder: Path) -> Weights:
    """Every constant by its name. Halved floats (quantization to float16) become float32 again."""
    weights = {}
    for group in manifest:
        content = b"".join((folder / name).read_bytes() for name in group["paths"])
        at = 0
        for entry in group["weights"]:
            stored = np.dtype(stored_type(entry))
            values = np.frombuffer(content, stored, math.prod(entry["shape"]), at)
            at += values.nbytes
            weights[entry["name"]] = values.reshape(entry["shape"]).astype(entry["dtype"])
    return weights


def stored_type(entry: dict[str, Any]) -> str:
    stored: str = entry.get("quantization", entry)["dtype"]
    if stored not in ("float32", "float16", "int32"):
        raise NotConvertible(f"{entry['name']} is stored as {stored}.")
    return stored


def leading_to(outputs: list[str], nodes: list[Node]) -> Iterator[Node]:
    """The nodes that the outputs depend on, each after its inputs."""
    by_name = {node["name"]: node for node in nodes}
    waiting, inputs = list(outputs), {}
    while waiting:
        name = waiting.pop()
        inputs[name] = by_name[name].get("input", [])
        waiting += [source for source in inputs[name] if source not in inputs]
    return (by_name[name] for name in TopologicalSorter(inputs).static_order())


class Graph:
    """An ONNX graph under construction."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.inputs: dict[str, list[int]] = {}

    def add(self, node: Node) -> None:
        operation = node["op"]
        if operation not in OPERATIONS:
            raise NotConvertible(f"{node['name']} is a {operation}, which is not known here.")
        OPERATIONS[operation](self, node)

    def emit(self, operation: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(operation, inputs, [output], name=output, **attributes))

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def model(self, outputs: list[str]) -> ModelProto:
        """The checked model; shapes of the outputs are left for the engine to find."""
        graph = helper.make_graph(
            self.nodes,
            "graph_model",
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in self.inputs.items()
            ],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, None, None, None])
                for name in outputs
            ],
            self.constants,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        checker.check_model(model)
        return model


def placeholder(graph: Graph, node: Node) -> None:
    n, h, w, c = (int(dim["size"]) for dim in node["attr"]["shape"]["shape"]["dim"])
    graph.inputs[node["name"]] = [n, c, h, w]


def constant(graph: Graph, node: Node) -> None:
    """Numbers that are added or multiplied; weights and axes are taken from graph.weights where they are used."""
    values = graph.weights[node["name"]]
    if values.ndim == 0 and values.dtype == np.float32:
        graph.constant(node["name"], values)


def elementwise(operation: str) -> Callable[[Graph, Node], None]:
    def add(graph: Graph, node: Node) -> None:
        graph.emit(operation, node["input"], node["name"])

    return add


def relu6(graph: Graph, node: Node) -> None:
    name = node["name"]
    low, high = (graph.constant(f"{name}/{at}", np.array(at, np.float32)) for at in (0, 6))
    graph.emit("Clip", [node["input"][0], low, high], name)


def convolution(graph: Graph, node: Node) -> None:
    """Conv2D: weights (h, w, in, out) -> (out, in, h, w)."""
    _convolve(graph, node, graph.weights[node["input"][1]].transpose(3, 2, 0, 1), groups=1)


def depthwise(graph: Graph, node: Node) -> None:
    """DepthwiseConv2dNative: weights (h, w, in, times) -> (in * times, 1, h, w), each input by itself."""
    weights = graph.weights[node["input"][1]].transpose(2, 3, 0, 1)
    channels, times, *kernel = weights.shape
    _convolve(graph, node, weights.reshape(channels * times, 1, *kernel), groups=channels)


def _convolve(graph: Graph, node: Node, weights: NDArray[Any], groups: int) -> None:
    name, attributes = node["name"], node["attr"]
    fused = [_text(op) for op in attributes.get("fused_ops", {"list": {}})["list"].get("s", [])]
    if fused not in ([], ["BiasAdd"], ["BiasAdd", "Relu"]):
        raise NotConvertible(f"{name} is fused with {fused}.")
    inputs = [node["input"][0], graph.constant(f"{name}/weights", weights)]
    if fused:
        inputs.append(graph.constant(f"{name}/bias", graph.weights[node["input"][2]]))
    before_relu = f"{name}/linear" if "Relu" in fused else name
    graph.emit(
        "Conv",
        inputs,
        before_relu,
        group=groups,
        strides=_height_width(attributes["strides"]),
        dilations=_height_width(attributes["dilations"]),
        auto_pad={"SAME": "SAME_UPPER", "VALID": "VALID"}[_text(attributes["padding"]["s"])],
    )
    if "Relu" in fused:
        graph.emit("Relu", [before_relu], name)


def mean(graph: Graph, node: Node) -> None:
    """Over height and width, which stay as 1."""
    if sorted(graph.weights[node["input"][1]]) != [1, 2] or not node["attr"]["keep_dims"]["b"]:
        raise NotConvertible(f"{node['name']} is a mean over other axes than height and width.")
    graph.emit("GlobalAveragePool", node["input"][:1], node["name"])


def concatenation(graph: Graph, node: Node) -> None:
    *maps, axis = node["input"]
    if graph.weights[axis] not in (CHANNELS_LAST, -1):
        raise NotConvertible(f"{node['name']} joins other axes than channels.")
    graph.emit("Concat", maps, node["name"], axis=CHANNELS)


def bilinear(graph: Graph, node: Node) -> None:
    if node["attr"]["align_corners"]["b"] or node["attr"]["half_pixel_centers"]["b"]:
        raise NotConvertible(f"{node['name']} places its pixels otherwise.")
    source, size = node["input"]
    sizes = graph.constant(f"{node['name']}/sizes", graph.weights[size].astype(np.int64))
    graph.emit(
        "Resize",
        [source, "", "", sizes],
        node["name"],
        mode="linear",
        coordinate_transformation_mode="asymmetric",
        axes=[2, 3],
    )


def _height_width(attribute: dict[str, Any]) -> list[int]:
    _, height, width, _ = (int(value) for value in attribute["list"]["i"])
    return [height, width]


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode()


OPERATIONS: dict[str, Callable[[Graph, Node], None]] = {
    "Placeholder": placeholder,
    "Const": constant,
    "Add": elementwise("Add"),
    "Mul": elementwise("Mul"),
    "Relu": elementwise("Relu"),
    "Relu6": relu6,
    "Sigmoid": elementwise("Sigmoid"),
    "Identity": elementwise("Identity"),
    "Conv2D": convolution,
    "_FusedConv2D": convolution,
    "DepthwiseConv2dNative": depthwise,
    "FusedDepthwiseConv2dNative": depthwise,
    "Mean": mean,
    "ConcatV2": concatenation,
    "ResizeBilinear": bilinear,
}
