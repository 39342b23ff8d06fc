"""The settings of an order of faces in their two shapes: as people and programs send them, and the columns of its row.

    {"model", "count", "seed", "truncation", "prompt", "edits": {name: steps}, "mix": {"with_seed", "from_layer"},
     "interpolate": {"to_seed", "frames"} or {"to_seed", "share"}, "like": {"seed" or "code", "share"},
     "grid": {"seeds", "truncations"}}

What is not asked for is not there. `order_columns` and `settings_of` are each other's inverse.
"""

import base64
import json
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from generator.models import Order
from generator.networks import code_bytes, edits_of, has_styles, layers_of
from registry.models import ModelVersion

MADE = "Made by a model: this person does not exist."
Settings = dict[str, Any]


def check_settings(version: ModelVersion, settings: Settings) -> None:
    """Whether this network can do it. Raises ValidationError with sentences by the names of the settings."""
    problems = {
        name: found for name in ("edits", "mix", "like") if (found := PROBLEMS[name](version, settings))
    }
    if not problems and "seed" in settings.get("like", {}) and "interpolate" in settings:
        problems["like"] = _("Faces like another one cannot be on the way to a third. Choose one of the two.")
    if problems:
        raise ValidationError(problems)
    if "grid" in settings and "interpolate" in settings:
        raise ValidationError(
            {"grid": _("Faces are a grid or the way to another face. Choose one of the two.")}
        )


def problem_of_edits(version: ModelVersion, settings: Settings) -> str:
    wanted, known = settings.get("edits", {}), edits_of(version)
    if wanted and not known:
        return _("The network “%(name)s” draws faces as they come: it knows no edits.") % {
            "name": version.name
        }
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        words = {"unknown": ", ".join(unknown)[:100], "known": ", ".join(known)}
        return _("There is no edit “%(unknown)s”. This network knows: %(known)s.") % words
    return ""


def problem_of_mix(version: ModelVersion, settings: Settings) -> str:
    if "mix" not in settings:
        return ""
    if not has_styles(version):
        return _("The network “%(name)s” has no styles that could be mixed.") % {"name": version.name}
    last = layers_of(version) - 1
    if not 1 <= settings["mix"]["from_layer"] <= last:
        return _("Another face's styles can begin at layer 1 to %(last)s.") % {"last": last}
    return ""


def problem_of_like(version: ModelVersion, settings: Settings) -> str:
    code = settings.get("like", {}).get("code")
    if code is None:
        return ""
    if not has_styles(version):
        return _("The network “%(name)s” cannot start from a photo.") % {"name": version.name}
    if len(code) != code_bytes(version):
        return _("This face was found by another network and means nothing to “%(name)s”.") % {
            "name": version.name
        }
    return ""


PROBLEMS = {"edits": problem_of_edits, "mix": problem_of_mix, "like": problem_of_like}


def order_columns(settings: Settings) -> dict[str, Any]:
    """Of an Order; without model and seed."""
    mix, way, like, grid = (settings.get(name, {}) for name in ("mix", "interpolate", "like", "grid"))
    found: Settings = {
        name: settings[name] for name in ("truncation", "prompt", "edits", "count") if name in settings
    }
    if mix:
        found |= {"mix_seed": mix["with_seed"], "mix_from": mix["from_layer"]}
    if way:
        found |= {"to_seed": way["to_seed"], "way": way.get("share")}
        found |= {"count": way["frames"]} if "frames" in way else {}
    if grid:
        columns = grid["truncations"]
        found |= {"count": grid["seeds"] * len(columns), "truncations": columns}
    return found | {"like_seed": like.get("seed"), "code": like.get("code"), "share": like.get("share", 0.0)}


def settings_of(order: Order) -> Settings:
    """What gives these faces again."""
    found = shared_settings(order) | {"count": order.count, "seed": order.seed}
    if order.to_seed is not None:
        way = {"frames": order.count} if order.way is None else {"share": order.way}
        found["interpolate"] = {"to_seed": order.to_seed} | way
    if order.truncations:
        found["grid"] = {"seeds": order.count // order.columns, "truncations": order.truncations}
    return found


def settings_of_face(order: Order, place: int) -> Settings:
    """What gives this one face again."""
    found = shared_settings(order) | {"count": 1, "seed": order.seed_of(place), "edits": order.all_edits}
    found["truncation"] = order.truncation_of(place)
    if order.to_seed is not None:
        found["interpolate"] = {"to_seed": order.to_seed, "share": order.way_of(place)}
    return found


def shared_settings(order: Order) -> Settings:
    found: Settings = {"model": order.model.name, "truncation": order.truncation, "edits": order.edits}
    if order.prompt:
        found["prompt"] = order.prompt
    if order.mix_seed is not None:
        found["mix"] = {"with_seed": order.mix_seed, "from_layer": order.mix_from}
    if order.like_seed is not None:
        found["like"] = {"seed": order.like_seed, "share": order.share}
    elif order.code is not None:
        found["like"] = {"code": base64.b64encode(bytes(order.code)).decode(), "share": order.share}
    return found


def face_request(order: Order, place: int) -> dict[str, Any]:
    """One face as ml.faces.drawing.FaceRequest takes it, but for the code."""
    seed, towards, share = order.seed_of(place), order.to_seed, order.way_of(place)
    if order.like_seed is not None:
        seed, towards, share = order.like_seed, seed, order.share
    return {
        "seed": seed,
        "truncation": order.truncation_of(place),
        "edits": order.all_edits,
        "mix_seed": order.mix_seed,
        "mix_from": order.mix_from,
        "towards": towards,
        "share": share,
        "variation": order.share if order.code is not None else 0.0,
    }


def png_note(order: Order, place: int) -> str:
    """What stands in the PNG: the same settings are the same text."""
    model = {"model": order.model.name, "model_sha256": order.model.sha256, "made_by": MADE}
    return json.dumps(settings_of_face(order, place) | model, sort_keys=True)


def decoded_code(code: str) -> bytes:
    """Base64 of finite float16. Raises ValueError."""
    content = base64.b64decode(code, validate=True)
    if not content or not np.isfinite(np.frombuffer(content, np.float16)).all():
        raise ValueError("These are not finite numbers of 16 bits.")
    return content
