"""`{{ seconds|duration }}` and `{{ moment|ago }}` in any template: how long something took, and how long ago it was, as
people say it."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def ago(moment: datetime) -> str:
    """Like "3 hours ago"; "just now" is less than a minute ago, or still to come by another machine's clock."""
    if (timezone.now() - moment).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment)}


@register.filter
def duration(seconds: float | None) -> str:
    """0.0123 -> "12 ms", 2.345 -> "2.3 s", 150 -> "2 min 30 s", 9000 -> "2 h 30 min"; None -> "–"."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return _("%(number)s ms") % {"number": round(1000 * seconds)}
    if seconds < 60:
        return _("%(number)s s") % {"number": round(seconds, 1) if seconds < 10 else round(seconds)}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
