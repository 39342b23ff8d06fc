"""Linear layers on what a network sees anyway: learned in one go, kept with a card, read back calibrated."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load, save

from ml.core.arrays import Labels, Numbers
from ml.core.cards import WEIGHTS_FOLDER, Card, checked_weights

RIDGE = 3e-3  # of the weights, for features of unit variance
STEPS = 200


def fit(features: Numbers, labels: Labels, classes: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """weight (features, classes) and bias (classes,) of a multinomial logistic regression, with the features' own mean
    and spread taken in. By L-BFGS."""
    mean, spread = features.mean(0), features.std(0) + 1e-3
    scaled, wanted = torch.from_numpy((features - mean) / spread), torch.from_numpy(labels)
    weight = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = (
            torch.nn.functional.cross_entropy(scaled @ weight + bias, wanted) + RIDGE * weight.square().sum()
        )
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    unscaled = weight.detach().numpy() / spread[:, None]
    return unscaled.astype(np.float32), (bias.detach().numpy() - mean @ unscaled).astype(np.float32)


def save_linear(
    out: Path, name: str, tensors: Mapping[str, Numbers], *, temperature: float, **known: Any
) -> Card:
    """Writes weights and biases, as they were learned, and their card. known: the card's fields that only the caller
    can say."""
    content = save(dict(tensors))
    card = Card(
        kind=name,
        name=name,
        architecture="a linear layer",
        meanings={},
        temperature=round(float(temperature), 4),
        shift=[],
        parameters=sum(tensor.size for tensor in tensors.values()),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        **known,
    )
    card.save(out, content)
    return card


def load_linear(card: Card) -> dict[str, Numbers]:
    """Its weights and biases, of calibrated scores. Raises WeightsDamaged."""
    scale = np.float32(1 / card.temperature)
    return {name: tensor * scale for name, tensor in load(checked_weights(WEIGHTS_FOLDER, card)).items()}
