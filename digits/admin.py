from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from digits.models import Inside, Reading
from web.admin import ReadOnlyAdmin


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ["answer", "owner", "source", "is_certain", "right_text", "model", "created_at"]
    list_filter = ["source", "is_certain", ("right_text", admin.EmptyFieldListFilter), "model"]
    list_select_related = ["owner", "model"]
    search_fields = ["=id", "text", "right_text", "owner__username"]
    exclude = ["pixels", "frames", "saliency"]  # bytes that say nothing to a person
    date_hierarchy = "created_at"

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*self.exclude)

    @admin.display(description=_("Answer"), ordering="text")
    def answer(self, reading: Reading) -> str:
        return " / ".join(reading.text.split()) or str(reading.verdict_text)


@admin.register(Inside)
class InsideAdmin(ReadOnlyAdmin):
    hidden_with = "reading"
    list_display = ["reading", "place", "label", "owner", "created_at"]
    list_filter = ["label"]
    list_select_related = ["reading__owner"]
    search_fields = ["=reading__id", "reading__owner__username"]

    @admin.display(description=_("Owner"), ordering="reading__owner__username")
    def owner(self, inside: Inside) -> str:
        return inside.reading.owner.username
