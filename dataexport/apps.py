from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataExportConfig(AppConfig):
    name = "dataexport"
    verbose_name = _("Exports of one's own data")
    job_titles = {"dataexport.write": _("Gather all that is mine")}
