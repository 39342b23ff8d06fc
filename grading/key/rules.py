"""How an item is scored where that is more than right or wrong: its rule, `marking`, checked and in words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.key.answers import Asked, possible
from grading.models import Item, ItemKind
from grading.scoring import BONUS, EACH, FOR_EVERYONE, LEFT_OUT, RIGHT_MINUS_WRONG

MOST = 9999
LABELLED = (ItemKind.CHOICE, ItemKind.OX, ItemKind.LETTER)
COUNTS: dict[str, str | Promise] = {
    "": gettext_lazy("As it was answered"),
    FOR_EVERYONE: gettext_lazy("Everyone gets its points"),
    LEFT_OUT: gettext_lazy("Left out of the score"),
    BONUS: gettext_lazy("Bonus: on top of the total"),
}
PARTIAL: dict[str, str | Promise] = {
    "": gettext_lazy("All or nothing"),
    EACH: gettext_lazy("Each right one"),
    RIGHT_MINUS_WRONG: gettext_lazy("Right ones less wrong ones"),
}
NUMBERS = ("incorrect", "unmarked", "least")
NAMES = ("counts", "partial", "weights", *NUMBERS)


def clean_marking(item: Mapping[str, Any], given: Any) -> dict[str, Any]:
    """The rule without what is as usual. Raises ValidationError with a sentence. Values that a template accepts stay
    as they are."""
    if not isinstance(given, Mapping):
        raise refused(item, _("its rule is an object of names and values."))
    known = given.keys() - {"accepted"}
    if unknown := sorted(str(name) for name in known - set(NAMES)):
        raise refused(item, _("its rule knows no “%(name)s”.") % {"name": unknown[0][:40]})
    parts: dict[str, Any] = {
        "counts": one_of(item, given.get("counts", ""), COUNTS),
        "partial": one_of(item, given.get("partial", ""), PARTIAL),
        "weights": clean_weights(item, given.get("weights") or {}),
        **{name: clean_number(item, given.get(name)) for name in NUMBERS},
    }
    if parts["partial"] and item["kind"] != ItemKind.CHOICE:
        raise refused(item, _("only of several options may some be right."))
    return {name: value for name, value in parts.items() if value not in ("", None, {})}


def refused(item: Mapping[str, Any], sentence: str) -> ValidationError:
    words = {"number": item.get("name") or item["number"], "sentence": sentence}
    return ValidationError(_("Item %(number)s: %(sentence)s") % words)


def one_of(item: Mapping[str, Any], given: Any, known: Mapping[str, Any]) -> str:
    if given is None or (isinstance(given, str) and given in known):
        return given or ""
    raise refused(item, _("“%(value)s” is none of its rules.") % {"value": str(given)[:40]})


def clean_number(item: Mapping[str, Any], given: Any) -> float | None:
    """Points; None where nothing is said."""
    if given is None or given == "":
        return None
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(given, bool) or not number.is_finite() or abs(number) > MOST:
        words = {"value": str(given)[:40], "most": MOST}
        raise refused(item, _("“%(value)s” is no number of points from -%(most)s to %(most)s.") % words)
    return float(round(number, 2))


def clean_weights(item: Mapping[str, Any], given: Any) -> dict[str, float]:
    asked = Asked(item["number"], item["kind"], item.get("options") or [])
    if not isinstance(given, Mapping):
        raise refused(item, _("points of options are written like 2: 0.5, 4: 1."))
    weights = {}
    for label, points in given.items():
        option = possible(asked, str(label)) if asked.labels else None
        if option is None:
            raise refused(item, _("there is no option “%(option)s”.") % {"option": str(label)[:40]})
        weights[option] = clean_number(item, points) or 0.0
    return weights


def typed_weights(text: str) -> dict[str, str]:
    """From "2: 0.5, 4: 1"; what has no colon is an option without a number, which is refused later."""
    pairs = (
        part.rpartition(":") for part in text.replace("；", ";").replace(";", ",").split(",") if part.strip()
    )
    return {(label or rest).strip(): rest.strip() if label else "" for label, _colon, rest in pairs}


def weights_as_typed(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{option}: {points:g}" for option, points in weights.items())


def words_of(item: Item) -> Iterator[str]:
    """The rule in a few words each, for a row of the key."""
    marking = item.marking
    if counts := marking.get("counts"):
        yield str(COUNTS[counts])
    if partial := marking.get("partial"):
        yield str(PARTIAL[partial])
    for value, points in (marking.get("accepted") or marking.get("weights") or {}).items():
        yield f"{value}: {points:g}"
    for name, word in (("incorrect", _("wrong")), ("unmarked", _("empty"))):
        if points := marking.get(name):
            yield f"{word}: {points:g}"
    if item.tolerance:
        yield f"± {item.tolerance.normalize() + 0:f}"
