from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfigConfig(AppConfig):
    name = "siteconfig"
    verbose_name = _("Settings of the site")
