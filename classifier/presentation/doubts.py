"""Why an answer is not certain, in words."""

from typing import Any

from django.utils.translation import gettext as _

from classifier.models import Picture
from classifier.presentation.pictures import in_language, rough_percent

Found = dict[str, Any]
NEAREST = 2  # labels that a sentence names


def doubt_text(picture: Picture) -> str:
    """Why `is_certain` is false; empty where it is true, or nothing was found yet."""
    found = in_language(picture.card)
    if picture.is_certain or picture.answered_at is None:
        return ""
    if labels := found.get("labels"):
        return _("I am not sure: nothing stands out. Nearest are %(labels)s.") % {
            "labels": listed(labels[:NEAREST])
        }
    if image_type := found.get("image_type"):
        said = _(
            "What kind of picture it is, is not sure: %(kind)s, and things are named in photographs alone."
        )
        return said % {"kind": listed([image_type])}
    return _("Nothing was found in it.")


def with_doubt(taught: Found | None) -> Found | None:
    """What a taught classifier said, its names in one language, with `doubt_text`."""
    return taught and taught | {"doubt_text": taught_doubt(taught)}


def taught_doubt(taught: Found) -> str:
    labels = taught["labels"]
    if taught["is_certain"] or not labels:
        return ""
    words = {"name": labels[0]["name"], "labels": listed(labels[:NEAREST])}
    if not taught["is_known"]:
        return _("It is like none of the classes that were taught; nearest is %(name)s.") % words
    return sentence_of(taught.get("doubt", "")) % words


def sentence_of(doubt: str) -> str:
    """doubt: as `ml.teaching.reader` has it; answers of before it was told have none."""
    if doubt == "far":
        return _("Perhaps %(name)s, but it looks different from most pictures that were taught.")
    if doubt == "few":
        return _("Perhaps %(name)s, but it has learned from too few pictures to be sure of anything.")
    if doubt == "close":
        return _("Perhaps %(name)s, but it is not clear enough: %(labels)s.")
    return _("Perhaps %(name)s, but it is not sure: %(labels)s.")


def listed(inferences: list[Found]) -> str:
    return ", ".join(f"{one['name']} {rough_percent(one['probability'])}" for one in inferences)


def doubt_context(picture: Picture) -> dict[str, str]:
    """For the template of a card."""
    taught = in_language(picture.card.get("taught"))
    return {"doubt": doubt_text(picture), "taught_doubt": taught_doubt(taught) if taught else ""}
