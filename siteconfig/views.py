"""The logo of the site, and how it stands on the home screen of a phone. Visitors see both, too."""

from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siteconfig.logos import KINDS
from siteconfig.services import shown_site

ICON_SIDES = (192, 512)  # px
PAPER = "#fbfaf7"  # as the icons have it
KEPT = "public, max-age=31536000, immutable"  # another logo has another address


@require_safe
def logo(request: HttpRequest) -> FileResponse:
    file = shown_site().logo
    try:
        if not file:
            raise Http404
        return FileResponse(
            file.open(), content_type=KINDS[file.name.rpartition(".")[2]], headers={"Cache-Control": KEPT}
        )
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """https://www.w3.org/TR/appmanifest/"""
    home = reverse("home")
    icons = [
        {
            "src": static(f"app-icon-{side}.png"),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": purpose,
        }
        for side in ICON_SIDES
        for purpose in ("any", "maskable")
    ]
    shortcuts = [
        {"name": _("Take a photo"), "url": reverse("classifier:pictures") + "#camera"},
        {"name": _("Exams"), "url": reverse("grading:exams")},
        {"name": _("Digits"), "url": reverse("digits:digits")},
    ]
    told = {
        "name": shown_site().shown_name,
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
        "shortcuts": shortcuts,
    }
    return JsonResponse(told, content_type="application/manifest+json")
