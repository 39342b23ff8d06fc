"""A taught classifier as files: safetensors with its card, and one ONNX network from pixels to probabilities."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import safetensors.numpy
from onnx import TensorProto, helper, numpy_helper

from ml.cards import Card
from ml.engine import AGREEMENT, EnginesDisagree
from ml.teaching.course import Outcome
from ml.teaching.head import FLOOR
from ml.teaching.lesson import Examples

OPSET = 18


def tensors_of(outcome: Outcome) -> dict[str, np.ndarray]:
    """Everything that was learned; the frozen network itself is named on the card."""
    taught = outcome.taught
    tensors = {"weight": taught.head.weight, "bias": taught.head.bias}
    tensors |= {"centre": taught.known.centre, "means": taught.known.means}
    if outcome.tail is not None:
        stages = outcome.tail.stages.state_dict()
        tensors |= {f"stages.{name}": tensor.numpy() for name, tensor in stages.items()}
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def packed(
    outcome: Outcome, examples: Examples, *, kind: str, name: str, backbone: Card, seed: int = 1
) -> tuple[bytes, Card]:
    """The content of <name>.safetensors and its card. `kind` is in both, so that no two classifiers share a hash."""
    taught = outcome.taught
    content = safetensors.numpy.save(
        tensors_of(outcome), {"kind": kind, "classes": json.dumps(examples.classes)}
    )
    limits = {"reach": taught.limits.reach, "near": taught.limits.near}
    card = Card(
        kind=kind,
        name=name,
        architecture="ml.teaching.taught",
        config={
            "backbone": backbone.name,
            "backbone_sha256": backbone.sha256,
            "tuned": outcome.tail is not None,
        }
        | limits
        | {"strength": taught.strength},
        preprocessing=backbone.preprocessing,
        classes=examples.classes,
        meanings={},
        temperature=taught.temperature,
        shift=[0.0] * len(examples.classes),
        certain=taught.certain,
        data=[
            {
                "name": f"{len(examples.labels)} pictures of its owner",
                "licence": "its owner's",
                "use": "training",
            }
        ],
        metrics=metrics_of(taught.evaluation),
        seed=seed,
        parameters=sum(tensor.size for tensor in tensors_of(outcome).values()),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        curves=taught.curves,
    )
    return content, card


def metrics_of(evaluation: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of an evaluation as they stand on cards."""
    name = f"held-out pictures ({evaluation['pictures']})"
    low, high = evaluation["interval"]
    values = {
        "accuracy": evaluation["accuracy"],
        "lowest likely accuracy": low,
        "highest likely accuracy": high,
    }
    values |= {"ece": evaluation["ece"], "certain_share": evaluation["certain_share"]}
    return [{"set": name, "measure": measure, "value": value} for measure, value in values.items()]


def whole(backbone: Path, output: str, outcome: Outcome, classes: list[str]) -> bytes:
    """One ONNX network: (n, 3, s, s) pictures -> probabilities (n, classes) and distance (n,) to what was taught.

    backbone: the exported features network; output: the name of its pooled features. The names of the classes, the
    limits and the rest of the card that an answer needs are in its metadata.
    """
    model = onnx.load(backbone)
    graph, taught = model.graph, outcome.taught
    kept = next(value for value in graph.output if value.name == output)
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
    graph.node.extend(head_nodes(kept.name))
    graph.output.extend(
        [
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", len(classes)]),
            helper.make_tensor_value_info("distance", TensorProto.FLOAT, ["n"]),
        ]
    )
    limits = {"certain": taught.certain, "reach": taught.limits.reach, "near": taught.limits.near}
    helper.set_model_props(
        model, {"classes": json.dumps(classes, ensure_ascii=False), "limits": json.dumps(limits)}
    )
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


def check_agreement(expected: np.ndarray, found: np.ndarray) -> None:
    """Raises EnginesDisagree where the exported network answers otherwise than what was taught."""
    difference = float(np.abs(expected - found).max())
    if difference > AGREEMENT:
        raise EnginesDisagree(f"The exported classifier differs from what was taught by {difference:.2g}.")
