"""The panel that shows how to mark: right, wrong, changed, and a few short sentences."""

from collections.abc import Callable, Sequence

from grading.sheet.boxes import BUBBLE, HEADING, Box
from grading.sheet.pen import LEAD, MM, Pen, text_width, wrap

STEP = 7.4  # from sample to sample, in mm
ROW = 8.2
TALL = 45.0
LABEL_SIZE = 7.5
ADVICE_SIZES = (8.6, 8.2, 7.8, 7.4, 7.0, 6.6, 6.2)  # in points
ADVICE_GAP = 0.7
INK = 0.15
TINT, RULE_GREY = 0.92, 0.55

CIRCLED = {0x2460 + number: str(number + 1) for number in range(20)}  # ① in a circle would be two circles

Stroke = Callable[[Pen, float, float], None]


def draw_empty_bubble(pen: Pen, box: Box, label: str) -> None:
    """An empty bubble: thin outline, and a label light enough to hold little ink."""
    x, y, width, height = box
    pen.oval(box, stroke=0.3, line=0.22)
    label = label.translate(CIRCLED)
    size = 9.0 if "ㄱ" <= label <= "ㅎ" else 7.5  # these are small in their squares
    pen.text((x + 0.5, y, width - 1.0, height), label, size, align="center", grey=0.55, smallest=3.0)


def _fill(pen: Pen, cx: float, cy: float) -> None:
    r = BUBBLE / 2
    pen.oval((cx - r, cy - r, 2 * r, 2 * r), fill=INK)


def _tick(pen: Pen, cx: float, cy: float) -> None:
    pen.line((cx - 1.7, cy - 0.1), (cx - 0.4, cy + 1.5), (cx + 2.2, cy - 2.1), grey=INK, line=0.55)


def _cross(pen: Pen, cx: float, cy: float) -> None:
    pen.line((cx - 1.7, cy - 1.7), (cx + 1.7, cy + 1.7), grey=INK, line=0.55)
    pen.line((cx - 1.7, cy + 1.7), (cx + 1.7, cy - 1.7), grey=INK, line=0.55)


def _circle(pen: Pen, cx: float, cy: float) -> None:
    pen.oval((cx - 3.2, cy - 2.9, 6.4, 5.9), stroke=INK, line=0.55)


def _dot(pen: Pen, cx: float, cy: float) -> None:
    pen.oval((cx - 0.5, cy + 0.5, 1.0, 1.0), fill=INK)


def _faint(pen: Pen, cx: float, cy: float) -> None:
    for dy in (-1.0, -0.2, 0.6):
        pen.line((cx - 1.3, cy + dy + 0.5), (cx + 1.3, cy + dy - 0.5), grey=0.72, line=0.25)


def _beside(pen: Pen, cx: float, cy: float) -> None:
    pen.line((cx + 1.5, cy + 1.9), (cx + 3.4, cy + 2.3), grey=INK, line=0.55)


def _withdrawn(pen: Pen, cx: float, cy: float) -> None:
    _fill(pen, cx, cy)
    pen.line((cx - 3.1, cy - 3.0), (cx + 3.1, cy + 3.0), grey=0, line=0.55)
    pen.line((cx - 3.1, cy + 3.0), (cx + 3.1, cy - 3.0), grey=0, line=0.55)


def _arrow(pen: Pen, cx: float, cy: float) -> None:
    pen.line((cx - 1.4, cy), (cx + 1.4, cy), grey=0.3, line=0.3)
    pen.line((cx + 0.6, cy - 0.7), (cx + 1.4, cy), (cx + 0.6, cy + 0.7), grey=0.3, line=0.3)


SAMPLES: tuple[tuple[str, tuple[Stroke, ...]], ...] = (
    ("good", (_fill, _tick, _cross, _circle)),
    ("bad", (_dot, _faint, _beside)),
    ("change", (_withdrawn, _arrow, _fill)),
)


