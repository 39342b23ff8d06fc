"""How roughly the simulated sheets are printed, filled in and photographed."""

from dataclasses import dataclass, replace
from random import Random

Range = tuple[float, float]

CANVAS = 96  # pixels drawn on; a third more than the cell, so that moved neighbours come into view
SIDE = 72  # pixels of the canvas that are the cell
CELL = 32  # pixels that a network reads of a bubble
BOX_CELL = 64  # and of a handwritten digit or letter, whose strokes are finer than a mark's


@dataclass(frozen=True)
class Conditions:
    """Ranges are drawn from uniformly; chances are probabilities of one cell having the defect.

    shift is a share of the cell's side, turn is in degrees, pen_mm in millimetres, ink and paper are grey levels,
    tremor and blur are pixels of the 72-pixel cell.
    """

    shift: float = 0.065
    turn: float = 4.0
    scale: float = 0.08
    pen_mm: Range = (0.3, 1.2)
    ink: Range = (20, 190)
    tremor: Range = (0.0, 1.1)
    paper: Range = (222, 255)
    outline: Range = (0, 222)
    blur: Range = (0.0, 2.2)
    noise: Range = (0.0, 12.0)
    jpeg: Range = (25, 95)
    tilt: float = 0.09  # light residue across the cell, share of the level
    contrast: Range = (0.75, 1.0)
    threshold: Range = (198, 220)
    chance_motion: float = 0.10
    chance_jpeg: float = 0.25
    chance_threshold: float = 0.06
    chance_dropout: float = 0.12
    chance_specks: float = 0.15
    chance_streak: float = 0.05
    chance_ghost: float = 0.12
    chance_shadow: float = 0.08
    chance_unprinted: float = 0.03  # no bubble to be seen: bare paper, toner that failed
    chance_odd: float = 0.06  # cells that nobody could label for sure, with soft targets
    fonts: tuple[str, ...] = (
        *(
            "NanumGothic",
            "NanumBarun",
            "NanumSquare",
            "Liberation",
            "Carlito",
            "Caladea",
            "Roboto",
            "OpenSans",
        ),
        *("Lato", "FreeSans", "FreeSerif", "FreeMono", "Comfortaa", "EBGaramond12", "OldStandard"),
    )


# A worn copier, a pale pencil, a bad camera.
ROUGH = Conditions()

# A page from a usual scanner or phone, rectified and evened out.
ORDINARY = Conditions(
    shift=0.035,
    turn=1.5,
    scale=0.03,
    ink=(10, 155),
    tremor=(0.0, 0.9),
    paper=(238, 255),
    outline=(20, 215),
    blur=(0.2, 1.4),
    noise=(0.0, 6.0),
    jpeg=(60, 95),
    tilt=0.03,
    contrast=(0.88, 1.0),
    chance_motion=0.03,
    chance_threshold=0.01,
    chance_dropout=0.03,
    chance_specks=0.08,
    chance_streak=0.02,
    chance_ghost=0.06,
    chance_shadow=0.03,
    chance_unprinted=0.01,
    chance_odd=0.035,
)

# Another school: other fonts, shakier hands, a worse copier; never drawn from while training or calibrating.
ANOTHER_SCHOOL = Conditions(
    shift=0.055,
    turn=3.5,
    pen_mm=(0.35, 1.1),
    ink=(10, 180),
    tremor=(0.2, 1.4),
    outline=(30, 170),
    blur=(0.3, 2.0),
    noise=(1.0, 11.0),
    jpeg=(20, 80),
    tilt=0.11,
    contrast=(0.7, 1.0),
    chance_motion=0.15,
    chance_jpeg=0.5,
    chance_specks=0.25,
    chance_ghost=0.2,
    chance_shadow=0.12,
    chance_odd=0.0,
    fonts=("DejaVu", "NanumMyeongjo"),
)

# An ordinary page of that school.
ANOTHER_ORDINARY = replace(
    ORDINARY,
    pen_mm=(0.35, 1.1),
    tremor=(0.1, 1.1),
    outline=(30, 180),
    chance_odd=0.0,
    fonts=ANOTHER_SCHOOL.fonts,
)

# A tablet's canvas or a perfect scan.
CLEAN = Conditions(
    shift=0.0,
    turn=0.0,
    scale=0.0,
    pen_mm=(0.5, 0.9),
    ink=(10, 60),
    paper=(250, 255),
    blur=(0.3, 0.6),
    noise=(0.0, 1.0),
    tilt=0.0,
    contrast=(1.0, 1.0),
    chance_motion=0.0,
    chance_jpeg=0.0,
    chance_threshold=0.0,
    chance_dropout=0.0,
    chance_specks=0.0,
    chance_streak=0.0,
    chance_ghost=0.0,
    chance_shadow=0.0,
    chance_odd=0.0,
)


def within(random: Random, limits: Range) -> float:
    """One value of a range, uniformly."""
    return random.uniform(*limits)


def jitter(random: Random, limit: float) -> float:
    """One value between -limit and +limit, uniformly."""
    return random.uniform(-limit, limit)
