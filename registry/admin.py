from django.contrib import admin
from django.http import HttpRequest

from registry.models import ModelVersion, TrainingRun


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly):
    list_display = ["name", "kind", "state", "is_built_in", "sha256", "created_at"]
    list_filter = ["kind", "state"]


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnly):
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
