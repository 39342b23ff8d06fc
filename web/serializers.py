"""What the serializers of several apps share."""

from copy import copy
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.reverse import reverse

from web.files import validate_picture

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
    """One picture, refused with a sentence where it is none; may_move: of several the first."""

    def __init__(self, *, may_move: bool = False, **options: Any) -> None:
        # `validate_picture` has a better sentence for an empty one
        validators = [partial(validate_picture, may_move=may_move)]
        super().__init__(allow_empty_file=True, validators=validators, **options)


class LinkedSerializer(serializers.ModelSerializer):
    """A ModelSerializer whose fields hold addresses; rows that can be shared say under which one others see them."""

    shared_page = ""

    def link(self, name: str, *args: Any) -> str:
        return reverse(name, args=args, request=self.context["request"])

    def get_share_url(self, row: Any) -> str | None:
        return self.link(self.shared_page, row.share_key) if row.share_key else None


def written(moment: datetime | None) -> str | None:
    """A time as every resource has it."""
    return MOMENT.to_representation(moment) if moment else None
