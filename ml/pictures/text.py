"""Printed text in any picture, Korean and English: where its lines are, what they say, in reading order.

No reader at hand knows both: PP-OCRv6 (inside the package rapidocr) finds lines and reads Latin letters, digits and
signs, Tesseract with the language data `kor` reads Hangul. Each line is straightened and read by both, each where it is
at home. What is neither, Arabic or handwriting, is not read but named.
"""

import gzip
import hashlib
import threading
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from onnxruntime import InferenceSession

from ml.core.arrays import Picture
from ml.core.cards import write_whole
from ml.core.engine import onnx_session
from ml.core.parts import PartMissing, gettext_noop, packaged_file
from ml.pictures.lines.detector import Quad, detect_lines, runs_across
from ml.pictures.lines.hangul import HangulReader
from ml.pictures.lines.latin import LatinReader, with_features
from ml.pictures.lines.line import Line
from ml.pictures.lines.line_reader import LineReader
from ml.pictures.lines.order import are_one, reading_order, united
from ml.pictures.lines.stacks import are_columns, is_long, split_stacks, stacked_strip
from ml.pictures.lines.strips import Strip, network_input, straighten_line
from ml.pictures.scripts.names import NAMES, READ
from ml.pictures.scripts.reader import Scripts, load_scripts
from packaged.networks import HANGUL, LATIN, TEXT_DETECTOR, TEXT_DIRECTION

UNPACKED = "kor.traineddata"
NOT_WHOLE = gettext_noop("Its language data is not whole. Remove the package and run `make parts`.")
TURN_WIDTH = 192  # px of the input of the network that says which end of a line is up
MOST_VOTING = 6  # of the longest lines
MOST_COMPARED = 2  # of the longest lines are read both ways up
# Letters on their side can look like others; such that stand upright hardly look like text by chance
HARDLY = 0.04
FEWEST_UPRIGHT = 2  # letters one above the other: a single one that tall is a bar of a chart
LEAST_LONG = 2.5  # heights of a line: in two digits or letters any script can be seen
SURE_KOREAN = 0.9  # confidence of a line with Hangul from which its script is not asked
UNPACKING = threading.Lock()


