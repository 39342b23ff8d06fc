"""The pages of albums: many pictures sent together, and the table of what was found in them."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.grants import Right, find_permitted
from classifier.forms import AlbumSearchForm
from classifier.models import Album
from classifier.presentation.pictures import album_line
from trash.services import delete as delete_rows
from trash.undo import offer_undo
from web.pagination import paginated

PER_PAGE = 100


def find_album(request: HttpRequest, pk: UUID, right: Right) -> Album:
    return find_permitted(Album.objects.select_related("job", "model"), request.user, right, pk=pk)


@require_GET
@login_required
def album(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_album(request, pk, Right.VIEW)
    form = AlbumSearchForm(request.GET)
    pictures = form.filtered(row.pictures.in_list(), row.owner_id)
    page = paginated(request, pictures.order_by("place"), PER_PAGE)
    context = {"album": row, "form": form, "page": page, "lines": [album_line(picture) for picture in page]}
    return render(request, "classifier/album.html", context)


@require_POST
@login_required
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = delete_rows(rows=[find_album(request, pk, Right.OWN)], by=request.user)
    offer_undo(request, item, _("The album and all of its pictures were deleted."))
    return redirect("classifier:history")
