"""A picture of a sheet as it is looked at: at several sizes, with the outlines of paper in it."""

from collections.abc import Iterator
from itertools import chain, count

import cv2
import numpy as np

from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Points, transform
from grading.sheet.omrchecker.page_outlines import page_outlines
from grading.sheet.rectification import Shift, downscale, even, power_of_two, sample, shrink_matrix

COARSE = 0.75  # px of a picture to one of its straight page, that this shows all of


class ScaledPicture:
    """A picture that can be looked at smaller, and the outlines in it; each is made once, when somebody asks."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self.known_outlines: list[Points] = []
        self._further = chain(page_outlines(grey), [corners_of(*grey.shape[::-1]) - 0.5])
        self._smaller: dict[int, Grey] = {1: grey}

    def outlines(self) -> Iterator[Points]:
        """Of paper in it, and of itself, since a scan shows nothing but the page."""
        for place in count():
            if place == len(self.known_outlines):
                another = next(self._further, None)
                if another is None:
                    return
                self.known_outlines.append(another)
            yield self.known_outlines[place]

    def straight(
        self, matrix: Matrix, size: tuple[float, float], scale: float, shift: Shift | None = None
    ) -> Grey:
        """The page of `size` mm at `scale` px/mm; `matrix` takes mm to px of the picture."""
        shrink = power_of_two(density(matrix, size) / scale)
        return sample(self._shrunk(shrink), shrink_matrix(shrink) @ matrix, size, scale, shift)

    def evened(
        self, matrix: Matrix, size: tuple[float, float], scale: int, shift: Shift | None = None
    ) -> Grey:
        """The same, evenly lit. What the picture has not is not sampled: it is enlarged from half the scale."""
        half = scale // 2
        if density(matrix, size) > COARSE * half or scale % 2:
            return even(self.straight(matrix, size, scale, shift), scale)
        page = self.evened(matrix, size, half, shift)
        width, height = (round(side * scale) for side in size)
        return np.asarray(cv2.resize(page, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)

    def _shrunk(self, factor: int) -> Grey:
        """By a power of two: half of what is by half of that."""
        if factor not in self._smaller:
            self._smaller[factor] = downscale(self._shrunk(factor // 2), 2)
        return self._smaller[factor]


def density(matrix: Matrix, size: tuple[float, float]) -> float:
    """px of the picture per mm, in the middle of the page."""
    middle = np.array(size) / 2
    points = transform(matrix, np.array([middle, middle + [1, 0], middle + [0, 1]]))
    return float(np.sqrt(abs(np.linalg.det(points[1:] - points[0]))))


def corners_of(width: float, height: float) -> Points:
    return np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
