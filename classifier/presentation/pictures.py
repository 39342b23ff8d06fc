"""What was found in a picture, as its pages show it: in the reader's language, with a place for every box."""

import io
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from PIL import Image

from classifier.models import Example, Picture
from uploads.pictures import encoded
from web.files import heat_map, image_answer, open_to_show

LANGUAGES = ("en", "ko")  # of the names in a card
NAMING = ("answer", "labels", "image_type")  # places in a card of what a whole picture shows
BOXED = ("objects", "faces", "text", "unread")
PART_NAMES = {
    "labels": gettext_lazy("What it is"),
    "saliency": gettext_lazy("What spoke for it"),
    "objects": gettext_lazy("Objects"),
    "faces": gettext_lazy("Faces"),
    "text": gettext_lazy("Text"),
    "unread": gettext_lazy("Text that is not read here"),
    "colors": gettext_lazy("Colours"),
    "light": gettext_lazy("Light"),
    "photo": gettext_lazy("The photo"),
    "caption": gettext_lazy("Caption"),
}
NOTHING = {
    "objects": gettext_lazy("None of the 80 things that are looked for."),
    "faces": gettext_lazy("No face."),
    "text": gettext_lazy("No text that can be read."),
}
GENDERS = {"female": gettext_lazy("woman"), "male": gettext_lazy("man")}
FACTS = {
    "taken_at": gettext_lazy("Taken"),
    "camera": gettext_lazy("Camera"),
    "lens": gettext_lazy("Lens"),
    "exposure": gettext_lazy("Exposure"),
    "size": gettext_lazy("Size"),
    "frames": gettext_lazy("Frames"),
}

Found = dict[str, Any]


def in_language(found: Any) -> Any:
    """A card, or a part of one, with each name in the language of the moment."""
    if isinstance(found, list):
        return [in_language(part) for part in found]
    if not isinstance(found, dict):
        return found
    if found and set(found) == set(LANGUAGES):
        return found["ko" if (get_language() or "").startswith("ko") else "en"]
    return {key: in_language(value) for key, value in found.items()}


def label_of(picture: Picture) -> str:
    """What it shows: as a person said, else as the network did; empty where it is not sure."""
    taught = in_language(picture.card.get("taught"))
    answer = in_language(picture.card.get("answer"))
    if taught:  # whoever asks a classifier of their own wants its names
        answer = taught["labels"][0] if taught["is_certain"] else None
    if not answer and picture.is_certain and not taught:
        answer = in_language(picture.card.get("image_type"))
    return picture.right_label or (answer["name"] if answer else "")


def guess_of(picture: Picture) -> str:
    """What it shows, with as much doubt as its caption says: "Perhaps a receipt"; empty where that names nothing."""
    if label := label_of(picture):
        return label
    found = in_language(picture.card)
    words = found.get("caption") or ()
    place = next((place for place, word in enumerate(words) if word["from"]), None)
    if place is None or found.get("taught") or not words[place]["from"].startswith(NAMING):
        return ""
    return "".join(word["text"] for word in words[: place + 1])


def title_of(picture: Picture) -> str:
    """In lists: what it shows, else why nothing is named, else how its job stands."""
    if guess := guess_of(picture):
        return guess
    if picture.problem:
        return _("No picture")
    return _("Not sure") if picture.answered_at else str(picture.job.get_status_display())


def caption_text(found: Found) -> str:
    return "".join(part["text"] for part in found.get("caption") or ())


def rough_percent(share: float) -> str:
    """As a person would say it: nothing is certain, and next to nothing is more than nothing."""
    if share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else f"{share:.0%}".replace("%", " %")


def card_context(picture: Picture, *, is_owner: bool) -> dict[str, Any]:
    """What the template of a card shows; where the photo was taken is for its owner alone."""
    found = in_language(picture.card)
    photo = found.get("photo") or {}
    letter = max(picture.width, picture.height) / 32
    kinds = [kind for kind in BOXED if found.get(kind) or kind in NOTHING and found.get(kind) is not None]
    things = {kind: list(placed_things(found, kind, letter)) for kind in kinds}
    boxes = sorted((thing for some in things.values() for thing in some), key=lambda thing: -thing["area"])
    return {
        "picture": picture,
        "label": label_of(picture),
        "caption": [part | {"target": anchor(part["from"])} for part in found.get("caption") or ()],
        "image_type": with_percent(found.get("image_type")),
        "answer": with_percent(found.get("answer")),
        "taught": taught_of(found),
        "labels": [with_percent(label) for label in found.get("labels") or ()],
        "concepts": [with_percent(concept) for concept in found.get("concepts") or ()],
        "boxes": boxes,  # the larger ones under the smaller ones
        "boxed": [(kind, PART_NAMES[kind], some, NOTHING.get(kind, "")) for kind, some in things.items()],
        "letter": letter,
        "in_words": alternative_text(picture),
        "problem": _(picture.problem) if picture.problem else "",
        "colors": [color | {"percent": rough_percent(color["share"])} for color in found.get("colors") or ()],
        "verdicts": [with_percent(verdict) for verdict in (found.get("light") or {}).get("verdicts", ())],
        "facts": photo_facts(photo),
        "gps": photo.get("gps") if is_owner else None,
        "missing": [missing_of(part) for part in found.get("missing") or ()],
        "is_owner": is_owner,
    }


