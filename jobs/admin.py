from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from jobs import services
from jobs.models import Job


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["task", "owner", "status", "progress", "attempt", "created_at", "ended_at"]
    list_filter = ["status", "task"]
    actions = ["cancel", "retry"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    @admin.action(description=_("Cancel"))
    def cancel(self, request, jobs) -> None:
        for job in jobs:
            services.cancel(job=job)

    @admin.action(description=_("Try again"))
    def retry(self, request, jobs) -> None:
        for job in jobs:
            services.retry(job=job)
