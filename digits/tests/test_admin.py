import pytest

from digits import services
from digits.models import Reading
from digits.tests.readings import a_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading(alice) -> Reading:
    made = a_reading(alice, "314")
    services.look_inside(reading=made, place=0, label=3)
    return made


@pytest.mark.parametrize("name", ["reading", "inside"])
@pytest.mark.parametrize("query", ["", "?q=alice"])
def test_an_admin_finds_everyones_rows_and_teachers_do_not_enter(browse, root, alice, reading, name, query):
    path = f"/admin/digits/{name}/{query}"
    assert browse(root).get(path).context["cl"].result_count == 1
    assert browse(alice).get(path).status_code == 302


def test_readings_are_found_by_what_stands_there(browse, root, reading):
    found = [
        browse(root).get(f"/admin/digits/reading/?q={words}") for words in ("314", reading.pk, "271", "bob")
    ]
    assert [page.context["cl"].result_count for page in found] == [1, 1, 0, 0]


def test_corrected_readings_are_filtered(browse, root, reading):
    services.correct(reading=reading, text="315")
    counts = [
        browse(root).get(f"/admin/digits/reading/?right_text__isempty={is_empty}").context["cl"].result_count
        for is_empty in (0, 1)
    ]
    assert counts == [1, 0]


def test_an_admin_looks_at_a_reading_and_changes_nothing(browse, root, reading):
    page, path = browse(root), f"/admin/digits/reading/{reading.pk}/"
    assert "314" in page.get(f"{path}change/").text
    assert page.post(f"{path}change/", {"right_text": "1"}).status_code == 403
    assert page.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    assert page.get("/admin/digits/reading/add/").status_code == 403
    assert Reading.objects.get().right_text == ""
