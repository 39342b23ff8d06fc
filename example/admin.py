from django.contrib import admin

from example.models import Example
from web.admin import ReadOnlyAdmin


@admin.register(Example)
class ExampleAdmin(ReadOnlyAdmin):
    hidden_with = "job"
    list_display = ["owner", "created_at"]
    list_select_related = ["owner"]
