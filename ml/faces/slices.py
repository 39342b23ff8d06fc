"""A training in slices of minutes, as a generator and the encoder need it.

Not ml.core.trainer's: two networks take their steps in turn, against each other, so that no validation loss says which
epoch was best and none ends before its photographs are shown. Checkpoints and reports are those of the trainer.
"""

import io
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from ml.core.arrays import Pictures
from ml.core.cards import write_whole
from ml.core.checkpoints import Checkpoint
from ml.core.trainer import Point, Report, Watch

NOTED_EVERY = 30.0  # seconds


class SlicedTraining:
    """Networks on a device, a checkpoint from which the same plan goes on, and curves.

    kept, kept_tensors: names of the attributes that the checkpoint holds, of those with a state of their own and of
    tensors; whoever inherits from this takes its steps in `learn`.
    """

    kept: tuple[str, ...] = ()
    kept_tensors: tuple[str, ...] = ()
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
        self.planned, self.batch, self.seed = planned, batch, seed
        self.device, self.checkpoint = torch.device(device), Checkpoint(checkpoint, plan)
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

    def photographs_batch(self, count: int) -> torch.Tensor:
        """Any of them, (count, 3, side, side) in -1..1."""
        chosen = torch.randint(len(self.photographs), (count,), device=self.device)
        return self.photographs[chosen].float() / 127.5 - 1

    def samples(self) -> Pictures:
        """Pictures (n, side, side, 3) that show how far it is."""
        raise NotImplementedError

    def run(self, minutes: float | None, watch: Watch) -> None:
        """Goes on from the checkpoint until all was shown or the minutes are over, and leaves a checkpoint."""
        self.resume()
        torch.manual_seed(self.seed + self.seen)
        began = noted = time.monotonic()
        steps = self.steps
        longest = float("inf") if minutes is None else 60 * minutes
        while self.seen < self.planned and time.monotonic() - began <= longest:
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
                self.summed += self.learn()
            self.seen += self.batch
            self.steps += 1
            if time.monotonic() - noted > NOTED_EVERY:
                self.note(time.monotonic() - noted, self.steps - steps)
                watch(self.report())
                noted, steps = time.monotonic(), self.steps
        if self.steps > steps:
            self.note(time.monotonic() - noted, self.steps - steps)
        watch(self.report())

    def note(self, seconds: float, steps: int) -> None:
        means = dict(zip(self.losses, (self.summed / steps).tolist(), strict=True))
        self.summed.zero_()
        point = {
            "epoch": self.seen / len(self.photographs),
            "photographs": self.seen,
            "seconds": seconds,
        } | means
        self.curves.append({name: round(value, 4) for name, value in point.items()})
        write_whole(self.checkpoint.path.with_suffix(".png"), png(contact_sheet(self.samples())))
        self.checkpoint.save(self.state())

    def report(self) -> Report:
        step = f"{self.seen:,} photographs"
        if self.curves:
            step += "".join(f", {name.replace('_', ' ')} {self.curves[-1][name]:.2f}" for name in self.losses)
        epochs = round(self.planned / len(self.photographs))
        return Report(min(1.0, self.seen / self.planned), step, self.seed, epochs, list(self.curves))

    def state(self) -> dict[str, Any]:
        parts = {name: getattr(self, name).state_dict() for name in self.kept}
        parts |= {name: getattr(self, name) for name in self.kept_tensors}
        return parts | {"seen": self.seen, "steps": self.steps, "curves": self.curves}

    def resume(self) -> None:
        """Where the checkpoint ends, if it is one of the same plan."""
        state = self.checkpoint.load(self.device)
        if state is None:
            return
        for name in self.kept:
            getattr(self, name).load_state_dict(state[name])
        for name in self.kept_tensors:
            setattr(self, name, state[name])
        self.seen, self.steps, self.curves = state["seen"], state["steps"], state["curves"]


def contact_sheet(pictures: Pictures, columns: int = 8) -> Pictures:
    """Row by row, black where pictures run out. (rows * side, columns * side, 3)."""
    count, side = len(pictures), pictures.shape[1]
    rows = -(-count // columns)
    places = np.zeros((rows * columns, *pictures.shape[1:]), np.uint8)
    places[:count] = pictures
    grid = places.reshape(rows, columns, side, side, 3).swapaxes(1, 2)
    return grid.reshape(rows * side, columns * side, 3)


def png(picture: Pictures) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()
