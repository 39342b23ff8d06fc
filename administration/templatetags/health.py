"""How times of waiting are written."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def duration(seconds: float | None) -> str:
    """0.0123 -> "12 ms", 2.345 -> "2.3 s", 150 -> "2.5 min"."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return _("%(number)s ms") % {"number": round(1000 * seconds)}
    if seconds < 60:
        return _("%(number)s s") % {"number": round(seconds, 1)}
    return _("%(number)s min") % {"number": round(seconds / 60, 1)}
