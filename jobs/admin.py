from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jobs import services
from jobs.models import Job, JobQuerySet, Worker
from web.admin import ReadOnlyAdmin


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):
    list_display = ["task", "owner", "status", "progress", "attempt", "created_at", "ended_at"]
    list_filter = ["status", "task"]
    actions = ["cancel", "retry"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False  # its row and files would be left, or go past the trash

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, jobs: JobQuerySet) -> None:
        for job in jobs:
            services.cancel(job=job)

    @admin.action(description=_("Try again"))
    def retry(self, request: HttpRequest, jobs: JobQuerySet) -> None:
        for job in jobs:
            services.retry(job=job)


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    list_display = ["host", "pid", "queues", "seen_at"]
