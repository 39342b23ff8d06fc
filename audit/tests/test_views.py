import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from audit.models import Entry, Verb
from audit.services import record


@pytest.fixture
def entries(alice, bob, root):
    thing = Group.objects.create(name="pets")
    record(actor=alice, verb=Verb.DELETED, row=thing, owner=alice)
    record(actor=root, verb=Verb.OPENED, row=thing, owner=bob, name="Midterm")


def shown(client, query: str = "", page: str = "/settings/log/") -> tuple[bool, bool]:
    """Whether the first and the second entry are."""
    text = client.get(f"{page}?{query}").content.decode()
    return "pets" in text, "Midterm" in text


def test_an_admin_finds_entries_by_person_verb_kind_and_day(entries, browse, root):
    page, today = browse(root), timezone.localdate()
    assert shown(page) == (True, True)
    assert shown(page, "who=alice") == (True, False)
    assert shown(page, "who=bob") == (False, True)
    assert shown(page, "verb=opened") == (False, True)
    assert shown(page, "kind=grading.exam") == (False, False)
    assert shown(page, f"first={today}&last={today}") == (True, True)
    assert shown(page, f"last={today.replace(year=today.year - 1)}") == (False, False)
    assert shown(page, "verb=nonsense&first=yesterday") == (True, True)


def test_a_person_sees_what_was_done_to_their_own_things(entries, browse, alice, bob):
    assert shown(browse(alice), page="/account/log/") == (True, False)
    assert shown(browse(bob), page="/account/log/") == (False, True)


def test_a_long_log_takes_three_queries_a_page(entries, browse, root, django_assert_max_num_queries):
    Entry.objects.bulk_create(
        Entry(
            actor=root, actor_name="root", verb="changed", app_label="auth", model="group", object_pk=str(at)
        )
        for at in range(10_000)
    )
    client = browse(root)
    client.get("/account/")  # notes that root was here
    with django_assert_max_num_queries(6):
        assert "1 / 201" in client.get("/settings/log/").content.decode()
