"""Pictures and albums as the REST contract has them, and what came in with a request."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from classifier.models import Album, Classifier, Picture
from classifier.presentation.doubts import doubt_text, with_doubt
from classifier.presentation.pictures import caption_text, in_language, label_of, missing_of
from jobs.serializers import JobSerializer
from registry.models import ModelVersion
from registry.serializers import VersionField
from web.serializers import LinkedSerializer, PictureField, ReadySerializer, written

MODEL = VersionField(read_only=True)
FOUND = (
    "image_type",
    "answer",
    "labels",
    "concepts",
    "taught",
    "objects",
    "faces",
    "text",
    "unread",
    "colors",
    "light",
    "photo",
)


@extend_schema_field({"type": "string", "format": "uuid", "nullable": True})
class TaughtField(serializers.Field):
    """The id of a classifier that someone taught, to the version of it that answers."""

    default_error_messages = {
        "unknown": gettext_lazy("There is no such classifier, or it has not learned yet.")
    }

    def to_internal_value(self, data: Any) -> ModelVersion:
        rows = Classifier.objects.usable_by(self.context["request"].user)
        version = next((row.active_version for row in rows.filter(pk=as_uuid(data))), None)
        if version is None:
            self.fail("unknown")
        return version

    def to_representation(self, value: ModelVersion) -> int:
        return value.pk


def as_uuid(data: Any) -> UUID | None:
    try:
        return UUID(str(data))
    except ValueError:
        return None


class RequestOptionsSerializer(serializers.Serializer):
    """By which network, which taught classifier names it too, and whether its labels are all that is wanted."""

    model = VersionField("classifier", required=False)
    classifier = TaughtField(source="taught", required=False)
    only = serializers.ChoiceField(["labels"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["only_labels"] = attrs.pop("only", None) == "labels"
        return attrs


class PictureRequestSerializer(RequestOptionsSerializer):
    image = PictureField(may_move=True)


class AlbumRequestSerializer(RequestOptionsSerializer):
    """`images[]`, or one ZIP as `file`; they are read from the request, since what is no picture is no error here."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=200)


class PictureCorrectionSerializer(serializers.Serializer):
    label = serializers.CharField(allow_blank=True, max_length=100)


@extend_schema_field(OpenApiTypes.ANY)
class FoundField(serializers.Field):
    """One inference, its names in the reader's language; null where it was not looked for."""

    def __init__(self) -> None:
        super().__init__(source="card", read_only=True)

    def to_representation(self, value: dict[str, Any]) -> Any:
        return in_language(value.get(self.field_name))


class TaughtFoundField(FoundField):
    """With `doubt_text`: why it is not certain."""

    def to_representation(self, value: dict[str, Any]) -> Any:
        return with_doubt(super().to_representation(value))


