"""What a page says of something that was just deleted: with a button that takes that back."""

from django.contrib import messages
from django.http import HttpRequest

from trash.models import Item


def offer_undo(request: HttpRequest, item: Item | None, sentence: str) -> None:
    """On the page that is shown next. None: others were faster, and have said so."""
    if item is not None:
        messages.success(request, sentence, extra_tags=str(item.pk))


def offer_undo_at(request: HttpRequest, address: str, sentence: str) -> None:
    """Of what is taken back by a form of its own."""
    messages.success(request, sentence, extra_tags=address)
