"""The page's forms: the settings of an order in fields, checked as the API checks them; filters of the gallery."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from generator.models import MOST_FACES, Order, OrderQuerySet
from generator.networks import (
    ABOUT,
    MOST_STEPS,
    ends_of_edit,
    has_styles,
    name_of_edit,
    offered_networks,
    ranges_of,
)
from generator.order_settings import Settings
from generator.presentation import sentences_in
from generator.serializers import MOST_LETTERS, OrderRequestSerializer
from registry.forms import VersionChoiceField
from registry.models import ModelVersion
from uploads.pictures import MOST_BYTES
from web.forms import DatesForm

EDIT = "edit_"  # begins the names of the edits' fields
PLACES = {  # of settings that have parts, by the names of their fields
    "mix_seed": ("mix", "with_seed"),
    "mix_from": ("mix", "from_layer"),
    "to_seed": ("interpolate", "to_seed"),
    "frames": ("interpolate", "frames"),
    "way": ("interpolate", "share"),
    "like_seed": ("like", "seed"),
    "code": ("like", "code"),
    "share": ("like", "share"),
    "grid_seeds": ("grid", "seeds"),
    "truncations": ("grid", "truncations"),
}
ALONE = ("model", "count", "seed", "truncation", "prompt")
VARIETIES = "0.3 0.5 0.7 1"
SLIDER_STEP = 0.25  # of an edit
LEADING = {
    "mix": "mix_seed",
    "interpolate": "to_seed",
    "grid": "grid_seeds",
}  # without which the others mean nothing


def number_field(label: Any, **attrs: Any) -> forms.CharField:
    """A field for a number; whether it is one, AskSerializer says."""
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"} | attrs)
    return forms.CharField(label=label, required=False, widget=widget)


def slider(label: Any, least: float, most: float, step: float, initial: float = 0) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "range", "min": least, "max": most, "step": step})
    widget.input_type = "range"
    return forms.CharField(label=label, required=False, widget=widget, initial=initial)


class OrderForm(forms.Form):
    prompt = forms.CharField(
        label=_("Describe a face"),
        required=False,
        widget=forms.TextInput(
            attrs={"maxlength": MOST_LETTERS, "placeholder": _("smiling woman with glasses")}
        ),
    )
    model = forms.ChoiceField(label=_("Network"), required=False)
    count = number_field(_("How many faces"), type="number", min=1, max=MOST_FACES)
    seed = number_field(_("Seed"), size=20)
    truncation = slider(_("Variety"), 0, 1, 0.05, 0.7)
    mix_seed = number_field(_("Seed of the other face"), size=20)
    mix_from = number_field(_("From layer"), type="number", min=1, max=20)
    to_seed = number_field(_("On the way to this seed"), size=20)
    frames = number_field(_("Frames"), type="number", min=2, max=MOST_FACES)
    grid_seeds = number_field(_("Seeds, one a row"), type="number", min=1, max=MOST_FACES // 2)
    truncations = forms.CharField(
        label=_("Varieties, one a column"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
        initial=VARIETIES,
    )
    way = forms.CharField(required=False, widget=forms.HiddenInput)
    like_seed = forms.CharField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(required=False, widget=forms.HiddenInput)
    share = slider(_("How different"), 0, 1, 0.05, 0.3)
    started = forms.CharField(required=False, widget=forms.HiddenInput)  # `start_of` of the edits
    image = forms.FileField(
        label=_("A photo of a face to start from"),
        widget=forms.FileInput(
            attrs={"accept": "image/*,.heic,.heif,.tif,.tiff", "data-most-bytes": MOST_BYTES}
        ),
        required=False,
        allow_empty_file=True,
    )
    keep_photo = forms.BooleanField(label=_("Keep the photo"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        versions = {version.name: version for version in reversed(offered_networks())}  # the newest of a name
        named = reversed(versions.values())
        self.versions = list(named)
        choices = [(version.name, ABOUT.get(version.name, version.name)) for version in self.versions]
        cast(forms.ChoiceField, self.fields["model"]).choices = choices
        for version in reversed(self.versions):  # the usual network's ranges are there without a script
            for name, ends in ranges_of(version).items():
                self.fields[EDIT + name] = slider(name_of_edit(name), *ends, SLIDER_STEP)
                self.fields[EDIT + name].ends = ends_of_edit(name)  # type: ignore[attr-defined]

    @property
    def knows(self) -> dict[str, dict[str, Any]]:
        """What each network can do, for the page's script."""
        return {
            version.name: {"edits": ranges_of(version), "styles": has_styles(version)}
            for version in self.versions
        }

    @property
    def edits(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(EDIT)]

    def clean(self) -> dict[str, Any]:
        """What services.draw takes."""
        request = OrderRequestSerializer(data=self.request_data())
        if request.is_valid():
            return dict(request.validated_data)
        for name, sentences in errors_by_field(request.errors).items():
            is_seen = name in self.fields and not self[name].is_hidden
            self.add_error(name if is_seen else None, sentences)
        return {}

    def request_data(self) -> dict[str, Any]:
        """As the API has it, without the fields that were left alone."""
        cleaned = super().clean() or {}
        found: dict[str, Any] = {name: cleaned[name] for name in ALONE if cleaned.get(name)}
        edits = {name.removeprefix(EDIT): cleaned.get(name) for name in self.fields if name.startswith(EDIT)}
        found["edits"] = moved_edits(edits, started_edits(cleaned.get("started", "")))
        for name, (whole, part) in PLACES.items():
            if cleaned.get(name) and cleaned.get(LEADING.get(whole, name)):
                found.setdefault(whole, {})[part] = cleaned[name]
        if "grid" in found:
            found["grid"]["truncations"] = re.split(r"[\s,;]+", (cleaned["truncations"] or VARIETIES).strip())
        return self.with_start(found, cleaned)

    def with_start(self, found: dict[str, Any], cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """A way is taken as a whole or at one place; how different faces are to be, means nothing without another."""
        if "share" in found.get("interpolate", {}):
            found["interpolate"].pop("frames", None)
        if not cleaned.get("like_seed") and not cleaned.get("code") and not cleaned.get("image"):
            found.pop("like", None)
        if cleaned.get("image") is not None:
            found |= {"image": cleaned["image"], "keep_photo": cleaned["keep_photo"]}
        return found


def moved_edits(sliders: Mapping[str, Any], started: Mapping[str, Any]) -> dict[str, Any]:
    """What the person says. Where a slider still stands as the words put it, the words say it, which may be others by
    now; one that was brought from there to 0 says that it is 0."""
    return {
        name: steps
        for name, steps in sliders.items()
        if steps not in (None, "") and has_moved(steps, started.get(name, 0.0))
    }


def has_moved(steps: Any, start: float | None) -> bool:
    """Also what is no number: that is refused later, with a sentence."""
    try:
        return start is None or not abs(float(steps) - start) < SLIDER_STEP / 2
    except ValueError:
        return True


def started_edits(text: str) -> dict[str, float | None]:
    """What `start_of` wrote; nothing where somebody else did."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: steps
        for name, steps in found.items()
        if steps is None or (isinstance(steps, float | int) and abs(steps) <= MOST_STEPS)
    }


def start_of(settings: Settings, of_words: Mapping[str, float]) -> str:
    """Where the sliders begin, for `moved_edits`: at what the words made of it, else None. Empty without words."""
    if not settings.get("prompt"):
        return ""
    return json.dumps(dict.fromkeys(settings.get("edits", {})) | dict(of_words))


def errors_by_field(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """By the names of the form's fields."""
    fields = {place: name for name, place in PLACES.items()}
    found: dict[str, list[str]] = {}
    for name, error in errors.items():
        for part, problems in error.items() if isinstance(error, Mapping) else [("", error)]:
            field = fields.get((name, part), EDIT + part if name == "edits" and part else name)
            found[field] = list(dict.fromkeys(sentences_in(problems)))
    return found


def initial_of(settings: Settings, of_words: Mapping[str, float] | None = None) -> dict[str, Any]:
    """The form's fields for these settings; of_words: the edits that the worker made of their prompt."""
    found = {name: settings[name] for name in ALONE if name in settings}
    found |= {EDIT + name: steps for name, steps in {**(of_words or {}), **settings.get("edits", {})}.items()}
    found["started"] = start_of(settings, of_words or {})
    parts = {name: settings.get(whole, {}).get(part) for name, (whole, part) in PLACES.items()}
    if parts["truncations"]:
        parts["truncations"] = " ".join(f"{one:g}" for one in parts["truncations"])
    return found | {name: value for name, value in parts.items() if value is not None}


class GalleryForm(DatesForm):
    """Filters of the gallery. What cannot be understood filters nothing."""

    field_order = ["text", "network", "seed", "favourite"]

    text = forms.CharField(
        label=_("In the description"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"size": 14}),
    )
    network = VersionChoiceField(
        label=_("Network"),
        required=False,
        queryset=ModelVersion.objects.none(),
        empty_label=_("All"),
        to_field_name="name",
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12}),
    )
    favourite = forms.BooleanField(label=_("Favourites"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        cast(VersionChoiceField, self.fields["network"]).queryset = offered_networks()

    def filtered(self, rows: OrderQuerySet) -> OrderQuerySet:
        rows = super().filtered(rows)
        wanted = self.cleaned_data
        if wanted.get("text"):
            rows = rows.filter(prompt__icontains=wanted["text"])
        if wanted.get("network"):
            rows = rows.filter(model__name=wanted["network"].name)
        if wanted.get("seed") is not None:
            rows = rows.filter(pk__in=Order.objects.filter(faces__seed=wanted["seed"]).values("pk"))
        return rows.liked() if wanted.get("favourite") else rows
