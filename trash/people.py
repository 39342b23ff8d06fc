"""Deleting a person: signed out at once, hidden with all that is theirs, and gone with it when their time is over.

By an administrator, who can have them back, or by themselves.
"""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import FileField, Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import OneTimeCode, User
from accounts.services import require_another_admin
from audit.models import Verb
from trash import services
from trash.kinds import KINDS, Kind, register
from trash.models import PERSON, Item, Trashable, trashable_models
from web.files import remove_on_commit


@transaction.atomic
def delete_person(*, person: User, by: User) -> Item:
    """Nobody sees them or their things any more, and their programs are out, too.

    Raises ValidationError where nobody would be left to administer the site, or they are gone already.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.deleted_at is not None:
        raise ValidationError(_("This person was deleted already."))
    require_another_admin(person)
    name = person.get_full_name() or person.username
    item = Item.objects.create(kind=PERSON, name=name, owner=person, by=by, was_active=person.is_active)
    Item.objects.filter(owner=person, within=None).exclude(pk=item.pk).update(within=item)
    for kind in KINDS.values():
        kind.handed_over(person)
    for model in owned_models():
        model.hide(model.with_trashed.filter(owner=person), item)
    person.tokens.all().delete()
    OneTimeCode.objects.filter(user=person).delete()
    person.deleted_at, person.is_active = timezone.now(), False
    person.save(update_fields=["deleted_at", "is_active"])
    services.note(Verb.DELETED, item, [person], by)
    return item


def owned_models() -> list[type[Trashable]]:
    return [model for model in trashable_models() if "owner" in {field.name for field in model._meta.fields}]


def let_back_in(item: Item, people: list[User]) -> None:
    item.owner.deleted_at, item.owner.is_active = None, item.was_active
    item.owner.save(update_fields=["deleted_at", "is_active"])


def purge_person(person: User) -> None:
    """The rows of each kind with their files; then what refers to the person goes with them.

    Exams before the classes that they refuse to lose, albums before their pictures: the later registered first.
    """
    for kind in reversed(KINDS.values()):
        if kind.model in owned_models():
            for row in kind.model._base_manager.filter(owner=person).iterator(chunk_size=100):
                kind.purge(row)
    for table, field in files_of_owners():  # of what is no kind: exports, weights that nobody has looked at
        remove_on_commit(getattr(row, field) for row in table._base_manager.filter(owner=person).only(field))
    person.delete()


def files_of_owners() -> list[tuple[type[Model], str]]:
    """Tables whose rows have an owner and a file."""
    fields = [(table, field) for table in apps.get_models() for field in table._meta.fields]
    has_owner = {table for table, field in fields if field.name == "owner"}
    return [
        (table, field.name) for table, field in fields if table in has_owner and isinstance(field, FileField)
    ]


register(
    Kind(
        model=User,
        title=gettext_lazy("Person"),
        icon="circle-user-round",
        name=lambda person: person.get_full_name() or person.username,
        owner=lambda person: person,
        rows=lambda item: [item.owner],
        restored=let_back_in,
        purge=purge_person,
        url=lambda person: reverse("trash:trash"),
    )
)
