"""Orders as the REST contract has them, and what came in with a request."""

import json
import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generator import order_settings
from generator.eta import eta_of
from generator.models import MOST_CHOSEN, MOST_FACES, MOST_SEED, Face, Order, Photo
from generator.networks import KIND, MOST_STEPS, has_styles, licences_of
from generator.services import photo_stays
from jobs.serializers import JobSerializer
from registry.models import ModelVersion
from registry.serializers import VersionField
from web.serializers import LinkedSerializer, PictureField, written

MOST_LETTERS = 500
MOST_COLUMNS = 16  # of a grid
NESTED = ("edits", "mix", "interpolate", "like", "grid")


@extend_schema_field(OpenApiTypes.NUMBER)
class RangeField(serializers.Field):
    """A number from `least` to `most`, both among them; anything else is refused with one sentence, NaN too."""

    default_error_messages = {"range": _("This must be a number from {least} to {most}.")}

    def __init__(self, least: float, most: float, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def to_internal_value(self, data: Any) -> float:
        try:
            value = math.nan if isinstance(data, bool) else self.number(data)
        except (TypeError, ValueError, OverflowError):
            value = math.nan
        if not self.least <= value <= self.most:
            self.fail("range", least=self.least, most=self.most)
        return value

    def number(self, data: Any) -> float:
        return float(data)

    def to_representation(self, value: float) -> float:
        return value


@extend_schema_field(OpenApiTypes.INT)
class WholeField(RangeField):
    default_error_messages = {"range": _("This must be a whole number from {least} to {most}.")}

    def number(self, data: Any) -> float:
        if isinstance(data, float) and not data.is_integer():
            return math.nan
        return int(data if isinstance(data, float) else str(data)[:30])


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field):
    """A face that was found in a photo, as an order's settings and its PNG files have it."""

    default_error_messages = {"code": _("This is no code of a face: take it from the settings of an order.")}

    def to_internal_value(self, data: Any) -> bytes:
        try:
            return order_settings.decoded_code(data)
        except (TypeError, ValueError):
            self.fail("code")

    def to_representation(self, value: bytes) -> None:
        return None


class MixSerializer(serializers.Serializer):
    with_seed = WholeField(0, MOST_SEED)
    from_layer = WholeField(0, 100, default=4)


