from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jobs import checks

__all__ = ["JobsConfig", "checks"]


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")
