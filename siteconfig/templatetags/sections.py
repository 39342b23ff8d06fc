"""`{% sections_of user as sections %}`: what of /settings/ this person may see."""

from collections.abc import Iterable

from django import template
from django.contrib.auth.models import AbstractUser

from siteconfig.sections import Section, sections_for

register = template.Library()


@register.simple_tag
def sections_of(user: AbstractUser) -> Iterable[Section]:
    return sections_for(user)
