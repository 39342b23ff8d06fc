"""Other hands for the same digit: different, but still the same digit in the same form."""

import numpy as np
import torch

from ml.digits.augmentation import coarsened, varied
from ml.digits.network import to_tensor
from tests.support.strokes import drawing

rng = np.random.default_rng(3)
PICTURES = to_tensor(np.stack([drawing(number % 10, rng) for number in range(60)]))


def changed(pictures: torch.Tensor, **how: float) -> torch.Tensor:
    torch.manual_seed(0)
    return varied(pictures, **how)


def distance(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).abs().mean())


def test_shape_and_range_stay():
    found = changed(PICTURES)
    assert found.shape == PICTURES.shape and found.dtype == torch.float32
    assert found.min() >= 0 and found.max() <= 1


def test_every_picture_is_changed_and_the_seed_decides_how():
    first, again = changed(PICTURES), changed(PICTURES)
    assert torch.equal(first, again)
    assert ((first - PICTURES).abs().amax((1, 2, 3)) > 0.05).all()
    assert not torch.equal(varied(PICTURES), first)


def test_more_strength_changes_more_and_none_nearly_nothing():
    distances = [distance(changed(PICTURES, strength=strength), PICTURES) for strength in (0.0, 0.3, 1.0)]
    assert distances == sorted(distances) and distances[0] < 0.01


def test_a_digit_stays_on_the_picture():
    ink = changed(PICTURES).sum((1, 2, 3)) / PICTURES.sum((1, 2, 3))
    assert (ink > 0.35).all() and (ink < 2.5).all()


def test_the_pictures_that_were_given_are_left_alone():
    before = PICTURES.clone()
    changed(PICTURES)
    assert torch.equal(PICTURES, before)


def test_coarse_pictures_have_lost_their_finest_lines_and_the_others_nothing():
    stripes = (torch.arange(28) % 2).float().expand(40, 1, 28, 28)
    torch.manual_seed(0)
    found = coarsened(stripes, 30)
    assert torch.equal(found[30:], stripes[30:])
    contrast = found[:30].amax((1, 2, 3)) - found[:30].amin((1, 2, 3))
    assert (contrast < 1).any() and found.min() >= 0 and found.max() <= 1
