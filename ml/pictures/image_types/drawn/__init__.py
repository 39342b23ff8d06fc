"""Pictures of each type that are drawn by rules: what the types are learned from, beside photographs and clip art."""

from collections.abc import Callable

from numpy.random import Generator

from ml.core.arrays import Picture
from ml.pictures.image_types.drawn.charts import chart
from ml.pictures.image_types.drawn.pages import document, receipt
from ml.pictures.image_types.drawn.screens import screenshot
from ml.pictures.image_types.drawn.shapes import blank, drawing, pattern

MAKERS: dict[str, Callable[[Generator], Picture]] = {
    "document": document,
    "receipt": receipt,
    "screenshot": screenshot,
    "drawing": drawing,
    "chart": chart,
    "pattern": pattern,
    "blank": blank,
}
