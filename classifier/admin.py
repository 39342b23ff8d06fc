from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from classifier.cards import label_of
from classifier.models import Album, Picture
from classifier.models.pictures import LARGE
from jobs.admin import ReadOnlyAdmin


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ["answer", "owner", "is_certain", "right_label", "model", "album", "created_at"]
    list_filter = ["is_certain", ("right_label", admin.EmptyFieldListFilter), "model"]
    list_select_related = ["owner", "model", "album"]
    search_fields = ["=id", "name", "words", "right_label", "owner__username"]
    exclude = [
        *LARGE,
        "fingerprint",
        "card",
        "file",
    ]  # bytes; and where a photo was taken is for its owner alone
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*LARGE)

    @admin.display(description=_("Answer"))
    def answer(self, picture: Picture) -> str:
        return label_of(picture) or picture.name or "?"


@admin.register(Album)
class AlbumAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "job", "created_at"]
    list_select_related = ["owner", "job"]
    search_fields = ["=id", "name", "owner__username"]
    date_hierarchy = "created_at"
