"""What each app says of itself in a module of one name, as `search.py` and `home.py` do."""

from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@cache
def app_modules(name: str) -> list[ModuleType]:
    """Of all apps that have one, in the order of the settings."""
    return [
        import_module(f"{config.name}.{name}")
        for config in apps.get_app_configs()
        if module_has_submodule(config.module, name)
    ]
