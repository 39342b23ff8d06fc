"""Where the printed form really lies on a rectified page: lenses, bent paper and lost markers move it.

Small patches of the page are compared with a drawing of the printed outlines by normalised cross-correlation,
starting beside the markers and growing outwards, so that each search begins where its neighbours were found. Between
the patches the displacement is a moving least squares fit (Schaefer, McPhail, Warren: Image deformation using
moving least squares, 2006), here of affine functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey

from .boxes import Page
from .markers import Points

SCALE = 4  # px per mm, of the page that is looked at here
FINE = 4  # the drawing is made this much larger, then shrunk, for soft edges
SPACING = 18.0  # mm between patches
PATCH = 13.0  # mm, side of a patch: a bubble and its neighbours
REACH = 1.75  # mm searched around the expected place; less than half the pitch of bubbles
GROWTH = 32.0  # mm from what is known to what is looked for next
NEAR = 26.0  # mm, how far a patch has a say in the fit
RIDGE = 0.02  # on all but the constant of the fit: steadier where patches are few, stiffer where paper bends
ALIKE = 0.3  # least correlation of a patch that was found: faded print stays, and strays are left to STRAY
FEW = 8  # places that cannot contradict each other
STRAY = 0.6  # mm from what its neighbours say: a false match
LINE = 0.3  # mm, width of a drawn outline
HALF, RANGE = round(PATCH / 2 * SCALE), round(REACH * SCALE)  # px
OUTLINED = ("bubble", "digit", "letter")


@dataclass(frozen=True)
class Registration:
    """Places on the form and where they were found, both (n, 2) mm; `error` in mm, `share` of patches found."""

    places: Points
    shifts: Points
    share: float
    error: float

    def shift(self, points: Points) -> Points:
        """How far the print is displaced at `points` (m, 2), in mm."""
        return _moving_fit(self.places, self.shifts, points, curved=True)


def register(
    page: Grey,
    form: Page,
    places: Points,
    shifts: Points,
    hold: bool = True,
    patterns: Sequence[Grey] | None = None,
) -> Registration:
    """Find the form on `page` (uint8 at SCALE, dark on white), beginning from `places` whose `shifts` are known.

    Those come first in the answer. With `hold` they all stay in it; else what is found around them can refute them.
    patterns: how the form may look, ink high; by default its outlines, and these with all bubbles filled in.
    """
    patterns = patterns or (255 - draw_outlines(form), 255 - draw_outlines(form, filled=True))
    ink = 255 - page
    pending = anchors(form)
    total = len(pending)
    found, moved = places, shifts
    distance = _distances(pending, found)
    while len(pending):
        turn = distance < max(GROWTH, float(distance.min()) + 1)
        guesses = _moving_fit(found, moved, pending[turn])
        offsets, scores = _matches(ink, patterns, pending[turn], guesses)
        good = scores > ALIKE
        new = pending[turn][good]
        found, moved = np.concatenate([found, new]), np.concatenate([moved, offsets[good]])
        pending, distance = pending[~turn], distance[~turn]
        if len(new):
            distance = np.minimum(distance, _distances(pending, new))
    return _settled(found, moved, np.arange(len(found)) >= len(places), total, hold)


def _distances(places: Points, others: Points) -> NDArray[np.float64]:
    """From each place (n, 2) to the nearest of the others."""
    return np.asarray(np.linalg.norm(places[:, None] - others[None], axis=2).min(axis=1))


def _settled(
    found: Points, moved: Points, is_print: NDArray[np.bool_], total: int, hold: bool
) -> Registration:
    """Without the places that their neighbours contradict."""
    for _ in range(2):
        strays = np.linalg.norm(moved - _moving_fit(found, moved, found, curved=True, apart=True), axis=1)
        keep = (strays < STRAY) | (hold & ~is_print) | (len(found) <= FEW)
        if keep.all():
            break
        found, moved, is_print = found[keep], moved[keep], is_print[keep]
    off = np.linalg.norm(moved - _moving_fit(found, moved, found, curved=True), axis=1)
    share = float(is_print.sum()) / total if total else 1.0
    return Registration(found, moved, share, float(np.sqrt(np.mean(off**2))))


@lru_cache(maxsize=32)
def draw_outlines(form: Page, filled: bool = False) -> Grey:
    """The printed outlines of the fields, uint8 at SCALE, dark on white; or with all bubbles filled in."""
    scale = SCALE * FINE
    picture = np.full((round(form.height * scale), round(form.width * scale)), 255, np.uint8)
    for field in form.fields:
        if field.kind in OUTLINED:
            line = -1 if filled and field.kind == "bubble" else round(LINE * scale)
            _outline(picture, field.kind, np.array(field.box) * scale, line)
    return cv2.resize(picture, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)


def _outline(picture: Grey, kind: str, box: NDArray[np.float64], line: int) -> None:
    x, y, width, height = box
    if kind == "bubble":
        centre, axes = (round(x + width / 2), round(y + height / 2)), (round(width / 2), round(height / 2))
        cv2.ellipse(picture, centre, axes, 0, 0, 360, 0, line, cv2.LINE_AA)
    else:
        cv2.rectangle(picture, (round(x), round(y)), (round(x + width), round(y + height)), 0, line)


@lru_cache(maxsize=32)
def anchors(form: Page) -> Points:
    """Centres of fields, (n, 2) mm, about one in every SPACING x SPACING."""
    centres = np.array(
        [(x + w / 2, y + h / 2) for x, y, w, h in (f.box for f in form.fields if f.kind in OUTLINED)]
    ).reshape(-1, 2)
    cells = np.floor(centres / SPACING)
    off = np.linalg.norm(centres - (cells + 0.5) * SPACING, axis=1)
    order = np.argsort(off, kind="stable")
    _, first = np.unique(cells[order], axis=0, return_index=True)
    return centres[order[first]]


def _matches(
    ink: Grey, patterns: Sequence[Grey], places: Points, guesses: Points
) -> tuple[Points, NDArray[np.float64]]:
    """The shift (n, 2) mm of every patch, and its correlation (n,); later patterns where earlier ones do not fit."""
    shifts, scores = np.array(guesses), np.full(len(places), -1.0)
    at, off = np.round(places * SCALE).astype(int), np.round(guesses * SCALE).astype(int)
    for index, ((x, y), (dx, dy)) in enumerate(zip(at.tolist(), off.tolist(), strict=True)):
        for pattern in patterns:
            found, score = _match(ink, pattern, (x, y), (x + dx, y + dy))
            if score > scores[index]:
                shifts[index], scores[index] = (dx + found[0], dy + found[1]), score
                shifts[index] /= SCALE
            if score > ALIKE:
                break
    return shifts, scores


def _match(
    ink: Grey, pattern: Grey, place: tuple[int, int], guess: tuple[int, int]
) -> tuple[tuple[float, float], float]:
    """Where the pattern around `place` lies in the ink, from where it is guessed: shift in px, correlation or -1."""
    patch, window = _window(pattern, *place, HALF), _window(ink, *guess, HALF + RANGE)
    if patch is None or window is None:
        return (0.0, 0.0), -1.0
    likeness = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(likeness)
    if not (0 < x < 2 * RANGE and 0 < y < 2 * RANGE):  # at the edge: the peak is elsewhere
        return (0.0, 0.0), -1.0
    across, down = likeness[y, x - 1 : x + 2].tolist(), likeness[y - 1 : y + 2, x].tolist()
    return (x - RANGE + summit(*across), y - RANGE + summit(*down)), score


def _window(picture: Grey, x: int, y: int, half: int) -> Grey | None:
    left, top = x - half, y - half
    if left < 0 or top < 0 or x + half > picture.shape[1] or y + half > picture.shape[0]:
        return None
    return picture[top : y + half, left : x + half]


def summit(before: float, top: float, after: float) -> float:
    """Where a parabola through three values has its top, from the middle one."""
    bend = before - 2 * top + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0


def _moving_fit(
    places: Points, values: Points, points: Points, curved: bool = False, apart: bool = False
) -> Points:
    """A function of place fitted around each point, nearer places counting more: its values (m, 2) at `points`.

    Affine, or quadratic where `curved`; a little ridge keeps it calm where few places are near. `apart`: each point
    is one of the places, and has no say in its own value.
    """
    away = ((places[None] - points[:, None]) / NEAR).astype(np.float32)  # m, n, 2
    x, y = away[..., 0], away[..., 1]
    weights = np.exp(-0.5 * (x * x + y * y)) + np.float32(1e-9)
    if apart:
        np.fill_diagonal(weights, 0)
    terms = [np.ones_like(x), x, y, *((x * x, x * y, y * y) if curved else ())]
    basis = np.stack(terms, axis=1)  # m, 3 or 6, n
    weighted = basis * weights[:, None]
    ridge = np.diag([0.0] + [RIDGE] * (len(terms) - 1)) * weights.sum(axis=1)[:, None, None]
    normal = weighted @ basis.transpose(0, 2, 1) + ridge + 1e-12 * np.eye(len(terms))
    return np.asarray(np.linalg.solve(normal, weighted @ values)[:, 0])
