"""Everything that can be said of a picture, each inference in its own module, and each allowed to be absent."""

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors

from ml.core.arrays import Picture
from ml.core.cards import Card, WeightsDamaged
from ml.core.engine import EnginesDisagree
from ml.core.parts import NOT_INSTALLED, PartMissing, gettext_noop
from ml.pictures import english, korean
from ml.pictures.backbone import load_backbone
from ml.pictures.facts import facts_of, image_type_of, is_blank
from ml.pictures.image_types.reader import corrected_by_text
from ml.pictures.labeller import Findings, Labeller
from ml.pictures.phrases import Phrase

log = logging.getLogger(__name__)

Inference = Callable[[Picture], Any]  # what is found in a picture

DAMAGED = gettext_noop("What it needs is missing or damaged. Please tell an administrator.")
BLANK = gettext_noop("The picture has one colour alone. What the network names all the same means nothing.")
FAILED = gettext_noop("It failed on this picture.")

# What packages raise where they, or the data they bring, are not what they should be.
BROKEN = (
    WeightsDamaged,
    EnginesDisagree,
    ImportError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    cv2.error,
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NoSuchFile,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)


def module(name: str) -> Any:
    """Imported when it is needed, since what it needs itself may not be there."""
    return import_module(f"ml.pictures.{name}")


# From the folder where networks that were made ready are kept.
LOADERS: dict[str, Callable[[Path], Inference]] = {
    "objects": lambda folder: module("objects").load_objects(folder).detect,
    "faces": lambda folder: module("faces").load_faces().detect,
    "text": lambda folder: module("text").load_text(folder).read,
    "colors": lambda folder: module("colors").colors_of,
    "light": lambda folder: module("light").light_of,
    "fingerprint": lambda folder: module("similar").fingerprint,
}
LABELS, SALIENCY, CAPTION, PHOTO = "labels", "saliency", "caption", "photo"
EVERYTHING = frozenset({LABELS, SALIENCY, CAPTION, PHOTO, *LOADERS})


class Part:
    """What is loaded when it is first asked for, once, and may be missing then. Safe to share between threads."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self.load, self.lock = load, threading.Lock()
        self.loaded: Any = None

    def get(self) -> Any:
        """What `load` gives. Raises PartMissing, each time, where it cannot."""
        with self.lock:
            if self.loaded is None:
                self.loaded = self.tried()
        if isinstance(self.loaded, PartMissing):
            raise PartMissing(self.loaded.sentence, self.loaded.what)
        return self.loaded

    def tried(self) -> Any:
        try:
            return self.load()
        except PartMissing as missing:
            return missing
        except ImportError as problem:
            log.warning("An inference on pictures cannot be made: %s", problem)
            return PartMissing(NOT_INSTALLED, problem.name or "")
        except BROKEN as problem:
            log.exception("An inference on pictures cannot be made")
            return PartMissing(DAMAGED, str(problem))


class PictureReader:
    """A network and the inferences beside it. Safe to share between threads."""

    def __init__(self, network: Part, parts: dict[str, Part]) -> None:
        self.network, self.parts = network, parts

    def read(
        self,
        picture: Picture,
        wants: Collection[str] = EVERYTHING,
        on_progress: Callable[[str], None] = lambda part: None,
        photo: Mapping[str, Any] | None = None,
    ) -> Findings:
        """picture: (h, w, 3) uint8 RGB, upright; on_progress: hears of each part as it begins; photo: what
        `photo.photo_of` tells of its file. What cannot be said is named in `missing`; the rest still comes."""
        missing: dict[str, PartMissing] = {}
        seen = Findings({}, (picture.shape[0], picture.shape[1]))
        if LABELS in wants or SALIENCY in wants:
            on_progress(LABELS)
            seen = attempt(LABELS, lambda: self.label([picture], SALIENCY in wants)[0], missing) or seen
        for name, part in self.parts.items():
            if name == "objects" and name in wants and image_type_of(seen.found):
                seen.found[name] = []
            elif name in wants:
                on_progress(name)
                seen.found[name] = attempt(name, partial(answer, part, picture), missing)
        if seen.found.get("text") is not None:
            if seen.found.get("image_type"):
                seen.found["image_type"] = corrected_by_text(
                    seen.found["image_type"], picture, seen.found["text"]
                )
            seen.found.update(parted(seen.found["text"]))
        if PHOTO in wants:
            seen.found[PHOTO] = photo or {}
        if seen.found.get(LABELS) and is_blank(seen.found):
            missing[LABELS] = PartMissing(BLANK)
        seen = replace(seen, fingerprint=seen.found.pop("fingerprint", None))
        seen.found["missing"] = [
            {"part": name, "sentence": problem.sentence, "what": problem.what}
            for name, problem in missing.items()
        ]
        if CAPTION in wants:
            seen.found[CAPTION] = caption_of(seen.found)
        return seen

    def label(self, pictures: Sequence[Picture], with_saliency: bool = False) -> list[Findings]:
        """What the network alone says of at least one picture, in one pass. Raises PartMissing."""
        seen: list[Findings] = self.network.get().label(pictures, with_saliency)
        return seen


def caption_of(found: dict[str, Any]) -> dict[str, Phrase]:
    """One sentence about a picture, in English and in Korean: {"en", "ko"}: [{"text", "from"}], whose texts joined are
    the sentence; from: the inference's place in the card ("labels.0"), None for the grammar's own words.

    found: the JSON of a card, of which any part may be absent. It invents nothing: each word that says something names
    the inference it came from, what is not sure is said to be so, and where a photo was taken is never said.
    """
    facts = facts_of(found)
    return {"en": english.sentence(facts), "ko": korean.sentence(facts)}


def parted(lines: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Lines that were read, and those in scripts that cannot be."""
    return {
        "text": [line for line in lines if "text" in line],
        "unread": [line for line in lines if "text" not in line],
    }


def answer(part: Part, picture: Picture) -> Any:
    return part.get()(picture)


def attempt(name: str, infer: Callable[[], Any], missing: dict[str, PartMissing]) -> Any:
    """What the inference finds; None where it cannot, and `missing` says why."""
    try:
        return infer()
    except PartMissing as problem:
        missing[name] = problem
    except BROKEN:
        log.exception("%s failed on a picture", name)
        missing[name] = PartMissing(FAILED)
    return None


@cache
def parts_in(cache_folder: Path) -> dict[str, Part]:
    """The inferences beside a network, by their names in a card; one of each in a process."""
    return {name: Part(partial(load, cache_folder)) for name, load in LOADERS.items()}


def load_picture_reader(
    card: Card, folder: Path, cache_folder: Path, device: str | None = None
) -> PictureReader:
    """Loads nothing yet; see ml.pictures.backbone.load_backbone for what the network wants."""
    return PictureReader(
        Part(lambda: Labeller(load_backbone(card, folder, cache_folder, device))), parts_in(cache_folder)
    )
