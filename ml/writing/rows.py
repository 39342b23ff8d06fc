"""Rows of digits and signs in the ink of one picture, one way up; the network decides what belongs together."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ml.core.arrays import Numbers, Picture
from ml.writing.candidates import (
    HALF,
    NO_DIGIT,
    Candidate,
    Rows,
    blank_frame,
    candidate_of,
    is_digit_probability,
    is_read_sign,
    letters_among,
    parts_of,
    total,
)
from ml.writing.crossings import is_crossed_out
from ml.writing.cuts import cut_piece
from ml.writing.ink import Ink
from ml.writing.lattice import Group, cheapest_path, cost_of, groups_of
from ml.writing.pieces import (
    Piece,
    components,
    frame_of,
    group_rows,
    is_blot,
    merge_ink,
    parted,
    writing_height,
)
from ml.writing.signs import could_be_sign, find_signs, is_end_of_stroke, slash_of

Classify = Callable[[Picture], Numbers]  # (n, 28, 28) uint8, ink high -> (n, 10) logits

SURE = 0.2  # nats: what costs less needs no cut
NARROW = 0.45  # of the height of the writing: no wider than one digit
WIDE = 2.0  # wider than any letter
APART = 0.35  # nats for all parts of what is no digit as a whole
PAIR = 1.1  # of the height of the writing: what is narrower is hardly two digits, but perhaps one crossed out
CLEARLY = 0.02  # nats for each part of it
SHARP = 0.01  # nats for each of them, where a part is a stroke or they are many: so letters fall apart, too
MAIN_STROKE = 0.6  # of its height: one piece of a broken digit is at least this high
MAIN_PART = 0.75  # of the ink of a crop: the rest may be dirt
PART = 0.4  # nats by which digits must read worse without what may be a sign, if it is a part of one
DIGIT = 0.7  # of the height of the writing: a digit rather than a sign
JOINED = 1.45  # times as wide as the writing is high: even among letters it may be two digits


class RowReader:
    """Reads the ink of one picture; asks the network at most three times."""

    def __init__(self, classify: Classify, is_digit: float) -> None:
        self.classify, self.is_digit = classify, is_digit

    def read(self, ink: Ink | None, dirty: Ink | None, is_crop: bool) -> Rows:
        """dirty: the ink before lines were taken away, where some were."""
        every = components(ink) if ink else []
        if not every and not (is_crop and dirty):
            return []
        height = writing_height(every) if every else 0.0
        pieces, specks = parted(every, height)
        shape = (ink or dirty).mask.shape  # type: ignore[union-attr]
        wholes = self.wholes(pieces, components(dirty) if dirty else [], is_crop, shape)
        rows = [row for row in group_rows(pieces, height) if row]
        return self.choose(wholes, rows, specks, height, is_crop)

    def wholes(
        self, pieces: Sequence[Piece], dirty: Sequence[Piece], is_crop: bool, shape: tuple[int, ...]
    ) -> list[Piece]:
        """What the picture shows if it is one digit: all of it, and in a crop all but what its edges cut, the largest
        piece alone if the rest is little, and what there was before lines were taken away."""
        if not pieces:
            return [merge_ink(dirty)] if dirty else []
        every = merge_ink(pieces)
        if not 0.05 <= every.width / every.height <= 1.5 or len(pieces) > 8:
            return []
        if not is_crop:
            is_one = len(pieces) > 1 and max(piece.height for piece in pieces) >= MAIN_STROKE * every.height
            return [every] if is_one else []
        inner = [piece for piece in pieces if not touches_edge(piece, shape)]
        areas = [int((piece.ink > 64).sum()) for piece in pieces]
        main = [piece for piece, area in zip(pieces, areas, strict=True) if area > MAIN_PART * sum(areas)]
        return [every, *([merge_ink(inner)] if inner else []), *main, *([merge_ink(dirty)] if dirty else [])]

    def choose(
        self,
        wholes: Sequence[Piece],
        rows: Sequence[Sequence[Piece]],
        specks: Sequence[Piece],
        height: float,
        is_crop: bool,
    ) -> Rows:
        """One digit where the picture reads as one, else rows."""
        lattices = [groups_of([[piece] for piece in row], height) for row in rows]
        seen = self.candidates([*wholes, *(group.piece for lattice in lattices for group in lattice)])
        single = min(seen[: len(wholes)], key=lambda candidate: candidate.cost, default=None)
        if single and is_crop and self.accepts(single) and not has_sign_beside(single.piece, rows, specks):
            return [[single]]
        read, start = [], len(wholes)
        for row, lattice in zip(rows, lattices, strict=True):
            own = seen[start : start + len(lattice)]
            start += len(lattice)
            read.append(self.cut_apart(row, path(len(row), lattice, own), height))
        read = self.with_signs(rows, read, specks, height)
        if single and self.is_better(single, [candidate for row in read for candidate in row], is_crop):
            return [[single]]
        return read

    def is_better(self, single: Candidate, others: Sequence[Candidate], is_crop: bool) -> bool:
        """Whether one digit explains the picture better than several things do."""
        if is_crop and not all(self.accepts(candidate) or candidate.sign for candidate in others):
            return True
        if any(candidate.sign for candidate in others):
            return single.cost + PART < total([candidate for candidate in others if not candidate.sign])
        return single.cost < total(others) - 1e-6

    def with_signs(
        self, rows: Sequence[Sequence[Piece]], read: Rows, specks: Sequence[Piece], height: float
    ) -> Rows:
        """Each row again with its signs set aside, where that explains it better; and what may be writing marked."""
        tall = [
            [piece for piece in row if piece.height >= HALF * height and not is_blot(piece)] for row in rows
        ]
        homes: list[list[Piece]] = [[] for _row in rows]
        stray = list(specks)
        for number, row in enumerate(rows):
            stray += [piece for piece in row if piece.height < HALF * height] if not tall[number] else []
        marks: list[list[Piece]] = [[] for _row in rows]
        for speck in stray:
            near = [n for n, row in enumerate(tall) if row and could_be_sign(speck, row)]
            if near:
                homes[min(near, key=lambda n: distance(speck, tall[n]))].append(speck)
                continue
            small = [
                n
                for n, row in enumerate(rows)
                if not tall[n] and not any(speck is piece for piece in row) and could_be_sign(speck, row)
            ]
            if small:
                marks[min(small, key=lambda n: distance(speck, rows[n]))].append(speck)
        signed = [
            self.row_with_signs(row, own, large, home, height) if large else own
            for row, own, large, home in zip(rows, read, tall, homes, strict=True)
        ]
        taken = {
            id(part)
            for row in signed
            for candidate in row
            if candidate.sign
            for part in parts_of(candidate.sign, stray)
        }
        return [
            [candidate for candidate in row if large or id(candidate.piece) not in taken]
            + [Candidate(mark, blank_frame(), NO_DIGIT, 0.0) for mark in own]
            for row, large, own in zip(signed, tall, marks, strict=True)
        ]

    def row_with_signs(
        self,
        row: Sequence[Piece],
        read: Sequence[Candidate],
        tall: Sequence[Piece],
        specks: Sequence[Piece],
        height: float,
    ) -> list[Candidate]:
        digits = [piece for piece in tall if piece.height >= DIGIT * height] or list(tall)
        small = [piece for piece in row if not any(piece is digit for digit in digits)]
        signs = find_signs([*small, *specks], digits)
        slashes = [sign for piece in digits if (sign := slash_of(piece, digits))]
        known = signs + [sign for sign in slashes if sign.probability > 0.9]
        aside = {id(part) for sign in known for part in parts_of(sign, [*row, *specks])}
        rest = [piece for piece in row if id(piece) not in aside]
        best = list(read)
        if known and rest:
            lattice = groups_of([[piece] for piece in rest], height)
            seen = self.candidates([group.piece for group in lattice])
            without = self.cut_apart(rest, path(len(rest), lattice, seen), height)
            inside = [sign for sign in known if any(part in row for part in parts_of(sign, row))]
            if not inside or total(without) < total(read) + PART:
                best = without + [candidate_of(sign) for sign in known]
            else:
                best += [candidate_of(sign) for sign in known if sign not in inside]
        doubtful = {sign.piece.box for sign in slashes if sign.probability < 0.9}
        best = [
            replace(one, may_be_read=True)
            if one.piece.box in doubtful or is_read_sign(one, digits, row)
            else self.marked(one, digits, height)
            for one in best
        ]
        unread = [speck for speck in specks if id(speck) not in aside and not is_end_of_stroke(speck, digits)]
        best += [Candidate(speck, blank_frame(), NO_DIGIT, 0.0, may_be_read=True) for speck in unread]
        return sorted(best, key=lambda candidate: candidate.piece.middle)

    def marked(self, seen: Candidate, digits: Sequence[Piece], height: float) -> Candidate:
        """Small things beside digits that were not read may be signs."""
        if seen.sign or seen.may_be_read or self.accepts(seen) or seen.piece.height >= DIGIT * height:
            return seen
        return replace(seen, may_be_read=could_be_sign(seen.piece, digits))

    def cut_apart(
        self, row: Sequence[Piece], chosen: list[tuple[Group, Candidate]], height: float
    ) -> list[Candidate]:
        """Reads a row once more with its doubtful wide pieces cut, where that is the better reading."""
        whole = [candidate for _, candidate in chosen]
        letters = letters_among(whole)
        doubtful = {
            number
            for group, candidate in chosen
            for number in range(group.first, group.last)
            if may_touch(row[number], candidate, height)
            and (id(candidate) not in letters or row[number].width > JOINED * height)
        }
        apart = self.cut(row, doubtful, height)
        clear = {n for group, seen in chosen if seen.cost <= SURE for n in range(group.first, group.last)}
        narrow = {n for n in doubtful if row[n].width < PAIR * height or n in clear}
        crossed = {n for n in doubtful if is_crossed_out(row[n])}
        unclear = {n for n, seen in apart if n in narrow | crossed and seen.cost > CLEARLY}
        if unclear:
            doubtful -= unclear
            apart = self.cut(row, doubtful, height)
        if not doubtful:
            return whole
        read = [replace(seen, is_cut=n is not None, may_be_read=n in narrow) for n, seen in apart]
        is_among_digits = any(self.accepts(candidate) for candidate in whole)
        is_wide = any(row[number].width > WIDE * height for number in doubtful)
        return read if is_among_digits or is_wide or are_surely_digits(read) else whole

    def cut(
        self, row: Sequence[Piece], doubtful: set[int], height: float
    ) -> list[tuple[int | None, Candidate]]:
        """The best reading of a row in which these pieces are cut, and of which of them each candidate is a part."""
        parts = [cut_piece(piece) if number in doubtful else [piece] for number, piece in enumerate(row)]
        owners = [number for number, own in enumerate(parts) for _part in own]
        lattice = groups_of(parts, height)
        seen = self.candidates([group.piece for group in lattice])

        def owner(group: Group) -> int | None:
            first, last = owners[group.first], owners[group.last - 1]
            is_part = owners[: group.first].count(first) or owners[group.last :].count(last)
            return first if is_part else None

        return [(owner(group), candidate) for group, candidate in path(len(owners), lattice, seen)]

    def candidates(self, pieces: Sequence[Piece]) -> list[Candidate]:
        """Of blots the network is not asked what they are, and what it does not take for a digit may be crossed out."""
        if not pieces:
            return []
        frames = np.stack([frame_of(piece) for piece in pieces])
        logits = self.classify(frames)
        logits[[is_blot(piece) for piece in pieces]] = NO_DIGIT
        is_none = is_digit_probability(logits) < self.is_digit
        logits[[none and is_crossed_out(piece) for none, piece in zip(is_none, pieces, strict=True)]] = (
            NO_DIGIT
        )
        costs = cost_of(logits).tolist()
        return [Candidate(*values) for values in zip(pieces, frames, logits, costs, strict=True)]

    def accepts(self, seen: Candidate) -> bool:
        return seen.sign is None and seen.is_digit >= self.is_digit


def has_sign_beside(digit: Piece, rows: Sequence[Sequence[Piece]], specks: Sequence[Piece]) -> bool:
    """Whether something that is no part of a crop's one digit is a sign of it, and no dirt: its minus."""
    others = [piece for row in rows for piece in row if not digit.left <= piece.middle < digit.right]
    return bool(find_signs([*others, *specks], [digit]))


