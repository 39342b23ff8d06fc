"""A context processor for what every page shows of the site: its name, its logo, whose login it takes."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

from siteconfig.models import SiteSettings
from siteconfig.services import shown_site


def site_context(_request: HttpRequest) -> dict[str, Callable[[], SiteSettings] | str]:
    """Asked only where a template says so. (`site` is taken: Django's page to sign in has one.)"""
    return {"site_settings": shown_site, "oidc_name": settings.OIDC_NAME}
