"""A taught classifier as files: safetensors with its card, and one ONNX network from pixels to probabilities."""

import hashlib
import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import safetensors.numpy
from onnx import TensorProto, helper, numpy_helper

from ml.core.calibration import softmax
from ml.core.cards import Card, checked_weights, collection
from ml.core.engine import (
    AGREEMENT,
    EnginesDisagree,
    Run,
    Shape,
    export,
    input_shape,
    onnx_file,
    onnx_run,
    torch_run,
)
from ml.core.evaluation import Metric, metric_rows
from ml.pictures.backbone import Backbone
from ml.pictures.network import EfficientNetLite
from ml.teaching.head import FLOOR, rooted
from ml.teaching.head_training import Examples, TrainedHead
from ml.teaching.train import Outcome


def tensors_of(outcome: Outcome) -> dict[str, np.ndarray]:
    """Everything that was learned; the frozen network itself is named on the card."""
    taught = outcome.taught
    tensors = {"weight": taught.head.weight, "bias": taught.head.bias}
    tensors |= {"centre": taught.known.centre, "means": taught.known.means}
    if outcome.tail is not None:
        stages = outcome.tail.state_dict().items()
        tensors |= {
            f"tail.{name}": tensor.numpy() for name, tensor in stages if not name.startswith("answer.")
        }
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def packed(
    outcome: Outcome, examples: Examples, *, kind: str, name: str, backbone: Card, seed: int = 1
) -> tuple[bytes, Card]:
    """The content of <name>.safetensors and its card. `kind` is in both, so that no two classifiers share a hash."""
    taught = outcome.taught
    content = safetensors.numpy.save(
        tensors_of(outcome), {"kind": kind, "classes": json.dumps(examples.classes)}
    )
    card = Card(
        kind=kind,
        name=name,
        architecture="ml.teaching.taught",
        config={
            "backbone": backbone.name,
            "backbone_sha256": backbone.sha256,
            "tuned": outcome.tail is not None,
        }
        | asdict(taught.limits)
        | {"strength": taught.strength},
        preprocessing=backbone.preprocessing,
        classes=examples.classes,
        meanings={},
        temperature=taught.temperature,
        shift=[0.0] * len(examples.classes),
        certain=taught.certain,
        data=[collection(f"{len(examples.labels)} pictures of its owner", "its owner's", "training")],
        metrics=metrics_of(taught.evaluation),
        seed=seed,
        parameters=sum(tensor.size for tensor in tensors_of(outcome).values()),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        curves=taught.curves,
    )
    return content, card


def metrics_of(evaluation: dict[str, Any]) -> list[Metric]:
    """The figures of an evaluation as they stand on cards."""
    name = f"held-out pictures ({evaluation['pictures']})"
    low, high = evaluation["interval"]
    values = {
        "accuracy": evaluation["accuracy"],
        "lowest likely accuracy": low,
        "highest likely accuracy": high,
        "ece": evaluation["ece"],
        "certain_share": evaluation["certain_share"],
    }
    return metric_rows(name, values)


def export_onnx(outcome: Outcome, backbone: Backbone, classes: list[str], cache: Path | None = None) -> bytes:
    """One ONNX network: (n, 3, s, s) pictures as the card's preprocessing says -> probabilities (n, classes) and
    distance (n,) to what was taught. The names of the classes and the limits are in its metadata.

    Raises EnginesDisagree where it computes otherwise than PyTorch.
    """
    network = outcome.tail.tuned(backbone.network) if outcome.tail else backbone.network
    with tempfile.TemporaryDirectory() as folder:
        if outcome.tail:
            exported = Path(folder) / "tuned.onnx"
            export(network, exported, input_shape(backbone.card))
        else:
            weights = checked_weights(backbone.engine.folder, backbone.card)
            exported = onnx_file(backbone.card, weights, cache or Path(folder))
        path = Path(folder) / "whole.onnx"
        path.write_bytes(with_head(onnx.load(exported), outcome.taught, classes))
        check_run(onnx_run(path), network, outcome.taught, input_shape(backbone.card))
        return path.read_bytes()


def with_head(model: onnx.ModelProto, taught: TrainedHead, classes: list[str]) -> bytes:
    """The network, whose second output are pooled features, goes on to what was taught."""
    graph, features = model.graph, model.graph.output[1].name
    del graph.output[:]
    constants = {
        "floor": np.float32(FLOOR),
        "weight": taught.head.weight / np.float32(taught.temperature),
        "bias": taught.head.bias / np.float32(taught.temperature),
        "centre": taught.known.centre,
        "means": taught.known.means.T,
        "one": np.float32(1),
        "last": np.array([1], np.int64),
    }
    graph.initializer.extend(
        numpy_helper.from_array(np.ascontiguousarray(value), f"taught.{name}")
        for name, value in constants.items()
    )
    graph.node.extend(head_nodes(features))
    shapes: dict[str, list[str | int]] = {"probabilities": ["n", len(classes)], "distance": ["n"]}
    graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()
    )
    limits = asdict(taught.limits) | {"certain": taught.certain}
    about = {"classes": json.dumps(classes, ensure_ascii=False), "limits": json.dumps(limits)}
    helper.set_model_props(model, about)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def head_nodes(features: str) -> list[onnx.NodeProto]:
    """What `rooted`, `Head.logits`, softmax and `Known.distances` compute, as nodes on the pooled features."""
    steps = [
        ("Add", [features, "taught.floor"], "taught.lifted"),
        ("Sqrt", ["taught.lifted"], "taught.inputs"),
        ("MatMul", ["taught.inputs", "taught.weight"], "taught.products"),
        ("Add", ["taught.products", "taught.bias"], "taught.logits"),
        ("Softmax", ["taught.logits"], "probabilities"),
        ("Sub", ["taught.inputs", "taught.centre"], "taught.offsets"),
        ("ReduceL2", ["taught.offsets", "taught.last"], "taught.length"),
        ("Div", ["taught.offsets", "taught.length"], "taught.directions"),
        ("MatMul", ["taught.directions", "taught.means"], "taught.cosines"),
    ]
    nodes = [helper.make_node(kind, inputs, [made]) for kind, inputs, made in steps]
    best = helper.make_node("ReduceMax", ["taught.cosines", "taught.last"], ["taught.best"], keepdims=0)
    return [*nodes, best, helper.make_node("Sub", ["taught.one", "taught.best"], ["distance"])]


def check_run(run: Run, network: EfficientNetLite, taught: TrainedHead, shape: Shape, seed: int = 0) -> None:
    """Raises EnginesDisagree where an exported classifier answers otherwise than network and head in PyTorch."""
    batch = np.random.default_rng(seed).random((3, *shape), np.float32)
    _logits, features, _maps = torch_run(network, "cpu")(batch)
    inputs = rooted(features)
    expected = softmax(taught.head.logits(inputs), taught.temperature), taught.known.distances(inputs)
    difference = max(
        float(np.abs(wanted - found).max()) for wanted, found in zip(expected, run(batch), strict=True)
    )
    if difference > AGREEMENT:
        raise EnginesDisagree(f"The exported classifier differs from PyTorch by {difference:.2g}.")