def distance(piece: Piece, row: Sequence[Piece]) -> float:
    middle = (piece.top + piece.bottom) / 2
    return min(
        abs(middle - (other.top + other.bottom) / 2) + abs(piece.middle - other.middle) for other in row
    )


def touches_edge(piece: Piece, shape: tuple[int, ...]) -> bool:
    return piece.left <= 1 or piece.top <= 1 or piece.right >= shape[1] - 1 or piece.bottom >= shape[0] - 1


def may_touch(piece: Piece, seen: Candidate, height: float) -> bool:
    """Whether these may be two digits: wide enough for it and no clear digit, or wider than any."""
    is_wide = piece.width > NARROW * piece.height and piece.width > NARROW * height
    return is_wide and (seen.cost > SURE or piece.width > 1.3 * piece.height)


def are_surely_digits(parts: Sequence[Candidate]) -> bool:
    """Whether something falls into digits so clearly that it is no letter."""
    costs = [part.cost for part in parts]
    has_strokes = len(parts) > 2 or any(int(part.logits.argmax()) == 1 for part in parts)
    return sum(costs) < APART and (max(costs) < SHARP or not has_strokes)


def path(count: int, lattice: Sequence[Group], seen: Sequence[Candidate]) -> list[tuple[Group, Candidate]]:
    costs = [group.extra + candidate.cost for group, candidate in zip(lattice, seen, strict=True)]
    return [(lattice[n], seen[n]) for n in cheapest_path(count, lattice, costs)]