class PictureSerializer(LinkedSerializer):
    """A picture; what was found is null until its job has ended. Written by hand for the same reason as a job."""

    shared_page = "classifier:shared"

    url = serializers.HyperlinkedIdentityField("classifier:api-detail")
    label = serializers.SerializerMethodField()
    doubt_text = serializers.SerializerMethodField()
    caption = serializers.SerializerMethodField()
    caption_parts = serializers.SerializerMethodField()
    image_type = FoundField()
    answer = FoundField()
    labels = FoundField()
    concepts = FoundField()
    taught = TaughtFoundField()
    objects = FoundField()
    faces = FoundField()
    text = FoundField()
    unread = FoundField()
    colors = FoundField()
    light = FoundField()
    photo = FoundField()
    missing = serializers.SerializerMethodField()
    similar = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField()
    picture_url = serializers.SerializerMethodField()
    saliency_url = serializers.SerializerMethodField()
    share_url = serializers.SerializerMethodField()
    model = VersionField(read_only=True)
    job = JobSerializer(read_only=True)

    class Meta:
        model = Picture
        fields = [
            "id",
            "url",
            "name",
            "label",
            "right_label",
            "is_certain",
            "doubt_text",
            "caption",
            "caption_parts",
            *FOUND,
            "missing",
            "similar",
            "width",
            "height",
            "picture_url",
            "saliency_url",
            "share_url",
            "album",
            "problem",
            "model",
            "created_at",
            "job",
        ]
        read_only_fields = fields

    def to_representation(self, picture: Picture) -> dict[str, Any]:
        found = in_language(picture.card)
        return {
            "id": str(picture.pk),
            "url": self.link("classifier:api-detail", picture.pk),
            "name": picture.name,
            "label": label_of(picture),
            "right_label": picture.right_label,
            "is_certain": picture.is_certain,
            "doubt_text": doubt_text(picture),
            "caption": caption_text(found) or None,
            "caption_parts": found.get("caption"),
            **{part: found.get(part) for part in FOUND},
            "taught": with_doubt(found.get("taught")),
            "missing": self.get_missing(picture),
            "similar": self.get_similar(picture),
            "width": picture.width,
            "height": picture.height,
            "picture_url": self.get_picture_url(picture),
            "saliency_url": self.get_saliency_url(picture),
            "share_url": self.get_share_url(picture),
            "album": picture.album_id,
            "problem": self.get_problem(picture),
            "model": MODEL.to_representation(picture.model) if picture.model else None,
            "created_at": written(picture.created_at),
            "job": JobSerializer(context=self.context).to_representation(picture.job),
        }

    def get_label(self, picture: Picture) -> str:
        """As corrected, else as found; empty where the network is not sure."""
        return label_of(picture)

    def get_doubt_text(self, picture: Picture) -> str:
        """Why `is_certain` is false; empty where it is true, or nothing was found yet."""
        return doubt_text(picture)

    def get_caption(self, picture: Picture) -> str | None:
        return caption_text(in_language(picture.card)) or None

    def get_caption_parts(self, picture: Picture) -> list[dict[str, Any]] | None:
        """[{text, from}]: the inference that each part of the caption comes from, such as "labels.0"."""
        return in_language(picture.card.get("caption"))

    def get_missing(self, picture: Picture) -> list[dict[str, str]]:
        """[{part, name, sentence, what}]: what could not be looked for, why, and the package or file that lacks."""
        return [missing_of(part) for part in picture.card.get("missing") or ()]

    def get_similar(self, picture: Picture) -> list[dict[str, Any]]:
        """[{id, url, distance, is_near_duplicate}] among your own pictures, the nearest first."""
        if picture.answered_at is None:
            return []
        return [
            {
                "id": str(likeness.beside(picture)),
                "url": self.link("classifier:api-detail", likeness.beside(picture)),
                "distance": likeness.distance,
                "is_near_duplicate": likeness.is_near_duplicate,
            }
            for likeness in picture.likenesses
        ]

    def get_problem(self, picture: Picture) -> str:
        """Why a file of an album has no answer."""
        return _(picture.problem) if picture.problem else ""

    def get_picture_url(self, picture: Picture) -> str | None:
        return self.link("classifier:api-picture", picture.pk) if picture.file else None

    def get_saliency_url(self, picture: Picture) -> str | None:
        return self.link("classifier:api-saliency", picture.pk) if picture.has_saliency else None


class AlbumSerializer(ReadySerializer):
    url = serializers.HyperlinkedIdentityField("classifier:api-album-detail")
    count = serializers.SerializerMethodField()
    answered = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()
    pictures_url = serializers.SerializerMethodField()
    csv_url = serializers.SerializerMethodField()
    model = VersionField(read_only=True)
    job = JobSerializer(read_only=True)

    class Meta:
        model = Album
        fields = [
            "id",
            "url",
            "name",
            "count",
            "answered",
            "problems",
            "pictures_url",
            "csv_url",
            "model",
            "created_at",
            "job",
        ]
        read_only_fields = fields

    def get_count(self, album: Album) -> int:
        """Files in it; those of a ZIP are counted as they are unpacked."""
        return album.pictures.count()

    def get_answered(self, album: Album) -> int:
        return album.pictures.exclude(answered_at=None).count()

    def get_problems(self, album: Album) -> int:
        """Files that are no picture, or damaged; each says why in `problem`."""
        return album.pictures.exclude(problem="").count()

    def get_pictures_url(self, album: Album) -> str:
        return f"{reverse('classifier:api-list', request=self.context['request'])}?album={album.pk}"

    def get_csv_url(self, album: Album) -> str:
        return reverse("classifier:api-table", args=[album.pk, "csv"], request=self.context["request"])
