"""One line read by two readers: Hangul by the one that knows it, all else by the one that knows all else."""

from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import cv2
import numpy as np

from ml.core.arrays import Numbers
from ml.pictures.lines.alignment import SYLLABLE, Cell, cells_of
from ml.pictures.lines.chunks import Chunk, are_clear, chunks_of
from ml.pictures.lines.hangul import HangulReader, Word, is_hangul
from ml.pictures.lines.ink import ink_spans
from ml.pictures.lines.latin import Glyph, LatinReader
from ml.pictures.lines.line import Line
from ml.pictures.lines.runs import runs_of
from ml.pictures.lines.strips import Grey, Strip, dark_on_light, has_edges

MARGIN = 12  # px of paper on both sides of a piece that is read by itself
AROUND = 5  # px of the strip around what the Latin reader looks at
SPACE = 12  # px between two inks: a space whatever a reader says
SURE_HANGUL, SURE_ON_AVERAGE = 0.9, 0.93
PAPER = 255


@dataclass(frozen=True)
class Segment:
    """after_space: as the Hangul reader says; latin_space: as the Latin reader does, None where it did not read it."""

    text: str
    confidences: tuple[float, ...]
    left: int
    right: int
    after_space: bool
    latin_space: bool | None = None


class LineReader:
    """Safe to share between threads."""

    def __init__(self, hangul: HangulReader, latin: LatinReader) -> None:
        self._hangul, self._latin = hangul, latin

    def read(self, strip: Strip, expects_hangul: bool = True) -> Line:
        """Where no Hangul is expected and the Latin reader leaves nothing unread, the other is not asked."""
        grey = dark_on_light(strip)
        inks = ink_spans(grey) if has_edges(strip) else []
        if not inks:
            return Line("", ())
        latin = None if expects_hangul else self._latin.read(strip)
        glyphs = latin.glyphs if latin else None
        cells = cells_of(inks, glyphs or [])
        if any(cell.has_letter for cell in cells) and all(cell.is_read for cell in cells):
            line = line_of([latin_piece(cells, True)])
        else:
            line = line_of(self._pieces(strip, grey, chunks_of(self._hangul.read(grey), inks), glyphs))
        return replace(line, features=latin.features) if latin else line

    def features(self, strip: Strip) -> Numbers:
        """What the reader of Latin letters sees in it."""
        return self._latin.read(strip).features

    def _pieces(
        self, strip: Strip, grey: Grey, chunks: list[Chunk], glyphs: list[Glyph] | None
    ) -> list[Segment]:
        pieces: list[Segment] = []
        for is_clear, group in groupby(zip(chunks, are_clear(chunks), strict=True), lambda pair: pair[1]):
            own = [chunk for chunk, _ in group]
            pieces += map(piece_of, own) if is_clear else self._doubtful(strip, grey, own, glyphs)
        return pieces

    def _doubtful(
        self, strip: Strip, grey: Grey, chunks: list[Chunk], glyphs: list[Glyph] | None
    ) -> list[Segment]:
        """Chunks side by side that may have Latin letters in them; glyphs: of the strip, if it was read before."""
        inks = [ink for chunk in chunks for ink in chunk.inks]
        left, right = max(0, inks[0].left - AROUND), inks[-1].right + AROUND
        if glyphs is None:
            glyphs = [
                replace(glyph, x=glyph.x + left) for glyph in self._latin.read(strip[:, left:right]).glyphs
            ]
        cells = iter(cells_of(inks, [glyph for glyph in glyphs if left <= glyph.x <= right]))
        return [
            piece for chunk in chunks for piece in self._mixed(grey, chunk, [next(cells) for _ in chunk.inks])
        ]

    def _mixed(self, grey: Grey, chunk: Chunk, cells: list[Cell]) -> list[Segment]:
        if is_latin(chunk, cells):
            return [latin_piece(cells, True)]
        runs = runs_of(cells, chunk.text)
        if not runs:
            return [piece_of(chunk)] if chunk.text else []
        pieces: list[Segment] = []
        at = 0
        for first, last in [*runs, (len(cells), len(cells))]:
            pieces += self._rest(grey, cells[at:first], at == 0, at > 0 and first < len(cells))
            pieces += [latin_piece(cells[first:last], first == 0)] if first < last else []
            at = last
        return pieces

    def _rest(self, grey: Grey, cells: list[Cell], after_space: bool, is_within: bool) -> list[Segment]:
        """What is beside Latin letters, read again by itself: Hangul, else what the Latin reader saw there."""
        words = self._hangul.read(crop_cells(grey, cells)) if can_be_hangul(cells, is_within) else []
        if not are_sure(words):
            return [latin_piece(cells, after_space)] if glyphs_of(cells) else []
        left, right = cells[0].ink.left, cells[-1].ink.right
        return [
            Segment(
                word.text,
                word.confidences,
                word.left + left - MARGIN if number else left,
                word.right + left - MARGIN if number < len(words) - 1 else right,
                after_space or number > 0,
            )
            for number, word in enumerate(words)
        ]


def crop_cells(grey: Grey, cells: list[Cell]) -> Grey:
    part = grey[:, max(0, cells[0].ink.left - 1) : cells[-1].ink.right + 1]
    return cv2.copyMakeBorder(part, 0, 0, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=(PAPER,))


def can_be_hangul(cells: list[Cell], is_within: bool) -> bool:
    """is_within: whether Latin letters stand on both sides; then what was seen as one is likely to be one."""
    if not cells or is_within and any(glyph.text.isalpha() for glyph in glyphs_of(cells)):
        return False
    return cells[-1].ink.right - cells[0].ink.left >= SYLLABLE


def are_sure(words: list[Word]) -> bool:
    """Of the Hangul in them; without any they are no reading to prefer."""
    symbols = [pair for word in words for pair in zip(word.text, word.confidences, strict=False)]
    sure = [confidence for symbol, confidence in symbols if is_hangul(symbol)]
    return bool(sure) and (min(sure) >= SURE_HANGUL or float(np.mean(sure)) >= SURE_ON_AVERAGE)


def is_latin(chunk: Chunk, cells: list[Cell]) -> bool:
    """Whether the Latin reader has read it all, and no Hangul is there."""
    if not all(cell.is_read for cell in cells) or chunk.syllables:
        return False
    return bool(chunk.text) or any(cell.has_letter for cell in cells)


def glyphs_of(cells: list[Cell]) -> list[Glyph]:
    return [glyph for cell in cells for glyph in cell.glyphs]


def piece_of(chunk: Chunk) -> Segment:
    return Segment(chunk.text, chunk.confidences, chunk.inks[0].left, chunk.inks[-1].right, True)


def latin_piece(cells: list[Cell], after_space: bool) -> Segment:
    glyphs = glyphs_of(cells)
    text = "".join(" " * glyph.after_space + glyph.text for glyph in glyphs).lstrip()
    left, right = cells[0].ink.left, cells[-1].ink.right
    confidences = tuple(glyph.probability for glyph in glyphs)
    return Segment(text, confidences, left, right, after_space, glyphs[0].after_space if glyphs else False)


def line_of(pieces: list[Segment]) -> Line:
    text = pieces[0].text if pieces else ""
    for before, piece in pairwise(pieces):
        are_latin = before.latin_space is not None and piece.latin_space is not None
        is_said = piece.latin_space if are_latin else piece.after_space
        gap = piece.left - before.right
        text += (" " if is_said or gap >= SPACE else "") + piece.text
    return Line(text, tuple(confidence for piece in pieces for confidence in piece.confidences))
