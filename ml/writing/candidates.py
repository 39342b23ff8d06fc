"""What was seen in a picture: pieces with what the network says of them, signs, and the words that they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ml.core.arrays import Numbers, Picture
from ml.writing.ink import Ink
from ml.writing.pieces import Piece
from ml.writing.signs import DOUBTFUL, Sign, may_be_bracket, may_be_percent

AROUND = 3  # px beside a sign where a line would go on
RESTS = "-.,"
SIGNED = 0.1  # nats for a sign
HALF = 0.5  # of the height of the writing: what is higher is as tall as writing
SPACE = 0.42  # of the height of what stands beside it: a wider gap parts words
PRINTED_SPACE = 0.2  # and a narrower one does not, though the characters stand closer than that
WIDER = 2.2  # times the usual gap of a row
LETTERS = 2  # at least, that are surely none, make a word
WORD = 0.4  # of its characters at least
SURELY_NONE = 0.05  # of `is_digit`
NO_DIGIT = np.full(10, -9.0, np.float32)  # logits of what the network was not asked about


def is_digit_probability(logits: Numbers) -> Numbers:
    """(n, 10) logits -> (n,): whether it is a digit at all."""
    return np.asarray(1 / (1 + np.exp(-np.logaddexp.reduce(logits.astype(np.float64), 1))), np.float32)


@dataclass(frozen=True)
class Candidate:
    """A piece after the network has classified it, or a sign; cost: nats, low for what is surely a digit. may_be_read:
    whether it might be writing, where it was not read; is_letter: whether it is part
    of a word or of an item number; is_cut: whether it was cut out of something larger."""

    piece: Piece
    frame: Picture
    logits: Numbers
    cost: float
    sign: Sign | None = None
    may_be_read: bool = False
    is_letter: bool = False
    is_cut: bool = False

    @cached_property
    def is_digit(self) -> float:
        return 0.0 if self.sign else float(is_digit_probability(self.logits[None])[0])


Rows = list[list[Candidate]]


def blank_frame() -> Picture:
    return np.zeros((28, 28), np.uint8)


def candidate_of(sign: Sign) -> Candidate:
    return Candidate(sign.piece, blank_frame(), NO_DIGIT, SIGNED, sign)


def parts_of(sign: Sign, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that a sign is made of: one, of = two."""
    own = sign.piece
    return [
        piece
        for piece in pieces
        if piece is own
        or (
            sign.value == "="
            and own.left <= piece.left
            and piece.right <= own.right
            and own.top <= piece.top
            and piece.bottom <= own.bottom
        )
    ]


def with_doubtful_rests(rows: Rows, dirty: Ink | None) -> Rows:
    """Nobody is sure of a sign that may be what is left of a printed line. dirty: the ink with the lines."""
    return [[doubted_on_line(one, dirty.mask) for one in row] for row in rows] if dirty else rows


def doubted_on_line(one: Candidate, dirty: Picture) -> Candidate:
    """Slashes and crosses are as high as lines are apart, and are no rests."""
    if one.sign is None or one.sign.value not in RESTS:
        return one
    left, top, right, bottom = one.sign.piece.box
    is_rest = goes_on((left, top, right, bottom), dirty) or goes_on((top, left, bottom, right), dirty.T)
    return replace(one, sign=replace(one.sign, probability=DOUBTFUL)) if is_rest else one


def goes_on(box: tuple[int, int, int, int], dirty: Picture) -> bool:
    """Whether there is ink to the left and to the right of a box."""
    left, top, right, bottom = box
    beside = dirty[top:bottom, max(0, left - AROUND) : left], dirty[top:bottom, right : right + AROUND]
    return all(bool(part.any()) for part in beside)


def total(seen: Sequence[Candidate]) -> float:
    return sum(candidate.cost for candidate in seen)


def words_of(row: Sequence[Candidate]) -> list[list[Candidate]]:
    """What stands close together, from left to right."""
    gaps = [two.piece.left - max(one.piece.right for one in row[: n + 1]) for n, two in enumerate(row[1:])]
    usual = float(np.median(gaps)) if gaps else 0.0
    words: list[list[Candidate]] = []
    for one in row:
        tall = max(part.piece.height for part in [one, *(words[-1] if words else [])])
        space = np.clip(WIDER * usual, PRINTED_SPACE * tall, SPACE * tall)
        if words and one.piece.left - max(part.piece.right for part in words[-1]) <= space:
            words[-1].append(one)
        else:
            words.append([one])
    return words


def is_word(word: Sequence[Candidate]) -> bool:
    """Whether most of it is surely no digit, so that nothing of it is."""
    tall = max(one.piece.height for one in word)
    large = [one for one in word if one.piece.height >= HALF * tall and one.sign is None]
    letters = [one for one in large if one.is_digit <= SURELY_NONE]
    return len(letters) >= LETTERS and len(letters) >= WORD * len(large)


def letters_among(row: Sequence[Candidate]) -> set[int]:
    return {id(one) for word in words_of(row) if is_word(word) for one in word}


def is_read_sign(seen: Candidate, digits: Sequence[Piece], row: Sequence[Piece]) -> bool:
    """Whether what was read as a 1 may be a bracket, or the stroke of a percent sign."""
    is_one = not seen.sign and int(seen.logits.argmax()) == 1
    return is_one and (may_be_bracket(seen.piece, digits) or may_be_percent(seen.piece, row))
