from django import template
from django.http import HttpRequest
from django.urls import reverse

from reference.summaries import TWINS

register = template.Library()


@register.simple_tag
def reference_url(request: HttpRequest) -> str:
    """Where the API that does the same as this page is described; its beginning where there is none."""
    twin = TWINS.get(request.path.split("/")[1])
    return reverse("reference:group", args=[twin]) if twin else reverse("reference:index")
