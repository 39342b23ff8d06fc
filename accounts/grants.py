"""Things that colleagues share: who may see, work in, or do everything with a row that is somebody else's.

Links under which anybody sees a row are accounts.sharing's. A model that can be shared has a `Grant` of its own, so
that grants go with their rows.
"""

from datetime import timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.permissions import SAFE_METHODS

from accounts.models import AnyUser, User
from accounts.sharing import OwnQuerySet
from audit.models import Entry, Verb
from audit.services import record

NOTED_EVERY = timedelta(hours=1)  # that an admin looks at somebody's thing


class Right(models.TextChoices):
    """Each includes those before."""

    VIEW = "view", gettext_lazy("May see it")
    MARK = "mark", gettext_lazy("May work in it")
    OWN = "own", gettext_lazy("May do everything")


RANKED = list(Right)


def at_least(right: Right) -> list[Right]:
    return RANKED[RANKED.index(right) :]


def right_for(request: Any, right: Right) -> Right:
    """What a request needs: to look, or this."""
    return Right.VIEW if request.method in SAFE_METHODS else right


class Grant(models.Model):
    """Concrete ones add `row`, with the related name `grants`."""

    row: Any
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    right = models.CharField(max_length=10, choices=Right.choices, default=Right.VIEW)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint("row", "user", name="%(app_label)s_%(class)s_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user} {self.right} {self.row}"


class GrantedQuerySet(OwnQuerySet):
    """Of a model with grants."""

    def for_user(self, user: AnyUser, right: Right = Right.OWN) -> Self:
        """Their own, and what others let them do at least this with."""
        model: Any = self.model
        grants = model.grants.rel.related_model.objects.filter(user=user, right__in=at_least(right))
        return self.filter(Q(owner=user) | Q(pk__in=grants.values("row")))


class GrantedPartQuerySet(OwnQuerySet):
    """Rows that belong to somebody by another one: `path_to_owner` leads through that, whose grants hold for them."""

    def for_user(self, user: AnyUser, right: Right = Right.OWN) -> Self:
        path = self.path_to_owner.rpartition("__")[0]
        model: Any = self.model
        for name in path.split("__"):
            model = model._meta.get_field(name).related_model
        return self.filter(**{f"{path}__in": model.objects.for_user(user, right)})


class Owned(models.Model):
    """A row with an owner; what else whoever it was found for may do with it."""

    objects: Any
    owner: Any
    owner_id: int
    right: Right | None = Right.OWN  # None: it is only used, say by all of the site

    class Meta:
        abstract = True

    @property
    def may_view(self) -> bool:
        return self.right is not None

    @property
    def may_mark(self) -> bool:
        return self.right in at_least(Right.MARK)

    @property
    def may_own(self) -> bool:
        return self.right == Right.OWN

    def granted(self, user: User) -> Right | None:
        """What others gave them."""
        return None


class Granted(Owned):
    """A row that can be shared with others of the site."""

    FOR_TEACHERS = False  # whether others can do nothing with it

    grants: Any

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """Names its model in addresses."""
        return self._meta.label_lower

    def granted(self, user: User) -> Right | None:
        grant = self.grants.filter(user=user).first()
        return Right(grant.right) if grant else None


Row = TypeVar("Row", bound=Owned)


def find_permitted(rows: models.QuerySet[Row], user: User, right: Right = Right.VIEW, **which: Any) -> Row:
    """The row that these name if `user` may do this with it; it says what else they may. Raises Http404.

    Admins may see everybody's things, which the log tells.
    """
    found = first_of(rows, **which)
    let_in(found, user, right)
    return found


def first_of(rows: models.QuerySet[Any], **which: Any) -> Any:
    """Raises Http404 where there is none, or what names it can be no key."""
    try:
        found = rows.filter(**which).first()
    except (ValueError, OverflowError, ValidationError) as no_key:
        raise Http404 from no_key
    if found is None:
        raise Http404
    return found


def let_in(row: Owned, user: User, right: Right) -> None:
    """Raises Http404 where they may not do this with it."""
    row.right = right_of(row, user)
    if row.right is None or row.right not in at_least(right):
        raise Http404
    if user.is_staff and row.owner_id != user.pk:
        note_opened(row, user)


def right_of(row: Owned, user: User) -> Right | None:
    """None: none at all."""
    if row.owner_id == user.pk:
        return Right.OWN
    return row.granted(user) or (Right.VIEW if user.is_staff else None)


def note_opened(row: Owned, user: User) -> None:
    """Not each picture of a page: once an hour."""
    kind = {"app_label": row._meta.app_label, "model": row._meta.model_name, "object_pk": str(row.pk)}
    since = timezone.now() - NOTED_EVERY
    if not Entry.objects.filter(actor=user, verb=Verb.OPENED, at__gt=since, **kind).exists():
        record(actor=user, verb=Verb.OPENED, row=row)


@transaction.atomic
def grant(*, row: Granted, who: str, right: Right, by: User) -> User:
    """To the person of that username or mail address, in place of what they had before. Raises ValidationError."""
    person = person_named(who)
    if person is None:
        raise ValidationError(_("Nobody here has the name or address “%(who)s”.") % {"who": who})
    if person.pk == row.owner_id:
        raise ValidationError(_("It is theirs already."))
    if row.FOR_TEACHERS and not person.is_teacher:
        raise ValidationError(_("%(who)s is no teacher, and could not open it.") % {"who": who})
    row.grants.update_or_create(user=person, defaults={"right": right})
    record(actor=by, verb=Verb.SHARED, row=row, to=person.username, right=right)
    return person


def person_named(who: str) -> User | None:
    """Who can sign in, and is the only one of that address."""
    named = Q(username=who) | Q(email__iexact=who) if "@" in who else Q(username=who)
    found = User.objects.active().filter(named)[:2]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def revoke(*, row: Granted, user: User, by: User) -> None:
    if row.grants.filter(user=user).delete()[0]:
        record(actor=by, verb=Verb.UNSHARED, row=row, to=user.username)
