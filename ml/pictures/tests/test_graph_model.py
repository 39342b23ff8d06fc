"""A small graph of every operation gives in ONNX Runtime what TensorFlow's rules, followed by hand, give."""

import base64
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from ml.pictures.graph_model import NotConvertible, onnx_of

RANDOM = np.random.default_rng(4)


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def numbers(*values: int) -> dict:
    return {"list": {"i": [str(value) for value in values]}}


def convolution(name: str, operation: str, inputs: list[str], stride: int, fused: list[str]) -> dict:
    attributes = {
        "strides": numbers(1, stride, stride, 1),
        "dilations": numbers(1, 1, 1, 1),
        "padding": {"s": coded("SAME")},
        "fused_ops": {"list": {"s": [coded(one) for one in fused]}},
    }
    return {"name": name, "op": operation, "input": inputs, "attr": attributes}


WEIGHTS = {
    "kernel": RANDOM.normal(size=(3, 3, 3, 4)).astype(np.float16).astype(np.float32),
    "bias": RANDOM.normal(size=4).astype(np.float16).astype(np.float32),
    "each": RANDOM.normal(size=(5, 5, 4, 1)).astype(np.float32),
    "point": RANDOM.normal(size=(1, 1, 4, 4)).astype(np.float32),
    "half": np.float32(0.5),
    "axes": np.array([1, 2], np.int32),
    "channels": np.int32(3),
    "size": np.array([10, 9], np.int32),
}
HALVED = ("kernel", "bias")  # stored as float16

RULES = {"align_corners": {"b": False}, "half_pixel_centers": {"b": False}}
SHAPE = {"shape": {"dim": [{"size": str(side)} for side in (1, 9, 8, 3)]}}
NODES = [
    {"name": "picture", "op": "Placeholder", "attr": {"shape": SHAPE}},
    *({"name": name, "op": "Const"} for name in WEIGHTS),
    convolution("first", "_FusedConv2D", ["picture", "kernel", "bias"], 2, ["BiasAdd", "Relu"]),
    convolution("deep", "FusedDepthwiseConv2dNative", ["first", "each", "bias"], 1, ["BiasAdd"]),
    {"name": "capped", "op": "Relu6", "input": ["deep"]},
    {"name": "middle", "op": "Mean", "input": ["capped", "axes"], "attr": {"keep_dims": {"b": True}}},
    convolution("mixed", "Conv2D", ["middle", "point"], 1, []),
    {"name": "gate", "op": "Sigmoid", "input": ["mixed"]},
    {"name": "gated", "op": "Mul", "input": ["capped", "gate"]},
    {"name": "raised", "op": "Add", "input": ["gated", "half"]},
    {"name": "large", "op": "ResizeBilinear", "input": ["raised", "size"], "attr": RULES},
    {"name": "small", "op": "ResizeBilinear", "input": ["first", "size"], "attr": RULES},
    {"name": "joined", "op": "ConcatV2", "input": ["large", "small", "channels"]},
    {"name": "answer", "op": "Identity", "input": ["joined"]},
    {"name": "aside", "op": "TopKV2", "input": ["answer"]},
]


def written(folder: Path, nodes: list[dict], stored: str = "float16") -> Path:
    """The graph as TensorFlow.js writes it: nodes in any order, weights in two files that are one."""
    entries, content = [], b""
    for name, values in WEIGHTS.items():
        kind = values.dtype.name
        entry = {"name": name, "shape": list(np.shape(values)), "dtype": kind}
        if name in HALVED:
            entry["quantization"] = {"dtype": stored, "original_dtype": kind}
            values = values.astype(np.float16)
        entries.append(entry)
        content += values.tobytes()
    (folder / "one.bin").write_bytes(content[:100])
    (folder / "two.bin").write_bytes(content[100:])
    manifest = [{"paths": ["one.bin", "two.bin"], "weights": entries}]
    path = folder / "graph.json"
    path.write_text(json.dumps({"modelTopology": {"node": nodes[::-1]}, "weightsManifest": manifest}))
    return path


