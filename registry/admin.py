from collections.abc import Callable
from functools import partial
from typing import cast

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, gettext_noop

from registry import services
from registry.models import Change, ModelVersion, ModelVersionQuerySet, Shadow, TrainingRun
from web.admin import ReadOnlyAdmin
from web.refusals import refused_as_message

BY_HAND = gettext_noop("Chosen in the administration.")


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "state", "is_built_in", "sha256", "created_at"]
    list_filter = ["state", "kind", "is_built_in"]
    search_fields = ["name", "sha256"]
    actions = ["activate", "archive"]

    def get_queryset(self, request: HttpRequest) -> ModelVersionQuerySet:
        """Without what people taught: that is theirs."""
        return cast(ModelVersionQuerySet, super().get_queryset(request)).public()

    @admin.action(description=gettext_lazy("Let it answer from now on"))
    def activate(self, request: HttpRequest, versions: ModelVersionQuerySet) -> None:
        act_on_each(request, versions, partial(services.activate_measured, by=request.user, why=BY_HAND))

    @admin.action(description=gettext_lazy("Archive"))
    def archive(self, request: HttpRequest, versions: ModelVersionQuerySet) -> None:
        act_on_each(request, versions, services.archive)


def act_on_each(request: HttpRequest, versions: ModelVersionQuerySet, act: Callable[..., None]) -> None:
    """Says of each how it went."""
    for version in versions:
        with refused_as_message(request):
            act(version=version)
            messages.success(request, f"{version}: {version.get_state_display()}")


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "by_name", "before", "after", "why_text"]
    list_filter = ["kind"]
    list_select_related = ["before", "after"]
    date_hierarchy = "at"


@admin.register(Shadow)
class ShadowAdmin(ReadOnlyAdmin):
    list_display = [
        "kind",
        "version",
        "live",
        "percent",
        "by_name",
        "began_at",
        "ended_at",
        "requests",
        "compared",
        "agreed",
        "failed",
    ]
    list_filter = ["kind"]
    list_select_related = ["version", "live"]


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    list_display = [
        "kind",
        "architecture",
        "seed",
        "state_now",
        "epochs",
        "version",
        "started_at",
        "ended_at",
    ]
    list_filter = ["kind", "architecture", "state"]
