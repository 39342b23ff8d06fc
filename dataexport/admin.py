from django.contrib import admin

from dataexport.models import Export
from web.admin import ReadOnlyAdmin


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    hidden_with = "job"
    list_display = ["owner", "size", "created_at"]
    list_select_related = ["owner"]
    exclude = ["file"]  # it is for its owner alone
