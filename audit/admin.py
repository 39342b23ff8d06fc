from django.contrib import admin

from audit.models import Entry
from web.admin import ReadOnlyAdmin


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_name", "verb", "app_label", "model", "object_name"]
    list_filter = ["verb", "app_label", "model"]
    search_fields = ["actor_name", "object_name", "=object_pk"]
    date_hierarchy = "at"
