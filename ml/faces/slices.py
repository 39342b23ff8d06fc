"""A training in slices of minutes: what it has in common whatever is learned."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ml.core.cards import write_whole
from ml.faces.sheets import Pictures, png, sheet

NOTED_EVERY = 30.0  # seconds

Point = dict[str, float]  # of the curves: epoch, photographs, seconds and losses by their names


@dataclass(frozen=True)
class Standing:
    """share: of all photographs that were to be shown, 0..1; epochs: how often each is shown in all."""

    share: float
    step: str
    epochs: int
    curves: list[Point]


Watch = Callable[[Standing], None]


class Slices:
    """Networks on a device, a checkpoint from which the same plan goes on, and curves.

    kept: names of the attributes that have a state of their own; whoever inherits from this teaches in `learn`.
    """

    kept: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()  # their names on the curves

    def __init__(
        self,
        photographs: Pictures,
        planned: int,
        batch: int,
        seed: int,
        checkpoint: Path,
        device: str,
        plan: str,
    ) -> None:
        self.planned, self.batch, self.seed, self.checkpoint = planned, batch, seed, checkpoint
        self.device, self.plan = torch.device(device), plan
        torch.manual_seed(seed)
        self.photographs = torch.from_numpy(photographs).permute(0, 3, 1, 2).to(self.device)
        self.seen, self.steps = 0, 0
        self.curves: list[Point] = []
        self.summed = torch.zeros(len(self.losses), device=self.device)  # losses since the last note

    def placed(self, network: nn.Module) -> nn.Module:
        return network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def learn(self) -> torch.Tensor:
        """One batch; returns its losses (len(losses),)."""
        raise NotImplementedError

    def samples(self) -> Pictures:
        """Pictures (n, side, side, 3) that show how far it is."""
        raise NotImplementedError

    def run(self, minutes: float | None, watch: Watch) -> None:
        """Goes on from the checkpoint until all was shown or the minutes are over, and leaves a checkpoint."""
        self.resume()
        torch.manual_seed(self.seed + self.seen)
        began = noted = time.monotonic()
        steps = self.steps
        while self.seen < self.planned and not is_over(began, minutes):
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
                self.summed += self.learn()
            self.seen += self.batch
            self.steps += 1
            if time.monotonic() - noted > NOTED_EVERY:
                self.note(time.monotonic() - noted, self.steps - steps)
                watch(self.standing())
                noted, steps = time.monotonic(), self.steps
        if self.steps > steps:
            self.note(time.monotonic() - noted, self.steps - steps)
        watch(self.standing())

    def note(self, seconds: float, steps: int) -> None:
        means = dict(zip(self.losses, (self.summed / steps).tolist(), strict=True))
        self.summed.zero_()
        point = {
            "epoch": self.seen / len(self.photographs),
            "photographs": self.seen,
            "seconds": seconds,
        } | means
        self.curves.append({name: round(value, 4) for name, value in point.items()})
        write_whole(self.checkpoint.with_suffix(".png"), png(sheet(self.samples())))
        self.save()

    def standing(self) -> Standing:
        step = f"{self.seen:,} photographs"
        if self.curves:
            step += "".join(f", {name.replace('_', ' ')} {self.curves[-1][name]:.2f}" for name in self.losses)
        epochs = round(self.planned / len(self.photographs))
        return Standing(min(1.0, self.seen / self.planned), step, epochs, list(self.curves))

    def save(self) -> None:
        draft = self.checkpoint.with_suffix(".draft")
        torch.save(self.state(), draft)
        draft.replace(self.checkpoint)

    def state(self) -> dict[str, Any]:
        parts = {name: getattr(self, name).state_dict() for name in self.kept}
        return parts | {"plan": self.plan, "seen": self.seen, "steps": self.steps, "curves": self.curves}

    def resume(self) -> None:
        """Where the checkpoint ends, if it is one of the same plan."""
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        if state["plan"] == self.plan:
            self.restore(state)

    def restore(self, state: dict[str, Any]) -> None:
        for name in self.kept:
            getattr(self, name).load_state_dict(state[name])
        self.seen, self.steps, self.curves = state["seen"], state["steps"], state["curves"]


def is_over(began: float, minutes: float | None) -> bool:
    return minutes is not None and time.monotonic() - began > 60 * minutes