def taught_of(found: Found) -> Found | None:
    """What a taught classifier calls it: [name, share] of each class, and whether it is one of them at all."""
    taught = found.get("taught")
    return taught and taught | {"labels": [with_percent(label) for label in taught["labels"]]}


def anchor(source: str | None) -> str:
    """The place on the page of an inference: "labels-0" of "labels.0"."""
    return (source or "").replace(".", "-")


def with_percent(inference: Found | None) -> Found | None:
    if not inference:
        return inference
    share = inference.get("probability", inference.get("confidence", 0.0))
    return inference | {"percent": rough_percent(share)}


def placed_things(found: Found, kind: str, letter: float) -> Iterator[dict[str, Any]]:
    """Everything of a kind that has a place in the picture: the corners of a polygon around it, and where its name is
    written in letters of that height."""
    for number, thing in enumerate(found[kind]):
        x, y, width, height = thing["box"]
        corners = thing.get("polygon") or [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
        yield {
            "id": f"{kind}-{number}",
            "kind": kind,
            "area": width * height,
            "text": thing_text(kind, thing),
            "percent": ""
            if kind == "faces"
            else rough_percent(thing["confidence"]),  # faces say theirs beside each
            "corners": " ".join(f"{left:g},{top:g}" for left, top in corners),
            "left": x,
            "top": max(y, round(1.4 * letter)),
        }


def thing_text(kind: str, thing: Found) -> str:
    if kind in ("objects", "unread"):
        return str(thing["name"])
    return str(thing["text"]) if kind == "text" else face_text(thing)


def face_text(face: Found) -> str:
    """ "a face 99 %, woman 85 %, 25 to 32 years 80 %", as far as it is known: each with how sure that is."""
    words = [f"{_('a face')} {rough_percent(face['confidence'])}"]
    if face.get("gender") in GENDERS:
        words.append(f"{GENDERS[face['gender']]} {rough_percent(face['gender_confidence'])}")
    if face.get("age"):
        low, high = face["age"]
        years = _("%(low)s to %(high)s years") % {"low": low, "high": high}
        words.append(f"{years} {rough_percent(face['age_confidence'])}")
    if face.get("turned"):
        words.append(_("turned by %(degrees)s°") % {"degrees": face["turned"]})
    return ", ".join(words)


def photo_facts(photo: Found) -> list[tuple[str, str, str]]:
    """(name, title, fact) of all that is known."""
    made = {"taken_at": moment_of(photo), "exposure": exposure_of(photo), "size": size_text(photo)}
    if photo.get("frames"):
        made["frames"] = _("The first of %(count)s was looked at.") % {"count": photo["frames"]}
    known = photo | made
    return [(name, str(title), str(known[name])) for name, title in FACTS.items() if known.get(name)]


def exposure_of(photo: Found) -> str:
    """1/250 s · f/2.8 · ISO 200 · 50 mm"""
    exposure = photo.get("exposure") or {}
    seconds = exposure.get("seconds") or 0
    duration = f"1/{1 / seconds:.0f}" if 0 < seconds < 0.5 else f"{seconds:g}"
    words = {
        "seconds": f"{duration} s",
        "aperture": f"f/{exposure.get('aperture', 0):g}",
        "iso": f"ISO {exposure.get('iso')}",
        "focal_length": f"{exposure.get('focal_length', 0):g} mm",
    }
    return " · ".join(word for name, word in words.items() if exposure.get(name))


def size_text(photo: Found) -> str:
    size = photo.get("size")
    if not size:
        return ""
    width, height = size["width"], size["height"]
    return f"{width} × {height} ({width * height / 1e6:.1f} MP)"


def moment_of(photo: Found) -> str:
    """When it was taken, as the reader writes dates; as it stands there where that is no date."""
    text = photo.get("taken_at") or ""
    moment = parse_datetime(text)
    return date_format(moment, "DATETIME_FORMAT") if moment else text


def missing_of(part: Found) -> dict[str, str]:
    """What could not be looked for, and why: a sentence that comes from a worker, in English."""
    name = str(PART_NAMES.get(part["part"], part["part"]))
    return {"part": part["part"], "name": name, "sentence": _(part["sentence"]), "what": part.get("what", "")}


def alternative_text(picture: Picture) -> str:
    """The picture in words."""
    found = in_language(picture.card)
    return caption_text(found) or label_of(picture) or _("A picture")


def album_line(picture: Picture) -> dict[str, Any]:
    """Of an album's table."""
    found = in_language(picture.card)
    return {
        "picture": picture,
        "title": title_of(picture),
        "answer": with_percent(found.get("answer")),
        "caption": caption_text(found),
        "problem": _(picture.problem) if picture.problem else "",
    }


SMALL = 256  # px of the longer side of a picture in a list


def picture_answer(row: Picture | Example, longest: int) -> HttpResponse:
    """What was uploaded, as a browser can show it, no larger than that; 404 where it cannot be shown."""
    return image_answer(encoded(open_to_show(row.file, longest, is_read=row.is_read)))


def heat_answer(picture: Picture) -> HttpResponse:
    """What spoke for the answer, to be laid over the picture; 404 where that was not asked for."""
    if not picture.saliency:
        raise Http404
    return image_answer(heat_map(Image.open(io.BytesIO(bytes(picture.saliency))).convert("L")))
