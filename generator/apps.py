from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from registry.usage import Results


class GeneratorConfig(AppConfig):
    name = "generator"
    verbose_name = _("Faces")
    job_titles = {"generator.draw": _("Draw faces")}
    results = [Results("Order", kind="faces")]
