"""Training, whatever is learned: how weights are averaged and how many epochs fit."""

import torch
from torch import Tensor

# bfloat16 halves the time of a step there and costs no accuracy
HALVES_PAY = torch.backends.cpu.get_cpu_capability() == "AVX512"
DECAY = 0.998  # of the averaged weights, a step


def moving_average(average: Tensor, newest: Tensor, steps: Tensor | int) -> Tensor:
    """Exponential moving average that follows quickly while the training is young."""
    return average + (newest - average) * max(1 - DECAY, 1 / (int(steps) / 5 + 2))


def fitting_epochs(planned: int, done: int, seconds: float, minutes: float) -> int:
    """How many epochs, of those planned, end within the minutes."""
    return max(done + 1, min(planned, int(minutes * 60 / (seconds / done))))
