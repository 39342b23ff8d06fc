"""Every app that has jobs must have a page for their results, or the history would link nowhere."""

from importlib.util import find_spec
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch, reverse

ANY_ID = UUID(int=0)


@register
def every_app_has_a_result_page(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    own = [app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    with_tasks = [label for label in own if label != "jobs" and find_spec(f"{label}.tasks")]
    return [missing_page(label) for label in with_tasks if not has_result_page(label)]


def has_result_page(label: str) -> bool:
    try:
        return bool(reverse(f"{label}:result", args=[ANY_ID]))
    except NoReverseMatch:
        return False


def missing_page(label: str) -> Error:
    return Error(f"{label}.urls has no route 'result' that takes a job's id.", id="jobs.E001")
