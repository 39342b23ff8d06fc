from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from classifier.models import Album, Classifier, Picture, Training
from classifier.models.pictures import LARGE
from classifier.presentation.pictures import label_of
from classifier.templatetags.teaching import percent
from web.admin import ReadOnlyAdmin


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    list_display = ["answer", "owner", "is_certain", "right_label", "model", "album", "created_at"]
    list_filter = ["is_certain", ("right_label", admin.EmptyFieldListFilter), "model"]
    list_select_related = ["owner", "model", "album"]
    search_fields = ["=id", "name", "terms__term__exact", "right_label", "owner__username"]
    # Bytes; and where a photo was taken is for its owner alone
    exclude = [*LARGE, "fingerprint", "card", "file"]
    date_hierarchy = "created_at"
    readonly_fields = ["answer"]

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


@admin.register(Classifier)
class ClassifierAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "is_shared", "created_at"]
    list_filter = ["is_shared"]
    list_select_related = ["owner"]
    search_fields = ["=id", "name", "owner__username"]
    exclude = ["comparison"]  # ids that say nothing to a person


@admin.register(Training)
class TrainingAdmin(ReadOnlyAdmin):
    hidden_with = "classifier"
    list_display = ["classifier", "accuracy", "verdict", "version", "created_at"]
    list_filter = ["verdict"]
    list_select_related = ["classifier", "version"]
    search_fields = ["=id", "classifier__name", "classifier__owner__username"]

    @admin.display(description=_("Accuracy"))
    def accuracy(self, training: Training) -> str:
        return percent(training.evaluation.get("accuracy"))
