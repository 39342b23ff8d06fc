from django.contrib import admin

from school.models import Enrollment, SchoolClass
from web.admin import ReadOnlyAdmin


@admin.register(SchoolClass)
class SchoolClassAdmin(ReadOnlyAdmin):
    list_display = ["name", "year", "owner", "is_archived"]
    list_filter = ["year", "is_archived"]
    search_fields = ["name", "owner__username"]


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnlyAdmin):
    hidden_with = "school_class"
    list_display = ["number", "student", "school_class", "left_at"]
    search_fields = ["number", "student__name", "school_class__name"]