class TextReader:
    """Safe to share between threads."""

    def __init__(
        self, detector: InferenceSession, turn: InferenceSession, lines: LineReader, scripts: Scripts | None
    ) -> None:
        self._detector, self._turn, self._lines, self._scripts = detector, turn, lines, scripts

    def read(self, picture: Picture) -> list[dict[str, Any]]:
        """(h, w, 3) uint8 RGB -> the lines of text in it, in reading order.

        Each is {"text", "confidence": the probability that all of it is right, "box": [left, top, width, height],
        "polygon": four [x, y], clockwise from where the text begins}, in pixels of the picture; those that cannot be
        read have no "text" but a "script" with its "name", and their confidence is of that.
        """
        stacked, quads = self._read_stacks(picture, detect_lines(picture, self._detector))
        lines, unread = self._read_lines(picture, self._right_way_up(picture, quads))
        read = [describe_line(line, quad, picture) for line, quad in [*stacked, *joined(lines)]]
        return read + [
            {"script": script, "name": NAMES[script], "confidence": round(sure, 3)} | place_of(quad, picture)
            for script, sure, quad in unread
        ]

    def _read_lines(
        self, picture: Picture, quads: list[Quad]
    ) -> tuple[list[tuple[Line, Quad]], list[tuple[str, float, Quad]]]:
        """What is text, in reading order, which the bars of a chart do not turn; and what is of other scripts."""
        found: list[tuple[Line, Quad]] = []
        unread: list[tuple[str, float, Quad]] = []
        expects_hangul = True
        for quad in (quads[number] for number in reading_order(quads)):
            line = self._read_line(picture, quad, expects_hangul)
            expects_hangul = line.has_hangul
            if other := self._other_script(picture, quad, line):
                unread.append((*other, quad))
            elif line.is_text:
                found.append((line, quad))
        if len(found) < len(quads):
            found = [found[number] for number in reading_order([quad for _line, quad in found])]
        return found, unread

    def _other_script(self, picture: Picture, quad: Quad, line: Line) -> tuple[str, float] | None:
        """What a line is written in that cannot be read: surely, where it was read as something all the same."""
        is_korean = line.is_text and line.has_hangul and line.confidence >= SURE_KOREAN
        wide, high = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
        if self._scripts is None or is_korean or not runs_across(quad) or wide < LEAST_LONG * high:
            return None
        strip = straighten_line(picture, quad)
        features = self._lines.features(strip) if line.features is None else line.features
        other = self._scripts.other(features, line.is_text)
        if other is None or line.is_text:
            return other
        # Halves of what is no text look like no text, or like different ones; those of ideographs like Hangul at times
        halves = (strip[:, : strip.shape[1] // 2], strip[:, strip.shape[1] // 2 :])
        seen = {self._scripts.of(self._lines.features(half))[0] for half in halves}
        return other if seen <= {other[0], READ} else None

    def _read_stacks(self, picture: Picture, quads: list[Quad]) -> tuple[list[tuple[Line, Quad]], list[Quad]]:
        """What stands one letter above the other, columns in Hangul from the right; and the boxes of all else."""
        stacks, others = split_stacks(quads, picture.shape)
        found = []
        for box, letters in stacks:
            line = self._upright(picture, box)
            is_word = line.is_text and 2 * sum(map(str.isalpha, line.text)) > len(line.text)
            if is_word and not self._lies(picture, letters, line):
                found.append((line, box))
            else:
                others += letters
        if all(line.has_hangul for line, _box in found) and are_columns([box for _line, box in found]):
            found.reverse()
        return found, others

    def _lies(self, picture: Picture, letters: list[Quad], upright: Line) -> bool:
        """Whether these are rather lines of a picture that lies on its side."""
        long = max(letters, key=lambda quad: float(np.ptp(quad[:, 1])))
        if not is_long(long):
            return False
        strip = straighten_line(picture, long)
        ways = (strip, np.ascontiguousarray(strip[::-1, ::-1]))
        return max(self._lines.read(way).likeness for way in ways) > upright.likeness + HARDLY

    def _read_line(self, picture: Picture, quad: Quad, expects_hangul: bool) -> Line:
        """Of what runs up or down, whichever looks more like text: letters that lie on their side, or upright ones."""
        line = self._lines.read(straighten_line(picture, quad), expects_hangul)
        if runs_across(quad):
            return line
        upright = self._upright(picture, quad)
        if len(upright.text) < FEWEST_UPRIGHT:
            return line
        return upright if upright.is_text and upright.likeness > line.likeness - HARDLY else line

    def _upright(self, picture: Picture, quad: Quad) -> Line:
        """Of letters one above the other; the gaps between them are no spaces."""
        strip = stacked_strip(picture, quad)
        line = Line("", ()) if strip is None else self._lines.read(strip)
        return replace(line, text=line.text.replace(" ", ""))

    def _right_way_up(self, picture: Picture, quads: list[Quad]) -> list[Quad]:
        """Lines across the picture and lines along it, each kind as a whole: one line is too little to tell by."""
        across = [quad for quad in quads if runs_across(quad)]
        along = [quad for quad in quads if not runs_across(quad)]
        return self._turned(picture, across) + self._turned(picture, along)

    def _turned(self, picture: Picture, quads: list[Quad]) -> list[Quad]:
        strips = sorted((straighten_line(picture, quad) for quad in quads), key=lambda strip: -strip.shape[1])
        longest = strips[:MOST_COMPARED]
        is_wrong = looks_upside_down(strips, self._turn) and (
            self._likeness([np.ascontiguousarray(strip[::-1, ::-1]) for strip in longest])
            > self._likeness(longest)
        )
        return [np.roll(quad, 2, axis=0) for quad in quads] if is_wrong else quads

    def _likeness(self, strips: list[Strip]) -> float:
        """How much they look like text, be it in a script that is not read."""
        return sum(
            max(self._lines.read(strip).likeness, self._scripts.likeness(self._lines.features(strip)))
            if self._scripts
            else self._lines.read(strip).likeness
            for strip in strips
        )


def joined(lines: list[tuple[Line, Quad]]) -> list[tuple[Line, Quad]]:
    """Those that were found in two parts as one."""
    found: list[tuple[Line, Quad]] = []
    for line, quad in lines:
        if found and are_one(found[-1][1], quad):
            before, start = found.pop()
            line, quad = before.followed_by(line), united(start, quad)
        found.append((line, quad))
    return found


def looks_upside_down(strips: list[Strip], network: InferenceSession) -> bool:
    """strips: the longest first. It is said of one page of Hangul in thirty that is not: a reason to read both ways, no
    more."""
    inputs = [network_input(strip[:, :TURN_WIDTH], TURN_WIDTH) for strip in strips[:MOST_VOTING]]
    return bool(inputs) and float(network.run(None, {"x": np.concatenate(inputs)})[0][:, 1].mean()) > 0.5


def describe_line(line: Line, quad: Quad, picture: Picture) -> dict[str, Any]:
    return {"text": line.text, "confidence": round(line.confidence, 3)} | place_of(quad, picture)


def place_of(quad: Quad, picture: Picture) -> dict[str, Any]:
    high, wide = picture.shape[:2]
    corners = np.clip(np.rint(quad), 0, (wide, high)).astype(int)
    (left, top), (right, bottom) = corners.min(0).tolist(), corners.max(0).tolist()
    return {
        "box": [left, top, right - left, bottom - top],
        "polygon": corners.tolist(),
    }


def load_text(cache: Path) -> TextReader:
    """Readies the networks, all on one thread; the language data is unpacked into `cache`, once.

    Raises PartMissing where the networks or the language data are not installed or the data is not whole, and what
    ONNX Runtime raises where a network is not.
    """
    detector, turn = (onnx_session(packaged_file(network)) for network in (TEXT_DETECTOR, TEXT_DIRECTION))
    lines = LineReader(HangulReader(language_data(cache)), load_latin(cache))
    return TextReader(detector, turn, lines, load_scripts(packaged_file(LATIN)))


def load_latin(cache: Path) -> LatinReader:
    """Its network gives a second output, in a copy that whoever needs it first writes into `cache`."""
    network = packaged_file(LATIN)
    path = cache / f"latin-{hashlib.sha256(network.read_bytes()).hexdigest()[:8]}.onnx"
    with UNPACKING:
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            write_whole(path, with_features(network))
    return LatinReader(onnx_session(path))


def language_data(cache: Path) -> Path:
    """The folder with kor.traineddata, named by its content and unpacked by whoever needs it first."""
    try:
        packed = packaged_file(HANGUL).read_bytes()
        content = gzip.decompress(packed)
    except (FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise PartMissing(NOT_WHOLE, HANGUL.package.name) from problem
    folder = cache / f"hangul-{hashlib.sha256(packed).hexdigest()[:8]}"
    with UNPACKING:
        if not (folder / UNPACKED).exists():
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / UNPACKED, content)
    return folder
