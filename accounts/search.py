"""What the search of the top line finds of accounts; of other people, for administrators."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from web.search import MOST, Group, Hit, Place, is_admin

PLACES = [
    Place(_("Change the password"), "accounts:password"),
    Place(
        _("Second factor"), "accounts:second_factor", also=_("2FA, OTP, authenticator app, one-time codes")
    ),
    Place(_("Invite people"), "accounts:invite", is_admin),
]


def search(user: User, text: str) -> Iterator[Group]:
    if user.is_staff:
        named = Q(username__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text)
        people = User.objects.filter(named, deleted_at=None).order_by("username")[:MOST]
        hits = [
            Hit(one.get_full_name() or one.username, url_of(one), one.get_role_display()) for one in people
        ]
        yield Group(_("People"), "circle-user-round", hits)


def url_of(person: User) -> str:
    return reverse("accounts:person", args=[person.pk])
