from django.contrib import admin

from trash.models import Item
from web.admin import ReadOnlyAdmin


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    list_display = [
        "kind",
        "count",
        "owner",
        "deleted_at",
        "purge_at",
    ]  # names of things are for their owners
    list_filter = ["kind"]
    list_select_related = ["owner"]
    exclude = ["name"]
    date_hierarchy = "deleted_at"
