"""The sections of /settings/, in the order in which they are listed. Apps add theirs here, by the name of its address;
its page extends templates/administration/section.html."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from web.search import anyone, is_admin, is_teacher


class Section(NamedTuple):
    url: str
    title: Promise
    says: Promise  # what one does there, in a sentence
    icon: str
    may: Callable[[AbstractUser], bool]


SECTIONS = (
    Section(
        "accounts:account",
        _("Account"),
        _("Your password and second factor, and the tokens of your programs."),
        "circle-user-round",
        anyone,
    ),
    Section(
        "administration:site",
        _("Site"),
        _("Name, logo and language of the site, and who may make an account."),
        "globe",
        is_admin,
    ),
    Section(
        "accounts:people",
        _("People"),
        _("Who has an account, in which role, and who is invited."),
        "users",
        is_admin,
    ),
    Section(
        "school:classes",
        pgettext_lazy("school", "Classes"),
        _("Class lists, cards to sign in with, the next school year."),
        "clipboard-check",
        is_teacher,
    ),
    Section(
        "administration:mail",
        _("Mail"),
        _("Which server sends mail, and whether it does."),
        "mail",
        is_admin,
    ),
    Section(
        "administration:storage",
        _("Storage"),
        _("How much room is left, and what and who takes it up."),
        "hard-drive",
        is_admin,
    ),
    Section(
        "administration:retention",
        _("Retention"),
        _("For how many days what is kept."),
        "calendar-clock",
        is_admin,
    ),
    Section(
        "administration:health",
        _("Health"),
        _("Whether workers, database and disk do their part, and how long jobs wait."),
        "activity",
        is_admin,
    ),
    Section(
        "audit:log",
        _("Log"),
        _("Who opened, shared, deleted or restored what."),
        "history",
        is_admin,
    ),
    Section(
        "admin:index",
        _("All rows"),
        _("The tables of the database, for whoever looks for a cause."),
        "code",
        is_admin,
    ),
)


def sections_for(user: AbstractUser) -> Iterable[Section]:
    return [section for section in SECTIONS if section.may(user)]
