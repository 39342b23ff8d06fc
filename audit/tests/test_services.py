from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from audit.models import Entry, Verb
from audit.services import forget, record


@pytest.fixture
def thing(db) -> Group:
    return Group.objects.create(name="pets")


def test_an_entry_names_who_did_what_to_whose_thing(alice, root, thing):
    entry = record(actor=root, verb=Verb.OPENED, row=thing, owner=alice, page="results")
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name, entry.verb, entry.owner) == (root, "root", "opened", alice)
    assert (entry.app_label, entry.model, entry.object_pk) == ("auth", "group", str(thing.pk))
    assert (entry.object_name, entry.details) == ("pets", {"page": "results"})


def test_an_entry_outlives_its_person_and_its_thing(alice, root, thing):
    record(actor=root, verb=Verb.DELETED, row=thing, owner=alice)
    for row in (thing, alice, root):
        row.delete()
    entry = Entry.objects.get()
    assert (entry.actor, entry.actor_name, entry.owner, entry.object_name) == (None, "root", None, "pets")


def test_the_log_is_only_added_to(alice):
    entry = record(actor=alice, verb=Verb.CHANGED, row=alice, owner=alice)
    for change in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(verb=Verb.OPENED),
        lambda: Entry.objects.bulk_update([entry], ["verb"]),
    ):
        with pytest.raises(NotImplementedError):
            change()
    assert Entry.objects.get().verb == "changed"


def test_what_is_older_than_the_site_keeps_is_forgotten(alice):
    old, young = (record(actor=alice, verb=Verb.CHANGED, row=alice) for _ in range(2))
    Entry._base_manager.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=731))
    assert forget(before=timezone.now() - timedelta(days=730)) == 1
    assert Entry.objects.get() == young
