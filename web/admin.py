"""What the administrations of several apps share."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at, not to change: changes go through pages and API, which check, log and take files along.

    hidden_with: the way to a row in whose absence these are hidden, too, because it lies in the trash.
    """

    hidden_with = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows.filter(**{f"{self.hidden_with}__trashed": None}) if self.hidden_with else rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
