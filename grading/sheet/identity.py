"""Whose paper is it: the printed, the bubbled and the handwritten student number, checked against each other.

Never a guess: where the channels disagree, or one that should speak cannot be read, there is a reason instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .interpret import MARK, NUMERALS, WITHDRAWN, Identity, Numbers, Thresholds, gap_in, is_clear, meanings

# What they trade off, since no figure is on record: a stricter one sends more numbers to review, a laxer one lets more
# wrong ones pass.
TINY = 0.02  # below it a digit is ruled out
TOGETHER = 0.998  # from here on two channels that are each unsure are sure together
OFF_ROSTER = 1 / 2000  # weight of each number that is not on the roster, beside one that is
NO_MARK = 0.5  # weight of "nothing is marked" in a column, beside one for each digit's odds
SURE, BLANK, OPEN = range(3)  # what a channel says of one place


@dataclass(frozen=True)
class Channel:
    """One way of giving the number. For each of its places: a sure digit, surely blank, or open.

    chances: (n, 10) probabilities of the digits; what lacks to 1 is "none of them".
    """

    states: Sequence[int]
    digits: Sequence[int]  # the most likely one
    chances: Numbers


def bubbled(columns: Numbers, certain: float) -> Channel:
    """Columns (n, 10, 7) of bubbles as a channel."""
    meant = meanings(columns)  # n, 10, 3
    marks = meant[..., MARK]
    is_sure = is_clear(meant, False, certain)
    count = (meant.argmax(-1) == MARK).sum(-1)
    is_withdrawn = (meant.argmax(-1) == WITHDRAWN).any(-1)
    states = np.select([~is_sure | is_withdrawn, count == 0, count == 1], [OPEN, BLANK, SURE], OPEN)
    odds = marks / np.maximum(1 - marks, 1e-6)
    return Channel(states.tolist(), marks.argmax(-1).tolist(), odds / (NO_MARK + odds.sum(-1, keepdims=True)))


def handwritten(boxes: Numbers, certain: float) -> Channel:
    """Boxes (n, 15) of digits as a channel."""
    best, top = boxes.argmax(-1), boxes.max(-1)
    blank = NUMERALS.index("blank")
    states = np.select([top < certain, best == blank, best < 10], [OPEN, BLANK, SURE], OPEN)
    return Channel(states.tolist(), boxes[:, :10].argmax(-1).tolist(), boxes[:, :10])


def identify(
    columns: Numbers,
    boxes: Numbers,
    printed: str,
    thresholds: Thresholds,
    groups: Sequence[int] = (),
    roster: Iterable[str] = (),
) -> Identity:
    """Cross-check the printed, the bubbled and the handwritten number of one page.

    columns: (n, 10, 7) bubbles, boxes: (n, 15) digits, printed: what the page's code says ("" on a blank sheet),
    groups: how many places belong together, where a group that is partly blank is filled up with zeros: 7 is 07.
    roster: the numbers of those who sit the exam; they decide where a digit alone cannot be read, see `on_roster`.
    """
    channels = [bubbled(columns, thresholds.marks), handwritten(boxes, thresholds.numerals)]
    if printed:
        return against_print(printed, channels)
    places = [place_of(index, *channels) for index in range(len(columns))]
    digits = filled_up([place.digit for place in places], groups)
    number = "".join(digits)
    reason = next((place.reason for place in places if place.reason == "student_disagrees"), "")
    reason = reason or next((place.reason for place in places if place.reason), "")
    if reason == "student_unreadable" and (known := on_roster(channels, roster)):
        return Identity(known)
    if not reason and not number:
        return Identity("", "student_missing")
    return Identity(number, reason or ("student_unreadable" if gap_in(digits) else ""))


def on_roster(channels: Sequence[Channel], roster: Iterable[str]) -> str:
    """The one number of the roster that was given, "" where it is not sure which or whether any.

    Bayes' rule over whole numbers: each of the roster with the product of its digits' probabilities, all others
    together with what is left, at a weight of OFF_ROSTER. A digit that is ruled out stays so, whatever the roster says.
    """
    chances = np.stack([chances_of(index, *channels) for index in range(len(channels[0].states))])
    numbers = [n for n in roster if len(n) == len(chances) and n.isascii() and n.isdecimal()]
    if not numbers:
        return ""
    given = chances[np.arange(len(chances)), [[int(digit) for digit in number] for number in numbers]]
    shares = np.where(given.min(-1) < TINY, 0.0, given.prod(-1))
    best = int(shares.argmax())
    others = shares.sum() - shares[best] + OFF_ROSTER * (1 - shares.sum())
    return numbers[best] if shares[best] >= TOGETHER * (shares[best] + others) else ""


def likeliest(channels: Sequence[Channel], roster: Iterable[str]) -> list[str]:
    """The numbers of the roster by how well they fit what was given, the best first; to be offered to a person.

    A digit that a channel rules out costs much, and a blank place fits all alike.
    """
    chances = np.stack([chances_of(index, *channels) for index in range(len(channels[0].states))]) + TINY
    numbers = [n for n in roster if len(n) == len(chances) and n.isascii() and n.isdecimal()]
    if not numbers:
        return []
    given = chances[np.arange(len(chances)), [[int(digit) for digit in number] for number in numbers]]
    order = np.argsort(-np.log(given).sum(-1), kind="stable")
    return [numbers[index] for index in order]


def filled_up(digits: Sequence[str], groups: Sequence[int]) -> list[str]:
    """Each group with its zeros; a group that is wholly blank stays so."""
    filled, start = list(digits), 0
    for size in groups:
        written = "".join(digits[start : start + size])
        filled[start : start + size] = list(written.zfill(size)) if written else [""] * size
        start += size
    return filled


def against_print(printed: str, channels: Sequence[Channel]) -> Identity:
    """A printed number stands unless a sure digit that the student gave says otherwise."""
    if not printed.isdecimal():
        return Identity(printed)
    for channel in channels:
        if len(printed) != len(channel.states):
            continue
        for state, digit, right in zip(channel.states, channel.digits, printed, strict=True):
            if state == SURE and digit != int(right):
                return Identity(printed, "student_disagrees")
    return Identity(printed)


@dataclass(frozen=True)
class DigitPlace:
    digit: str
    reason: str = ""


def place_of(index: int, first: Channel, second: Channel) -> DigitPlace:
    """One digit of the number from both channels; a blank one has no say, an unsure one may not object.

    Two that are unsure alone may be sure together: their errors have nothing to do with each other.
    """
    states = first.states[index], second.states[index]
    digits = first.digits[index], second.digits[index]
    if states == (SURE, SURE):
        return DigitPlace(str(digits[0]), "" if digits[0] == digits[1] else "student_disagrees")
    if states == (BLANK, BLANK):
        return DigitPlace("")
    if SURE not in states:
        return place_together(joint(first.chances[index], second.chances[index]))
    sure, other = (first, second) if states[0] == SURE else (second, first)
    digit = sure.digits[index]
    objects = other.states[index] == OPEN and other.chances[index, digit] < TINY
    return DigitPlace(str(digit), "student_unreadable" if objects else "")


def place_together(chances: Numbers) -> DigitPlace:
    best = int(chances.argmax())
    return DigitPlace(str(best), "" if chances[best] >= TOGETHER else "student_unreadable")


def joint(first: Numbers, second: Numbers) -> Numbers:
    """The digits (10,) that both channels speak for, by the product of their probabilities."""
    both = first * second
    neither = (1 - first.sum()) * (1 - second.sum())
    return both / max(both.sum() + max(neither, 0.0), 1e-12)


def chances_of(index: int, *channels: Channel) -> Numbers:
    """The digits (10,) of a place by the channels that are not blank; none where both are."""
    spoken = [channel.chances[index] for channel in channels if channel.states[index] != BLANK]
    if len(spoken) == len(channels):
        return joint(*spoken)
    return spoken[0] if spoken else np.zeros(10)