def padded(maps: np.ndarray, kernel: int, stride: int) -> np.ndarray:
    """TensorFlow's SAME: what is odd goes below and to the right."""
    totals = [max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in maps.shape[:2]]
    return np.pad(maps, [(total // 2, total - total // 2) for total in totals] + [(0, 0)])


def convolved(maps: np.ndarray, weights: np.ndarray, stride: int = 1, is_deep: bool = False) -> np.ndarray:
    kernel = weights.shape[0]
    ground = padded(maps, kernel, stride)
    high, wide = (-(-side // stride) for side in maps.shape[:2])
    result = np.zeros((high, wide, weights.shape[2 if is_deep else 3]))
    for y in range(high):
        for x in range(wide):
            patch = ground[y * stride : y * stride + kernel, x * stride : x * stride + kernel]
            rule = "ijc,ijcm->c" if is_deep else "ijc,ijcd->d"
            result[y, x] = np.einsum(rule, patch, weights)
    return result


def stretched(maps: np.ndarray, high: int, wide: int) -> np.ndarray:
    """Bilinear, with pixels placed at their upper left corners."""
    for axis, size in ((0, high), (1, wide)):
        at = np.arange(size) * maps.shape[axis] / size
        low = at.astype(int)
        next_one = np.minimum(low + 1, maps.shape[axis] - 1)
        part = (at - low).reshape([-1 if axis == one else 1 for one in range(3)])
        maps = maps.take(low, axis) * (1 - part) + maps.take(next_one, axis) * part
    return maps


def by_hand(picture: np.ndarray) -> np.ndarray:
    first = np.maximum(convolved(picture, WEIGHTS["kernel"], 2) + WEIGHTS["bias"], 0)
    capped = np.clip(convolved(first, WEIGHTS["each"], is_deep=True) + WEIGHTS["bias"], 0, 6)
    mixed = convolved(capped.mean((0, 1), keepdims=True), WEIGHTS["point"])
    raised = capped / (1 + np.exp(-mixed)) + WEIGHTS["half"]
    return np.concatenate([stretched(raised, 10, 9), stretched(first, 10, 9)], axis=2)


def test_every_operation_computes_what_tensorflow_says(tmp_path):
    picture = RANDOM.random((9, 8, 3)).astype(np.float32)
    model = onnx_of(written(tmp_path, NODES), ["answer"]).SerializeToString()

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    answer = session.run(["answer"], {"picture": picture.transpose(2, 0, 1)[None]})[0]

    assert np.abs(answer[0].transpose(1, 2, 0) - by_hand(picture)).max() < 1e-5


def test_an_unknown_operation_is_named(tmp_path):
    with pytest.raises(NotConvertible, match="aside is a TopKV2"):
        onnx_of(written(tmp_path, NODES), ["aside"])


def test_weights_stored_in_another_way_are_refused(tmp_path):
    with pytest.raises(NotConvertible, match="kernel is stored as uint8"):
        onnx_of(written(tmp_path, NODES, stored="uint8"), ["answer"])


@pytest.mark.parametrize("node", ["middle", "joined", "large"])
def test_an_operation_used_in_another_way_is_refused(tmp_path, monkeypatch, node):
    monkeypatch.setitem(WEIGHTS, "axes", np.array([0, 3], np.int32))
    monkeypatch.setitem(WEIGHTS, "channels", np.int32(1))
    monkeypatch.setitem(RULES, "half_pixel_centers", {"b": True})

    with pytest.raises(NotConvertible):
        onnx_of(written(tmp_path, NODES), [node])


def test_weights_that_are_cut_off_are_an_error(tmp_path):
    path = written(tmp_path, NODES)
    (tmp_path / "two.bin").write_bytes((tmp_path / "two.bin").read_bytes()[:-8])

    with pytest.raises(ValueError, match="buffer"):
        onnx_of(path, ["answer"])
