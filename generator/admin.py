from django.contrib import admin

from generator.models import Order
from web.admin import ReadOnlyAdmin


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["model", "owner", "count", "seed", "prompt", "is_favourite", "created_at"]
    list_filter = ["model", "is_favourite"]
    list_select_related = ["owner", "model"]
    search_fields = ["=id", "=seed", "prompt", "owner__username"]
    exclude = ["code"]  # a face in numbers that say nothing to a person
    date_hierarchy = "created_at"
