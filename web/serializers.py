"""What the serializers of several apps share."""

from copy import copy
from datetime import datetime
from typing import Any, BinaryIO, ClassVar, cast

from django.utils.translation import gettext as _
from rest_framework import serializers

from uploads.pictures import check_picture
from uploads.problems import BadFile

MOMENT = serializers.DateTimeField()


class ReadySerializer(serializers.ModelSerializer):
    """A ModelSerializer for small quick answers: the fields of its model are worked out once, not for every answer."""

    ready: ClassVar[dict[type, dict[str, Any]]] = {}

    def get_fields(self) -> dict[str, Any]:
        kind = type(self)
        if kind not in self.ready:
            self.ready[kind] = super().get_fields()
        return {name: copy(field) for name, field in self.ready[kind].items()}


class PictureField(serializers.FileField):
    """One picture, refused with a sentence where it is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)  # `check` has a better sentence for it

    def to_internal_value(self, data: Any) -> Any:
        image = super().to_internal_value(data)
        try:
            check_picture(cast(BinaryIO, image.file))
        except BadFile as problem:
            raise serializers.ValidationError(_(str(problem))) from problem
        return image


def written(moment: datetime | None) -> str | None:
    """A time as every resource has it."""
    return MOMENT.to_representation(moment) if moment else None
