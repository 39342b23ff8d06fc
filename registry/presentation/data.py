"""Data in the reader's language: what a network learned from, and what it was tested on.

Cards are in English. What stands in one that someone uploaded, and isn't known here, is shown as it was written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

TEXTS = {
    # names
    gettext_noop("62 characters, photographed (choice v0.3)"),
    gettext_noop("Capital letters A-Z"),
    gettext_noop("CelebA, 30,000 of its faces at 64 x 64"),
    gettext_noop("CelebA, 30,000 of its faces at 64 × 64"),
    gettext_noop("Chars74K, English, hand"),
    gettext_noop("EMNIST letters A-M"),
    gettext_noop("EMNIST letters A-M, test half"),
    gettext_noop("ImageNet, ILSVRC 2012, training half (1,281,167)"),
    gettext_noop("MNIST, training half"),
    gettext_noop("Omniglot, Latin and Korean"),
    gettext_noop("USPS, training half"),
    gettext_noop("capital letters A-Z"),
    gettext_noop("cells drawn by ml.simulation"),
    gettext_noop("cells photographed in Cairo (ticks, empty)"),
    gettext_noop("lines drawn by ml.pictures.scripts in fonts of Debian"),
    gettext_noop("photographs among Debian's backgrounds of MATE, Lomiri, UKUI and Plasma"),
    gettext_noop("pictures drawn by ml.pictures.image_types"),
    gettext_noop("scribbles, blobs and pairs of digits"),
    gettext_noop("things cut out of photographs, of Debian's tuxpaint-stamps-default"),
    gettext_noop("what looks like lines in the pictures that the types of images were learned from"),
    # licences
    gettext_noop("CC BY-SA, CC0, LGPL, GPL, public domain"),
    gettext_noop("NIST, public"),
    gettext_noop("NIST, public domain"),
    gettext_noop("OFL, GPL with font exception, Apache-2.0 and other free ones"),
    gettext_noop("as above; NIST, public domain"),
    gettext_noop("free, each its own; not part of this project"),
    gettext_noop("non-commercial research"),
    gettext_noop("none stated"),
    gettext_noop("public domain, CC0, CC BY-SA, GPL"),
    gettext_noop("research"),
    gettext_noop("research; the weights are Apache-2.0"),
    gettext_noop("this project's own"),
    gettext_noop("this project's own, from the above"),
    # what they were used for
    gettext_noop("digits and letters, training; the last 10 of 55 writers calibration"),
    gettext_noop("no digits"),
    gettext_noop("not a digit"),
    gettext_noop("not a letter; its last 5,000 held out"),
    gettext_noop(
        "temperature: without labelled photographs of its own the project takes the one with the least log loss "
        "on these"
    ),
    gettext_noop("test only"),
    gettext_noop("test only: its last tenth"),
    gettext_noop("the first half of each letter training, the second held out"),
    gettext_noop("training"),
    gettext_noop("training, by the authors of EfficientNet-Lite"),
    gettext_noop("training, calibration"),
    gettext_noop("training, calibration, test"),
    gettext_noop("training; calibration in fonts that were kept apart"),
    gettext_noop("training; held-out faces by CelebA's own partition"),
    gettext_noop("training; its last 5,000 calibration"),
    gettext_noop("training; its last tenth calibration"),
    gettext_noop("training; its last twelfth validation and calibration"),
    gettext_noop("training; one folder in five calibration"),
    gettext_noop("training; one in five calibration"),
    gettext_noop("training; the last 10 of 55 writers calibration"),
    gettext_noop("training; the last 10 of 55 writers held out"),
    gettext_noop("training; the last 4 of 20 writers held out"),
    gettext_noop("training; the last fifth of each letter held out"),
    # test sets
    gettext_noop("603 labelled photographs of CelebA that the readers had not seen"),
    gettext_noop("MNIST test moved, scaled, turned, other strokes"),
    gettext_noop("MNIST test, as uploads"),
    gettext_noop("digits lost: MNIST test"),
    gettext_noop("drawn as for calibration, another seed"),
    gettext_noop("drawn at another school, ordinary"),
    gettext_noop("drawn at another school, rough"),
    gettext_noop("drawn at another school, only cancelled"),
    gettext_noop("drawn at another school, only circle"),
    gettext_noop("drawn at another school, only cross"),
    gettext_noop("drawn at another school, only empty"),
    gettext_noop("drawn at another school, only filled"),
    gettext_noop("drawn at another school, only scribbled"),
    gettext_noop("drawn at another school, only tick"),
    gettext_noop("letters of the last writers, drawn at another school"),
    gettext_noop("of the makers that it learned from, other seeds and files, by lite0"),
    gettext_noop("of the makers that it learned from, other seeds and files, by lite2"),
    gettext_noop("photographs and cut-outs of packages"),
    gettext_noop("ticks and empty cells photographed in Cairo"),
    gettext_noop("turned away, as uploads: letters"),
    gettext_noop("turned away: letters of unseen writers, scribbles, blobs, pairs"),
    gettext_noop("probe: digits, as uploads"),
    gettext_noop("probe: faces of the first seeds"),
}
PATTERNS: dict[str, str | Promise] = {
    r"(?P<name>[\w ]+ test), clean": _("%(name)s, clean"),
    r"(?P<name>[\w ]+ test), photographed at another school": _("%(name)s, photographed at another school"),
    r"(?P<name>\w+), A-E of the last writers, photographed": _(
        "%(name)s, A-E of the last writers, photographed"
    ),
    r"(?P<name>\w+): (?P<count>\d+) lines in fonts and pictures that were kept apart": _(
        "%(name)s: %(count)s lines in fonts and pictures that were kept apart"
    ),
    r"(?P<name>\w+): (?P<faces>[\d,]+) faces beside (?P<others>[\d,]+) held-out photographs": _(
        "%(name)s: %(faces)s faces beside %(others)s held-out photographs"
    ),
}
COUNTED = re.compile(r"(?P<text>.*?)(?P<count> \(\d+\))?", re.DOTALL)


def data_label(written: str) -> str:
    """Of a test set with how many are in it, as it was written."""
    text, count = COUNTED.fullmatch(written).group("text", "count")
    label = gettext(text) if text in TEXTS else pattern_label(PATTERNS, text) or text
    return label + (count or "")


def pattern_label(patterns: Mapping[str, str | Promise], written: str) -> str | None:
    """The text of the pattern that fits, with what stands in its groups."""
    for pattern, text in patterns.items():
        if match := re.fullmatch(pattern, written):
            return str(text % match.groupdict())
    return None


def sources(card: dict[str, Iterable[dict[str, str]]]) -> Iterator[tuple[str, str, str]]:
    """(data, licence, what it was used for) of each that a network learned from."""
    for row in card.get("data", ()):
        yield data_label(row["name"]), data_label(row["licence"]), data_label(row["use"])
