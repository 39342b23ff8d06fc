"""What the first page shows of digits."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from digits.models import Reading
from web.home import MOST_RECENT, Item, Shelf


def recent(user: User) -> Iterator[Shelf]:
    readings = Reading.objects.for_user(user).select_related("job").defer("frames", "saliency", "pixels")
    items = [reading_item(one) for one in readings[:MOST_RECENT]]
    yield Shelf(gettext_lazy("Digits"), "pencil-line", reverse("digits:history"), items)


def reading_item(reading: Reading) -> Item:
    is_read = reading.answer_text or reading.model_id
    title = reading.answer_text or reading.verdict_text if is_read else reading.job.get_status_display()
    page, picture = (reverse(f"digits:{name}", args=[reading.pk]) for name in ("reading", "picture"))
    return Item(str(title), page, picture=f"{picture}?small")
