"""How figures of classifiers are written."""

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.8765 -> "87.7 %"."""
    return "–" if share is None else f"{100 * share:.1f} %"
