from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from audit import titles


def fill_registry(**kwargs) -> None:
    """After every migrate the committed weights have their rows."""
    import_string("registry.services.register_built_ins")()  # by name: models load after apps


class RegistryConfig(AppConfig):
    name = "registry"
    verbose_name = _("Models")
    job_titles = {
        "registry.take_in": _("Look at weights that were uploaded"),
        "registry.train": _("Train a network"),
        "registry.measure": _("Measure a network"),
    }

    def ready(self) -> None:
        titles.register("registry.modelversion", _("Network"))
        post_migrate.connect(fill_registry, sender=self)
