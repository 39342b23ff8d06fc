"""Fine-tuning of the last stages, beginning at what the frozen network and the head know already.

The stages before are computed once per picture and kept on disk, so that an epoch costs a fraction of one
through the whole network; the checkpoint of every epoch lets a killed training go on.
"""

import copy
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.core.arrays import Labels, Numbers, in_parts
from ml.core.cards import write_whole
from ml.core.trainer import Places, Point, Recipe, Trainer
from ml.pictures.network import EfficientNetLite
from ml.teaching.head import FLOOR, Head, balance
from ml.teaching.head_training import Examples, Progress, Watch

Prepared = Callable[[Labels], Numbers]  # places among the examples -> (n, 3, s, s) as the network takes them

# Of 12 classes of photographs it gained nothing; where it does is measured each time (ml.teaching.train).
RECIPE = Recipe(epochs=12, batch=32, rate=2e-3, decay=1e-3, warm_up=0.1, first_rate=0.0, is_averaged=False)
CHUNK = 16  # pictures through the frozen stages at a time
BLOCKS = 2  # of the network's last ones that learn
LAYOUT = torch.channels_last  # in which the frozen stages take two thirds of the time


class TooSlow(Exception):
    """Fine-tuning would take longer than it may; carries the seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Fine-tuning would take about {seconds:.0f} s.")
        self.seconds = seconds


class Tail(nn.Module):
    """The last blocks, the last convolution and the head: maps (n, c, h, w) -> logits (n, classes)."""

    def __init__(self, network: EfficientNetLite, head: Head) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*copy.deepcopy(list(network.blocks)[-BLOCKS:]))
        self.conv_head, self.bn1 = copy.deepcopy(network.conv_head), copy.deepcopy(network.bn1)
        self.clip = nn.ReLU6()
        self.answer = nn.Linear(*head.weight.shape)
        with torch.no_grad():
            self.answer.weight.copy_(torch.from_numpy(head.weight.T))
            self.answer.bias.copy_(torch.from_numpy(head.bias))

    def features(self, maps: Tensor) -> Tensor:
        pooled: Tensor = self.clip(self.bn1(self.conv_head(self.blocks(maps)))).mean((2, 3))
        return pooled

    def forward(self, maps: Tensor) -> Tensor:
        logits: Tensor = self.answer(torch.sqrt(self.features(maps) + FLOOR))
        return logits

    def tuned(self, network: EfficientNetLite) -> EfficientNetLite:
        """The whole network with the tuned stages in their place."""
        whole = copy.deepcopy(network)
        whole.blocks = nn.Sequential(*list(whole.blocks)[:-BLOCKS], *copy.deepcopy(list(self.blocks)))
        whole.conv_head, whole.bn1 = copy.deepcopy(self.conv_head), copy.deepcopy(self.bn1)
        return whole.eval()

    @property
    def head(self) -> Head:
        return Head(self.answer.weight.detach().numpy().T.copy(), self.answer.bias.detach().numpy().copy())


def trunk(network: EfficientNetLite, pictures: Tensor) -> Tensor:
    """What the frozen stages make of (n, 3, s, s)."""
    maps = network.clip(network.bn0(network.conv_stem(pictures)))
    for block in list(network.blocks)[:-BLOCKS]:
        maps = block(maps)
    return maps


class Maps:
    """What the frozen stages make of all examples, on disk: a killed run does not compute them twice."""

    def __init__(self, network: EfficientNetLite, folder: Path, count: int, plan: str) -> None:
        self.network, self.folder, self.count, self.plan = network, folder, count, plan

    def frozen(self, pictures: Numbers) -> Tensor:
        with torch.inference_mode():
            maps = trunk(self.network, torch.from_numpy(pictures).contiguous(memory_format=LAYOUT)).half()
        return maps.contiguous()

    def done(self) -> int:
        """How many pictures went through the frozen stages already."""
        path = self.folder / "maps.json"
        plan, count = json.loads(path.read_text()) if path.exists() else ("", 0)
        return int(count) if plan == self.plan else 0

    def all(self, prepared: Prepared, report: Callable[[float], None]) -> NDArray[np.float16]:
        """(n, c, h, w). report: hears which share of them is done."""
        done, path = self.done(), self.folder / "maps.npy"
        if not done:
            shape = (self.count, *self.frozen(prepared(np.arange(1))).shape[1:])
            np.lib.format.open_memmap(path, "w+", np.float16, shape).flush()
        maps: NDArray[np.float16] = np.lib.format.open_memmap(path, "r+")
        for start in range(done, self.count, CHUNK):
            places = np.arange(start, min(start + CHUNK, self.count))
            maps[places] = self.frozen(prepared(places)).numpy()
            maps.flush()  # type: ignore[attr-defined]
            write_whole(self.folder / "maps.json", json.dumps([self.plan, int(places[-1]) + 1]).encode())
            report((places[-1] + 1) / self.count)
        return maps


class TailLearner:
    """The last stages, which learn from the kept maps of the examples."""

    def __init__(self, tail: Tail, examples: Examples, parts: tuple[Labels, Labels], seed: int) -> None:
        self.recipe, self.network, self.examples, self.seed = RECIPE, tail, examples, seed
        self.train, self.held = parts
        self.weights = balance(examples.labels, len(examples.classes))
        self.maps: NDArray[np.float16] = np.empty(0, np.float16)  # (n, c, h, w), once they are computed

    @property
    def plan(self) -> dict[str, Any]:
        features = hashlib.sha256(np.ascontiguousarray(self.examples.features).tobytes()).hexdigest()
        labels, held = self.examples.labels.tolist(), self.held.tolist()
        return {"blocks": BLOCKS, "features": features, "labels": labels, "held_out": held}

    def batches(self, epoch: int) -> list[Places]:
        self.random = np.random.default_rng((self.seed, epoch))
        order = self.random.permutation(self.train)
        return np.array_split(order, max(1, round(len(order) / self.recipe.batch)))

    def loss(self, places: Places) -> tuple[Tensor, float]:
        """Half of the pictures are mirrored, and classes of any size count alike."""
        places = np.sort(places)
        maps = torch.from_numpy(self.maps[places]).float()
        labels = torch.from_numpy(self.examples.labels[places])
        is_mirrored = torch.from_numpy(self.random.random(len(maps)) < 0.5)
        logits = self.network(torch.where(is_mirrored[:, None, None, None], maps.flip(3), maps))
        entropy = nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=0.1)
        right = (logits.detach().argmax(1) == labels).sum()
        return (entropy * torch.from_numpy(self.weights[places])).mean(), float(right)

    def validate(self, network: nn.Module) -> tuple[float, float]:
        logits = self.network.head.logits(self.inputs(self.held))
        labels = self.examples.labels[self.held]
        loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
        return float(loss), float((logits.argmax(1) == labels).mean())

    def inputs(self, places: Labels) -> Numbers:
        """(n, d) of the tuned stages, as the head takes them."""

        def rooted_features(some: Labels) -> Numbers:
            features = self.network.features(torch.from_numpy(self.maps[some]).float())
            return torch.sqrt(features + FLOOR).numpy()

        with torch.inference_mode():
            return in_parts(rooted_features, places, 64)


class Tuning:
    """One fine-tuning, whose maps and checkpoint lie in `folder`. parts: places of the examples that are learned from,
    and of those that are held out."""

    def __init__(
        self,
        network: EfficientNetLite,
        head: Head,
        examples: Examples,
        parts: tuple[Labels, Labels],
        folder: Path,
        seed: int = 1,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(seed)
        network = network.eval().to(memory_format=LAYOUT)  # type: ignore[call-overload]
        self.tail = Tail(network, head).eval()  # the statistics of normalisation stay those of many pictures
        self.learner = TailLearner(self.tail, examples, parts, seed)
        self.trainer = Trainer(self.learner, seed, folder / "tuning.partial")
        self.maps = Maps(network, folder, len(examples.labels), self.trainer.checkpoint.plan)

    @property
    def curves(self) -> list[Point]:
        """Without the seconds: a run that was killed leaves the same as one that was not."""
        return [{name: point[name] for name in point if name != "seconds"} for point in self.trainer.curves]

    def run(self, prepared: Prepared, seconds: float, watch: Watch) -> None:
        """All epochs that are still to do. Raises TooSlow where it would take longer than `seconds`."""
        self.trainer.resume()
        expected = self.expected_seconds(prepared)
        if expected > seconds:
            raise TooSlow(expected)

        def report(share: float) -> None:
            watch(Progress(share, "tuning", self.curves))

        self.learner.maps = self.maps.all(prepared, lambda share: report(0.5 * share))
        self.trainer.run(lambda epochs: report(0.5 + 0.5 * epochs.share))
        report(1.0)

    def expected_seconds(self, prepared: Prepared) -> float:
        """Judged by a few pictures; what was done before a killed worker is not done again."""
        few = self.learner.train[:4]
        started = time.monotonic()
        maps = self.maps.frozen(prepared(few))
        one_pass = (time.monotonic() - started) / len(few)
        started = time.monotonic()
        copy.deepcopy(self.tail)(maps.float()).sum().backward()
        one_step = (time.monotonic() - started) / len(few)
        passes = self.maps.count - self.maps.done()
        steps = len(self.learner.train) * (self.trainer.epochs - self.trainer.epoch)
        return one_pass * passes + one_step * steps
