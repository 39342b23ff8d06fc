"""Are a template's bubbles where bubbles can be: on the page, and none on another one?"""

from collections.abc import Sequence

import numpy as np

from grading.sheet.boxes import Box
from grading.sheet.omrchecker.problems import WrongTemplate


def check_places(labels: Sequence[str], boxes: Sequence[Box], page: tuple[float, float]) -> None:
    """Raises WrongTemplate, which names the fields. `labels`: of each box, the field that it belongs to.

    Boxes may overlap a little, since authors draw them as they like; the middle of one lies in no other.
    """
    places = np.array(boxes)
    low, high = places[:, :2], places[:, :2] + places[:, 2:]
    outside = ((low < 0) | (high > page)).any(axis=1)
    if outside.any():
        raise WrongTemplate("outside_page", labels[int(outside.argmax())])
    order = np.argsort(low[:, 0] + high[:, 0], kind="stable")
    centres, sizes = ((low + high) / 2)[order], places[order, 2:]
    for step in range(1, len(order)):
        away = np.abs(centres[step:] - centres[:-step])
        if away[:, 0].min() >= sizes[:, 0].max() / 2:
            return
        on_each_other = (away < np.maximum(sizes[step:], sizes[:-step]) / 2).all(axis=1)
        if on_each_other.any():
            place = int(on_each_other.argmax())
            pair = sorted({labels[int(order[place])], labels[int(order[place + step])]})
            raise WrongTemplate("overlapping", ", ".join(pair))
