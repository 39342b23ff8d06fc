"""What people put right, digit by digit: a network can learn from it."""

import numpy as np
from numpy.typing import NDArray

from digits.models import SIDE, Reading

HELD_OUT = 5  # of so many readings one is never learned from

Corrected = tuple[NDArray[np.uint8], list[int], list[bool]]


def corrected_digits() -> Corrected:
    """(n, 28, 28) as the network saw them, what they are, and whether they are held out: by the id of their reading,
    so that it is the same ones for ever. Only readings where people counted as many digits as the network."""
    frames, labels, is_held_out = [], [], []
    readings = Reading.objects.exclude(right_text="").order_by("created_at", "pk")
    for reading in readings.only("right_text", "frames").iterator():
        digits = reading.right_text.replace("\n", "")
        if len(digits) == reading.frame_count:
            frames.append(bytes(reading.frames))
            labels += [int(digit) for digit in digits]
            is_held_out += [reading.pk.int % HELD_OUT == 0] * len(digits)
    pictures = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, SIDE, SIDE)
    return pictures, labels, is_held_out
