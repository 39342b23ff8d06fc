"""`{% icon "camera" %}` in any template: an icon of static/icons.svg, which tools/icons.py makes of these names.

An icon says nothing to who hears the page: it stands beside words, or within what has a name.
"""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

# of Lucide, those that pages use
ICONS = (
    "activity",
    "archive",
    "arrow-down",
    "arrow-right",
    "arrow-up",
    "calendar-clock",
    "camera",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-alert",
    "circle-check",
    "circle-user-round",
    "clipboard-check",
    "code",
    "download",
    "globe",
    "grip-vertical",
    "hard-drive",
    "history",
    "image",
    "images",
    "info",
    "languages",
    "log-in",
    "log-out",
    "mail",
    "network",
    "panel-left",
    "pencil-line",
    "plus",
    "printer",
    "rotate-ccw",
    "search",
    "settings",
    "shapes",
    "smile",
    "sun-dim",
    "sun-moon",
    "trash-2",
    "triangle-alert",
    "user-plus",
    "users",
    "x",
)

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Raises ValueError for a name that the sprite does not hold."""
    if name not in ICONS:
        raise ValueError(f"{name} is not in web/icons.py.")
    sprite = static("icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)
