"""Fine-tuning of the last stages, beginning at what the frozen network and the head know already.

The stages before are computed once per picture and kept on disk, so that an epoch costs a fraction of one
through the whole network; the checkpoint of every epoch lets a killed training go on.
"""

import copy
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.core.calibration import Labels, Numbers
from ml.core.cards import write_whole
from ml.pictures.network import EfficientNetLite
from ml.teaching.head import FLOOR, Head, balance
from ml.teaching.lesson import Examples, Point, Report, Watch

Prepared = Callable[[Labels], Numbers]  # places among the examples -> (n, 3, s, s) as the network takes them

EPOCHS = 12
BATCH = 32
CHUNK = 16  # pictures through the frozen stages at a time
RATE = 2e-3
DECAY = 1e-3
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


class Tuning:
    """One fine-tuning: which examples it learns from, which it is measured on, how far it is."""

    def __init__(
        self,
        network: EfficientNetLite,
        head: Head,
        examples: Examples,
        parts: tuple[Labels, Labels],
        folder: Path,
        seed: int = 1,
    ) -> None:
        self.network = network.eval().to(memory_format=LAYOUT)  # type: ignore[call-overload]
        self.examples, self.folder, self.seed = examples, folder, seed
        self.train, self.held = parts
        torch.manual_seed(seed)
        self.tail = Tail(network, head).eval()  # the statistics of normalisation stay those of many pictures
        self.optimizer = torch.optim.AdamW(self.tail.parameters(), lr=RATE, weight_decay=DECAY)
        self.curves: list[Point] = []
        self.plan = (
            f"{EPOCHS} {BATCH} {RATE} {BLOCKS} {seed} {len(examples.labels)} {examples.labels.tolist()}"
        )
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, prepared: Prepared, seconds: float, watch: Watch) -> NDArray[np.float16]:
        """All epochs that are still to do; answers the kept maps of all examples.

        Raises TooSlow where it would take longer than `seconds`.
        """
        self.resume()
        expected = self.expected_seconds(prepared)
        if expected > seconds:
            raise TooSlow(expected)
        maps = self.kept_maps(prepared, watch)
        while len(self.curves) < EPOCHS:
            loss, accuracy = self.learn(maps)
            self.note(maps, loss, accuracy)
            self.save()
            watch(self.report(0.5 + 0.5 * len(self.curves) / EPOCHS))
        return maps

    def report(self, share: float) -> Report:
        return Report(share, "tuning", self.curves)

    def expected_seconds(self, prepared: Prepared) -> float:
        """Judged by a few pictures; what was done before a killed worker is not done again."""
        few = self.train[:4]
        started = time.monotonic()
        maps = self.frozen(prepared(few))
        one_look = (time.monotonic() - started) / len(few)
        started = time.monotonic()
        copy.deepcopy(self.tail)(maps.float()).sum().backward()
        one_step = (time.monotonic() - started) / len(few)
        count = len(self.examples.labels)
        return one_look * (count - self.looked()) + one_step * len(self.train) * (EPOCHS - len(self.curves))

    def frozen(self, pictures: Numbers) -> Tensor:
        with torch.inference_mode():
            maps = trunk(self.network, torch.from_numpy(pictures).contiguous(memory_format=LAYOUT)).half()
        return maps.contiguous()

    def kept_maps(self, prepared: Prepared, watch: Watch) -> NDArray[np.float16]:
        """(n, c, h, w) of all examples, on disk."""
        done, count = self.looked(), len(self.examples.labels)
        path = self.folder / "maps.npy"
        if not done:
            shape = (count, *self.frozen(prepared(np.arange(1))).shape[1:])
            np.lib.format.open_memmap(path, "w+", np.float16, shape).flush()
        maps: NDArray[np.float16] = np.lib.format.open_memmap(path, "r+")
        for start in range(done, count, CHUNK):
            places = np.arange(start, min(start + CHUNK, count))
            maps[places] = self.frozen(prepared(places)).numpy()
            maps.flush()  # type: ignore[attr-defined]
            write_whole(self.folder / "looked.json", json.dumps([self.plan, int(places[-1]) + 1]).encode())
            watch(self.report(0.5 * (places[-1] + 1) / count))
        return maps

    def looked(self) -> int:
        """How many pictures went through the frozen stages already."""
        path = self.folder / "looked.json"
        plan, count = json.loads(path.read_text()) if path.exists() else ("", 0)
        return int(count) if plan == self.plan else 0

    def learn(self, maps: NDArray[np.float16]) -> tuple[float, float]:
        """One epoch in an order of its own, half of the pictures mirrored; the mean loss and accuracy on the way."""
        random = np.random.default_rng((self.seed, len(self.curves)))
        order = random.permutation(self.train)
        batches = np.array_split(order, max(1, round(len(order) / BATCH)))
        weights = balance(self.examples.labels, len(self.examples.classes))
        loss = right = 0.0
        for number, chosen in enumerate(batches):
            self.set_rate((len(self.curves) + number / len(batches)) / EPOCHS)
            places = np.sort(chosen)
            some, labels = (
                torch.from_numpy(maps[places]).float(),
                torch.from_numpy(self.examples.labels[places]),
            )
            is_mirrored = torch.from_numpy(random.random(len(some)) < 0.5)
            some = torch.where(is_mirrored[:, None, None, None], some.flip(3), some)
            logits = self.tail(some)
            entropy = nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=0.1)
            step = (entropy * torch.from_numpy(weights[places])).mean()
            self.optimizer.zero_grad()
            step.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            loss += float(step.detach()) * len(places)
            right += float((logits.argmax(1) == labels).sum())
        return loss / len(order), right / len(order)

    def set_rate(self, done: float) -> None:
        """Up for the first tenth, then down along a cosine."""
        share = done / 0.1 if done < 0.1 else 0.5 * (1 + np.cos(np.pi * (done - 0.1) / 0.9))
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * float(share)

    def note(self, maps: NDArray[np.float16], loss: float, accuracy: float) -> None:
        logits = self.tail.head.logits(self.inputs(maps, self.held))
        labels = self.examples.labels[self.held]
        held_loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
        point = {
            "epoch": len(self.curves) + 1,
            "train_loss": loss,
            "train_accuracy": accuracy,
            "validation_loss": float(held_loss),
            "validation_accuracy": float((logits.argmax(1) == labels).mean()),
        }
        self.curves.append({name: round(value, 6) for name, value in point.items()})

    def inputs(self, maps: NDArray[np.float16], places: Labels) -> Numbers:
        """(n, d) of the tuned stages, as the head takes them."""
        with torch.inference_mode():
            parts = [
                torch.sqrt(self.tail.features(torch.from_numpy(maps[some]).float()) + FLOOR).numpy()
                for some in np.array_split(places, len(places) // 64 + 1)
            ]
        return np.concatenate(parts)

    def save(self) -> None:
        draft, kept = self.folder / "tuning.draft", self.folder / "tuning.partial"
        state = {"tail": self.tail.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state | {"curves": self.curves, "plan": self.plan}, draft)
        draft.replace(kept)

    def resume(self) -> None:
        """Goes on where the checkpoint ends, if it is one of the same plan."""
        path = self.folder / "tuning.partial"
        kept = torch.load(path, weights_only=True) if path.exists() else {}
        if kept.get("plan") != self.plan:
            return
        self.tail.load_state_dict(kept["tail"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.curves = kept["curves"]
