from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class TrashConfig(AppConfig):
    name = "trash"
    verbose_name = _("Trash")

    def ready(self) -> None:
        """Each app says in its trash.py what of it can be deleted; people are known here."""
        import_module("trash.people")
        autodiscover_modules("trash")
