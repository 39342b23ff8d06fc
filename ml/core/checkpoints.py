"""Where a training stands, in a file, so that it can go on."""

from pathlib import Path
from typing import Any

import torch


class CheckpointLost(Exception):
    """A training that was to be longer has no checkpoint to go on from, or one of another course."""


class Checkpoint:
    """A file from which an interrupted training goes on, if it is one of the same plan to the letter; one that is to be
    longer than it was planned, if all of `course` is the same: the plan without its length."""

    def __init__(self, path: Path, plan: str, course: str = "") -> None:
        self.path, self.plan, self.course = path, plan, course or plan

    def save(self, state: dict[str, Any]) -> None:
        draft = self.path.with_suffix(".draft")
        torch.save(state | {"plan": self.plan, "course": self.course}, draft)
        draft.replace(self.path)

    def load(self, device: torch.device | str = "cpu", is_longer: bool = False) -> dict[str, Any] | None:
        """None where there is no checkpoint, or one of another plan."""
        if not self.path.exists():
            return None
        state: dict[str, Any] = torch.load(self.path, map_location=device, weights_only=True)
        is_same = state.get("course") == self.course if is_longer else state.get("plan") == self.plan
        return state if is_same else None