def draw_how(pen: Pen, box: Box, words: dict[str, str], *, has_id: bool) -> None:
    """Fill ``box`` with samples and the sentences that fit; a tall one gets a heading and a row a group."""
    x, y, width, height = box
    pen.rect(box, stroke=RULE_GREY, line=0.25)
    if height < TALL:
        below = y + 0.8 + _samples_in_rows(pen, (x + 2, y + 0.8, width - 4, height), words)
    else:
        pen.rect((x, y, width, HEADING), fill=TINT, stroke=RULE_GREY, line=0.25)
        pen.text((x + 2, y, width - 4, HEADING), words["how"], 8, bold=True)
        below = (
            y + HEADING + 1.5 + _samples_stacked(pen, (x + 2, y + HEADING + 1.5, width - 4, height), words)
        )
    advice = (words["advice_id"] if has_id else "") + words["advice"]
    _advice(pen, (x + 2, below, width - 4, y + height - below - 1), advice.splitlines())


def _advice(pen: Pen, box: Box, sentences: Sequence[str]) -> None:
    """The sentences as large as the room allows; where even small ones do not fit, the last are left out."""
    x, y, width, height = box
    size = next(
        (size for size in ADVICE_SIZES if _advice_height(sentences, width, size) <= height), ADVICE_SIZES[-1]
    )
    end = y + height
    for sentence in sentences:
        taken = pen.paragraph((x + 2.2, y, width - 2.2, end - y), sentence, size, grey=0.2)
        if not taken:
            return
        pen.text((x, y, 2.0, size * LEAD / MM), "·", size, bold=True)
        y += taken + ADVICE_GAP


def _advice_height(sentences: Sequence[str], width: float, size: float) -> float:
    lines = sum(len(wrap(sentence, width - 2.2, size)) for sentence in sentences)
    return lines * size * LEAD / MM + (len(sentences) - 1) * ADVICE_GAP


def _label_width(words: dict[str, str]) -> float:
    return max(text_width(words[name], LABEL_SIZE, bold=True) for name, _ in SAMPLES) + 2.0


def _samples_stacked(pen: Pen, box: Box, words: dict[str, str]) -> float:
    """One row for each group, with a note on its right where there is room; answers the height."""
    x, y, width, _ = box
    label = _label_width(words)
    most = max(len(strokes) for _, strokes in SAMPLES)
    step = min(STEP, (width - label) / most)
    aside = x + label + most * step + 2.0
    for name, strokes in SAMPLES:
        pen.text((x, y, label, ROW), words[name], LABEL_SIZE, bold=True)
        _group(pen, x + label, y + ROW / 2, strokes, step)
        if text_width(words[f"{name}_note"], 7.0) <= x + width - aside:
            pen.text((aside, y, x + width - aside, ROW), words[f"{name}_note"], 7.0, grey=0.3)
        y += ROW
    return len(SAMPLES) * ROW + 1.5


def _samples_in_rows(pen: Pen, box: Box, words: dict[str, str]) -> float:
    """Groups from left to right, in as many rows as they need; answers the height."""
    left, top, width, _ = box
    label = _label_width(words)
    x, y = left, top
    for name, strokes in SAMPLES:
        wide = label + len(strokes) * STEP + 1.5
        if x > left and x + wide > left + width:
            x, y = left, y + ROW
        pen.text((x, y, label, ROW), words[name], LABEL_SIZE, bold=True)
        _group(pen, x + label, y + ROW / 2, strokes, STEP)
        x += wide
    return y + ROW - top + 0.5


def _group(pen: Pen, x: float, cy: float, strokes: Sequence[Stroke], step: float) -> None:
    for index, stroke in enumerate(strokes):
        cx = x + (index + 0.5) * step
        if stroke is not _arrow:
            draw_empty_bubble(pen, (cx - BUBBLE / 2, cy - BUBBLE / 2, BUBBLE, BUBBLE), str(index + 1))
        stroke(pen, cx, cy)
