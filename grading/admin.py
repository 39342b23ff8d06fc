from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from grading import services
from grading.models import Candidate, Correction, Exam, Item, PageAssignment, Paper, Scan, ScanPage
from web.admin import ReadOnlyAdmin


class ItemInline(admin.TabularInline):
    model = Item
    extra = 0
    fields = readonly_fields = ["number", "kind", "options", "answer", "points"]
    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Exam)
class ExamAdmin(admin.ModelAdmin):
    list_display = ["title", "owner", "code", "paper", "versions", "created_at"]
    list_filter = ["language", "paper"]
    search_fields = ["title", "code", "owner__username"]
    fields = ["title", "owner", "code", "created_at"]
    readonly_fields = ["code", "created_at"]
    inlines = [ItemInline]
    actions = ["regrade"]

    def has_add_permission(self, request) -> bool:
        return False  # exams are made on their own pages, where their items are checked

    def has_delete_permission(self, request, obj=None) -> bool:
        return False  # only its teacher throws away a class's papers

    @admin.action(description=_("Grade again with the key as it is now"))
    def regrade(self, request, exams) -> None:
        for exam in exams:
            services.regrade(exam=exam)


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    hidden_with = "exam"
    list_display = ["__str__", "exam", "page_count", "created_at"]
    search_fields = ["exam__title"]


@admin.register(ScanPage)
class ScanPageAdmin(ReadOnlyAdmin):
    hidden_with = "scan__exam"
    list_display = ["scan", "page", "file_name", "status", "reason", "paper"]
    list_filter = ["status", "reason"]


@admin.register(PageAssignment)
class PageAssignmentAdmin(ReadOnlyAdmin):
    hidden_with = "page__scan__exam"
    list_display = ["page", "number", "sheet_page", "version", "is_instead"]


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    hidden_with = "exam"
    list_display = ["number", "exam", "version", "status", "score", "max_score"]
    list_filter = ["status"]
    search_fields = ["number", "exam__title"]


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    hidden_with = "exam"
    list_display = ["number", "name", "class_name", "exam"]
    search_fields = ["number", "enrollment__student__name", "exam__title"]


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    hidden_with = "paper__exam"
    list_display = ["at", "by", "paper", "field", "old", "new"]
    list_filter = ["field"]
