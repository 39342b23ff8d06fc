"""`{% demos_of_visitors as demos %}`: what whoever comes without an account may try here."""

from django import template

from siteconfig.services import shown_site
from visitors.demos import Demo, offered_demos

register = template.Library()


@register.simple_tag
def demos_of_visitors() -> list[Demo]:
    return offered_demos() if shown_site().has_demos else []
