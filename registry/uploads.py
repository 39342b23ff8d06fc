"""Weights that an admin sends, as far as they can be checked without a network: size, form, hash, keys of the card."""

import hashlib
import json
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from safetensors import SafetensorError, safe_open

from registry.models import MEASURED
from web.parsers import NOT_STORABLE, is_storable

LARGEST, LARGEST_CARD = 100 * 2**20, 2**20  # bytes
PICKLES = (b"PK\x03\x04", b"\x80")  # how PyTorch's files and bare pickles begin
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")  # it becomes a file's
KEYS: dict[str, type | tuple[type, ...]] = {
    "kind": str,
    "name": str,
    "architecture": str,
    "config": dict,
    "preprocessing": dict,
    "classes": list,
    "meanings": dict,
    "temperature": (int, float),
    "shift": list,
    "certain": (int, float),
    "data": list,
    "metrics": list,
    "seed": int,
    "parameters": int,
    "sha256": str,
    "trained_at": str,
}


def checked_card(weights: File, card: File) -> dict[str, Any]:
    """The card of these weights. Raises ValidationError with a sentence for whoever sent them."""
    if weights.size > LARGEST:
        raise ValidationError(_("The weights are larger than 100 MB."))
    check_form(weights)
    content = card_of(card)
    if content["sha256"] != sha256_of(weights):
        raise ValidationError(_("The card belongs to other weights: its sha256 is not that of the file."))
    return content


def card_of(card: File) -> dict[str, Any]:
    if card.size > LARGEST_CARD:
        raise ValidationError(_("The card is larger than 1 MB."))
    try:
        content = json.loads(card.read().decode(), parse_constant=refuse_constant)
        is_kept = is_storable(content)
    except (ValueError, RecursionError) as problem:
        raise ValidationError(_("The card is not JSON.")) from problem
    if not is_kept:
        raise ValidationError(NOT_STORABLE)
    check_keys(content)
    return content


def refuse_constant(name: str) -> None:
    """NaN and Infinity, which are no numbers of JSON."""
    raise ValueError(name)


def check_keys(card: Any) -> None:
    """That the card has what every card of Nunbit has; whether it fits the network is seen by whoever loads it."""
    if not isinstance(card, dict):
        raise ValidationError(_("The card is not JSON with named fields."))
    wrong = [name for name, kind in KEYS.items() if not isinstance(card.get(name), kind)]
    if wrong:
        raise ValidationError(
            _("The card lacks these fields, or they are of another kind: %(names)s.")
            % {"names": ", ".join(wrong)}
        )
    if card["kind"] not in MEASURED:
        raise ValidationError(
            _("This site has no networks of the kind %(kind)s. It knows %(known)s.")
            % {"kind": card["kind"][:30], "known": ", ".join(sorted(MEASURED))}
        )
    if not NAME.fullmatch(card["name"]):
        raise ValidationError(
            _("The name on the card may have 60 letters A to Z, digits, dots, hyphens and underscores.")
        )


def check_form(weights: File) -> None:
    """That the file is safetensors from its first byte to its last; its numbers are not read."""
    start = weights.read(8)
    weights.seek(0)
    if start.startswith(PICKLES):
        raise ValidationError(
            _(
                "This is a pickle, which can run code when it is opened. Please save the weights as safetensors."
            )
        )
    try:
        check_file(weights)
    except SafetensorError as problem:
        raise ValidationError(
            _("This is not a whole safetensors file: it was cut off, or is something else.")
        ) from problem


def check_file(weights: File) -> None:
    """Raises SafetensorError. What lies in memory is written down first, since a file is looked at, not read."""
    if hasattr(weights, "temporary_file_path"):
        with safe_open(Path(weights.temporary_file_path()), "numpy"):
            return
    with NamedTemporaryFile() as file:
        file.writelines(weights.chunks())
        file.flush()
        weights.seek(0)
        with safe_open(Path(file.name), "numpy"):
            return


def sha256_of(weights: File) -> str:
    found = hashlib.sha256()
    for part in weights.chunks():
        found.update(part)
    weights.seek(0)
    return found.hexdigest()