class InterpolateSerializer(serializers.Serializer):
    to_seed = WholeField(0, MOST_SEED)
    frames = WholeField(2, MOST_FACES, required=False)
    share = RangeField(0, 1, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("frames" in attrs) and ("share" in attrs):
            raise serializers.ValidationError(
                _("Send `frames` for the whole way, or `share` for a place on it.")
            )
        return attrs if "share" in attrs else {"frames": 24} | attrs


class LikeSerializer(serializers.Serializer):
    seed = WholeField(0, MOST_SEED, required=False)
    code = CodeField(required=False)
    share = RangeField(0, 1, default=0.3)


class GridSerializer(serializers.Serializer):
    """A row for each seed, a column for each truncation."""

    seeds = WholeField(1, MOST_FACES)
    truncations = serializers.ListField(child=RangeField(0, 1), min_length=2, max_length=MOST_COLUMNS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["seeds"] * len(attrs["truncations"]) > MOST_FACES:
            raise serializers.ValidationError(
                {"seeds": _("A grid has at most %(most)s faces.") % {"most": MOST_FACES}}
            )
        return attrs


class OrderRequestSerializer(serializers.Serializer):
    """What to draw: the settings of generator.order_settings, and a photo to start from."""

    model = VersionField(KIND, required=False)
    count = WholeField(1, MOST_FACES, default=1)
    seed = WholeField(0, MOST_SEED, required=False, allow_null=True)
    truncation = RangeField(0, 1, default=0.7)
    prompt = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MOST_LETTERS,
        error_messages={"max_length": _("Describe the face in at most {max_length} letters.")},
    )
    edits = serializers.DictField(child=RangeField(-MOST_STEPS, MOST_STEPS), required=False)
    mix = MixSerializer(required=False, allow_null=True)
    interpolate = InterpolateSerializer(required=False, allow_null=True)
    like = LikeSerializer(required=False, allow_null=True)
    grid = GridSerializer(required=False, allow_null=True)
    image = PictureField(required=False)
    keep_photo = serializers.BooleanField(default=False)

    default_error_messages = {
        "json": _("This must be a JSON object."),
        "no_network": _("The network that draws faces is missing. Please tell an administrator."),
        "no_styles": _("The network “{name}” cannot start from a photo."),
        "two_starts": _("Start from a photo or from another face, not from both."),
        "nothing_alike": _("Say which face they shall be like: `seed`, `code`, or a photo as `image`."),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Forms send what has parts as JSON."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        plain = {name: data[name] for name in data}
        for name in NESTED:
            if isinstance(plain.get(name), str):
                plain[name] = self.parsed(name, plain[name])
        return super().to_internal_value(plain)

    def parsed(self, name: str, text: str) -> Any:
        try:
            return json.loads(text) if text.strip() else None
        except (ValueError, RecursionError):
            raise serializers.ValidationError({name: self.error_messages["json"]}) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        settings = {name: value for name, value in attrs.items() if value is not None}
        image, keeps_photo = settings.pop("image", None), settings.pop("keep_photo", False)
        version = settings.pop("model", None) or ModelVersion.objects.answering(KIND).first()
        if version is None:
            self.fail("no_network")
        self.check_start(version, settings.get("like"), image)
        order_settings.check_settings(version, settings)
        return {"model": version, "settings": settings, "image": image, "keeps_photo": keeps_photo}

    def check_start(self, version: ModelVersion, like: dict[str, Any] | None, image: Any) -> None:
        starts = len({"seed", "code"} & set(like or {})) + (image is not None)
        if starts > 1:
            raise self.refusal("like", "two_starts")
        if like is not None and not starts:
            raise self.refusal("like", "nothing_alike")
        if image is not None and not has_styles(version):
            raise self.refusal("image", "no_styles", name=version.name)

    def refusal(self, field: str, code: str, **words: str) -> serializers.ValidationError:
        return serializers.ValidationError({field: str(self.error_messages[code]).format(**words)})


class SettingsFileSerializer(serializers.Serializer):
    image = PictureField()


class MarkSerializer(serializers.Serializer):
    """`place` is that of one face, from 0; without it the whole order is meant."""

    is_favourite = serializers.BooleanField()
    place = WholeField(0, MOST_FACES - 1, required=False)


class DeletionSerializer(serializers.Serializer):
    ids = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MOST_CHOSEN)


class OrderSerializer(LinkedSerializer):
    """An order; pictures are there as soon as they are drawn."""

    shared_page = "generator:shared"

    url = serializers.HyperlinkedIdentityField("generator:api-detail")
    images = serializers.SerializerMethodField()
    settings = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    photo = serializers.SerializerMethodField()
    wait = serializers.SerializerMethodField()
    grid_url = serializers.SerializerMethodField()
    zip_url = serializers.SerializerMethodField()
    video_url = serializers.SerializerMethodField()
    share_url = serializers.SerializerMethodField()
    licences = serializers.SerializerMethodField()
    made_by = serializers.SerializerMethodField()
    model = VersionField(read_only=True)
    job = JobSerializer(read_only=True)

    class Meta:
        model = Order
        fields = ["id", "url", "images", "count", "seed", "truncation", "edits", "prompt", "words"]
        fields += ["settings", "photo", "wait", "grid_url", "zip_url", "video_url", "share_url"]
        fields += ["is_favourite", "licences"]
        fields += ["made_by", "model", "created_at", "job"]
        read_only_fields = fields

    def get_images(self, order: Order) -> list[dict[str, Any]]:
        """[{place, url, seed, truncation, width, height, is_favourite}]"""
        return [self.image(order, face) for face in order.faces.all()]

    def image(self, order: Order, face: Face) -> dict[str, Any]:
        return {
            "place": face.place,
            "url": self.link("generator:api-face", order.pk, face.place),
            "seed": face.seed,
            "width": face.width,
            "height": face.height,
            "is_favourite": face.is_favourite,
            "truncation": order.truncation_of(face.place),
        }

    def get_settings(self, order: Order) -> dict[str, Any]:
        """What gives the same faces when it is sent again."""
        return order_settings.settings_of(order)

    def get_words(self, order: Order) -> dict[str, Any] | None:
        """Of the prompt: {edits, used, unknown}; null until the worker has read it."""
        return order.words

    def get_photo(self, order: Order) -> dict[str, Any] | None:
        """{url, aligned_url, drawn_url, error, is_kept, deleted_at}; what is not there is null."""
        photo = getattr(order, "photo", None)
        if photo is None:
            return None
        parts = {"url": "file", "aligned_url": "aligned", "drawn_url": "drawn"}
        links = {
            name: self.link("generator:api-photo", order.pk, part) if getattr(photo, part) else None
            for name, part in parts.items()
        }
        return links | {"error": photo.error, "is_kept": photo.is_kept, "deleted_at": deleted_at(photo)}

    def get_wait(self, order: Order) -> dict[str, Any] | None:
        """{position, seconds} until the last face is drawn; null where the job has ended."""
        if order.job.has_ended:
            return None
        wait = eta_of(order)
        seconds = None if wait.seconds is None else round(wait.seconds, 1)
        return {"position": wait.position, "seconds": seconds}

    def get_grid_url(self, order: Order) -> str:
        """All faces on one PNG."""
        return self.link("generator:api-grid", order.pk)

    def get_zip_url(self, order: Order) -> str:
        return self.link("generator:api-zip", order.pk)

    def get_video_url(self, order: Order) -> str | None:
        """An animated WebP of the way from one seed to the other."""
        return self.link("generator:api-film", order.pk) if order.is_film else None

    def get_licences(self, order: Order) -> list[dict[str, Any]]:
        """Of the photographs that the network learned from: [{name, licence, is_non_commercial, url, …}]"""
        return licences_of(order.model.sha256)

    def get_made_by(self, order: Order) -> str:
        return order_settings.MADE


def deleted_at(photo: Photo) -> str | None:
    """When the photo goes, or went."""
    return None if photo.is_kept else written(photo.created_at + photo_stays())
