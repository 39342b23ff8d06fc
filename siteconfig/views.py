"""The logo of the site, which visitors see, too."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from siteconfig.logos import KINDS
from siteconfig.services import shown_site

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
