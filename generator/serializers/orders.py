"""Orders as the REST contract has them."""

from typing import Any

from rest_framework import serializers

from generator import order_settings
from generator.eta import eta_of
from generator.models import Face, Order, Photo
from generator.networks import licences_of
from generator.services import photo_stays
from jobs.serializers import JobSerializer
from registry.serializers import VersionField
from web.serializers import LinkedSerializer, written


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
        return order_settings.settings_of(order) | {"model_sha256": order.model.sha256}

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
