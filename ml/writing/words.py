"""What stands beside numbers: words, of which no letter is a digit, and printed item numbers.

Words are told by their letters: where most of what stands close together is surely no digit, the rest of it is no digit
either, whatever it looks like (the o of "Total").
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ml.writing.candidates import SURELY_NONE, Candidate, Rows, is_word, words_of
from ml.writing.crossings import is_crossed_digit, may_be_crossed_out
from ml.writing.lookalikes import may_be_lookalike
from ml.writing.pieces import Piece, is_blot, thickness
from ml.writing.signs import bend

TALL = 0.5  # of the usual height
LETTER = 0.6  # of it
COVERED = 0.78  # of its box
CLEAR_WORD = 0.6  # of the characters are no clear digit, and nobody doubts that it is a word
CLEAR_DIGIT = 0.95  # of `is_digit`, as few letters reach it
BESIDE = 0.4  # of the lower of two rows
TINY, HUGE = 0.5, 1.8  # times as high as the digits of the picture
THIN = 0.55  # times as thick as their strokes
NEVER = 0.005  # of `is_digit`: what is as tall as writing may be a digit from there on
ITEM = 0.78  # of the height of the answer is its printed number at most
BENT = 0.07  # of its height: farther from straight than a 1
AWAY = 0.5  # of its own height stands an answer at least from its item number


def settled(rows: Rows, is_digit: float) -> Rows:
    """Rows with the letters of words and item numbers taken out of the digits, those on one level as one row, and what
    is as tall as writing and neither surely a digit nor surely none marked as what may be writing."""
    rows = [row for row in levelled(rows) if row]
    heights = [one.piece.height for row in rows for one in row if is_tall_digit(one, is_digit)]
    usual = float(np.median(heights)) if heights else 0.0
    pens = [thickness(one.piece.ink) for row in rows for one in row if is_tall_digit(one, is_digit)]
    pen = float(np.median(pens)) if pens else 0.0
    read = []
    for row in rows:
        known = [part for word in words_of(row) for part in without_letters(word)]
        known = without_item_number(known, is_digit)
        known = [part for word in words_of(known) for part in with_doubtful_letters(word, usual, is_digit)]
        known = without_sure_lookalikes(known, is_digit)
        read.append([marked(one, usual, pen, is_digit) for one in known])
    return doubted(read)


def without_sure_lookalikes(row: Sequence[Candidate], is_digit: float) -> list[Candidate]:
    """Nobody is sure of what may be a printed sign that looks like a digit."""
    read = [one for one in row if is_tall_digit(one, is_digit) and not one.is_letter]
    pieces = [one.piece for one in read]
    doubtful = {id(one) for one in read if may_be_lookalike(one.piece, int(one.logits.argmax()), pieces)}
    return [replace(one, may_be_read=True) if id(one) in doubtful else one for one in row]


def doubted(rows: Rows) -> Rows:
    """Rows beside each other may be one: nobody is sure of the second."""
    spans = [span(row) for row in rows]
    beside = {
        n
        for n, (top, bottom) in enumerate(spans)
        for above, below in spans[:n]
        if min(bottom, below) - max(top, above) > BESIDE * min(bottom - top, below - above)
    }
    return [
        [replace(one, may_be_read=not one.is_letter and one.sign is None) for one in row]
        if n in beside
        else row
        for n, row in enumerate(rows)
    ]


def is_lone_stroke(row: Sequence[Candidate]) -> bool:
    """A 1 in a row of its own may be what is left of a line."""
    return len(row) == 1 and row[0].sign is None and int(row[0].logits.argmax()) == 1


def is_tall_digit(one: Candidate, is_digit: float) -> bool:
    return one.sign is None and one.is_digit >= is_digit


def levelled(rows: Rows) -> Rows:
    """Item numbers are rows of their own where they are small: with what stands beside them."""
    found: Rows = []
    for row in rows:
        home = next((other for other in found if are_level(other, row)), None)
        if home is None:
            found.append(list(row))
        else:
            home += row
            home.sort(key=lambda one: one.piece.middle)
    return found


def span(row: Sequence[Candidate]) -> tuple[float, float]:
    tall = max(one.piece.height for one in row)
    high = [one.piece for one in row if one.piece.height >= 0.5 * tall]
    return float(np.median([piece.top for piece in high])), float(np.median([piece.bottom for piece in high]))


def are_level(row: Sequence[Candidate], other: Sequence[Candidate]) -> bool:
    """Whether one row lies beside another, and is not as large: large ones were told apart before."""
    (top, bottom), (first, last) = span(row), span(other)
    high = sorted((bottom - top, last - first))
    is_beside = max(one.piece.left for one in other) < min(one.piece.left for one in row) or max(
        one.piece.left for one in row
    ) < min(one.piece.left for one in other)
    return is_beside and min(bottom, last) - max(top, first) > 0.6 * high[0] and high[0] < ITEM * high[1]


def without_letters(word: Sequence[Candidate]) -> list[Candidate]:
    """Where few letters make it a word, what looks clearly like digits in it may be some."""
    if not is_word(word):
        return list(word)
    is_clear = sum(one.is_digit < CLEAR_DIGIT for one in word) >= CLEAR_WORD * len(word)
    return [
        replace(one, sign=None, is_letter=True, may_be_read=not is_clear and one.is_digit > SURELY_NONE)
        for one in word
    ]


def with_doubtful_letters(word: Sequence[Candidate], usual: float, is_digit: float) -> list[Candidate]:
    """A letter close to digits, as in 12 kg or 2 x 3, may say what they are: nobody is sure without it. What was
    crossed out or covered says nothing."""
    if not any(is_tall_digit(one, is_digit) and not one.is_letter for one in word):
        return list(word)
    return [replace(one, may_be_read=True) if may_be_letter(one, usual, is_digit) else one for one in word]


def may_be_letter(one: Candidate, usual: float, is_digit: float) -> bool:
    if one.sign or one.is_letter or one.is_digit >= is_digit or one.piece.height < LETTER * usual:
        return False
    return not (is_blot(one.piece) or is_covered(one.piece) or is_crossed_digit(one.piece))


def is_covered(piece: Piece) -> bool:
    """Whether it is scribbled over: most of its box is ink."""
    return float((piece.ink > 96).mean()) > COVERED


def without_item_number(row: Sequence[Candidate], is_digit: float) -> list[Candidate]:
    """The row without `1)` or `1.` before its answer, which is larger and stands away from it."""
    for end in (1, 2, 3):
        item, answer = row[:end], [one for one in row[end:] if is_tall_digit(one, is_digit)]
        if not answer or not is_item_number(item, is_digit):
            continue
        high = max(one.piece.height for one in item)
        away = min(one.piece.left for one in row[end:]) - max(one.piece.right for one in item)
        if away < AWAY * high:
            continue
        if high <= ITEM * float(np.median([one.piece.height for one in answer])):
            return [replace(one, sign=None, is_letter=True, may_be_read=False) for one in item] + list(
                row[end:]
            )
        return [
            replace(one, may_be_read=one.sign is None and one.is_digit < is_digit) for one in item
        ] + list(row[end:])
    return list(row)


def is_item_number(item: Sequence[Candidate], is_digit: float) -> bool:
    """One or two digits and a mark behind them: a bracket, a dot, or what else is no digit."""
    *digits, mark = item
    if not digits or not all(is_tall_digit(one, is_digit) for one in digits):
        return False
    return not is_tall_digit(mark, is_digit) or bend(mark.piece) > BENT


def marked(one: Candidate, usual: float, pen: float, is_digit: float) -> Candidate:
    """What is as tall as writing may be writing, where it is not surely none. A digit may be crossed out; one by
    another pen, or far larger, what is left of a line; one far smaller a part of a broken one."""
    if one.sign or one.is_letter or one.may_be_read:
        return one
    if one.is_digit >= is_digit:
        is_odd = not TINY * usual <= one.piece.height <= HUGE * usual or thickness(one.piece.ink) < THIN * pen
        return replace(one, may_be_read=True) if is_odd or may_be_crossed_out(one.piece) else one
    return replace(one, may_be_read=one.is_digit > NEVER and one.piece.height >= TALL * usual)
