"""The list of exams: renamed in place, archived, searched, sorted."""

import pytest
from django.urls import reverse

from accounts.grants import Right, grant
from audit.models import Entry
from grading import services
from grading.models import Exam, Paper

LIST = "/exams/"


@pytest.fixture
def exams(alice) -> dict[str, Exam]:
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    made = {
        title: services.create_exam(owner=alice, title=title, language="en", items=items)
        for title in ("Beta", "alpha 1", "Gamma 1")
    }
    Paper.objects.create(exam=made["Beta"], status="graded")
    Paper.objects.create(exam=made["Gamma 1"], status="review")
    return made


def titles(answer) -> list[str]:
    return [exam.title for exam in answer.context["page"].object_list]


def api_titles(api, **query) -> list[str]:
    return [row["title"] for row in api.get("/api/exams/", query).json()["results"]]


def test_it_is_searched_filtered_and_sorted(exams, browse, alice):
    page = browse(alice)
    assert titles(page.get(LIST)) == ["Gamma 1", "alpha 1", "Beta"]
    assert titles(page.get(LIST, {"search": "1", "sort": "created_at"})) == ["alpha 1", "Gamma 1"]
    assert titles(page.get(LIST, {"sort": "title"})) == ["alpha 1", "Beta", "Gamma 1"]
    assert titles(page.get(LIST, {"sort": "state"})) == ["Gamma 1", "alpha 1", "Beta"]
    assert titles(page.get(LIST, {"show": "review"})) == ["Gamma 1"]
    assert titles(page.get(LIST, {"sort": "nonsense", "show": "else"})) == ["Gamma 1", "alpha 1", "Beta"]
    assert "Nothing fits this filter." in page.get(LIST, {"search": "zz"}).content.decode()


def test_a_title_is_changed_in_place_and_the_list_stays_as_it_was(exams, browse, alice):
    page = browse(alice)
    url = reverse("grading:rename", args=[exams["Beta"].pk]) + "?search=b&sort=title"
    answer = page.post(url, {"title": "  Bravo "})
    assert answer.url == "/exams/?search=b&sort=title"
    assert Exam.objects.filter(title="Bravo").exists()
    assert Entry.objects.get(verb="changed").details == {"old": "Beta", "new": "Bravo"}
    answer = page.post(url, {"title": " "}, follow=True)
    assert Exam.objects.filter(title="Bravo").exists() and "cannot be blank" in answer.content.decode()


def test_archived_ones_leave_the_list_are_found_and_come_back(exams, browse, alice):
    page, pk = browse(alice), exams["Beta"].pk
    answer = page.post(reverse("grading:archive", args=[pk]), follow=True)
    assert titles(answer) == ["Gamma 1", "alpha 1"]
    assert titles(page.get(LIST, {"show": "archived"})) == ["Beta"]
    assert titles(page.get(LIST, {"show": "all", "sort": "state"}))[-1] == "Beta"
    assert "Beta" in page.get("/search/", {"q": "beta"}).content.decode()
    assert "takes no new scans" in page.get(f"/exams/{pk}/").content.decode()
    assert 'type="file"' not in page.get(f"/exams/{pk}/scans/").content.decode()
    page.post(reverse("grading:unarchive", args=[pk]), {"on": "exam"})
    assert titles(page.get(LIST)) == ["Gamma 1", "alpha 1", "Beta"]
    assert list(Entry.objects.order_by("pk").values_list("details", flat=True)) == [
        {"is_archived": True},
        {"is_archived": False},
    ]


def test_programs_do_the_same(exams, call, alice, bob):
    api, url = call(alice), f"/api/exams/{exams['Beta'].pk}/"
    assert api.patch(url, {"is_archived": True}, format="json").json()["is_archived"] is True
    assert api_titles(api) == ["Gamma 1", "alpha 1"]
    assert api_titles(api, is_archived="true") == ["Beta"] and len(api_titles(api, is_archived="all")) == 3
    assert api_titles(api, search="GAM") == ["Gamma 1"]
    assert api_titles(api, ordering="state", is_archived="all") == ["Gamma 1", "alpha 1", "Beta"]
    assert api.get("/api/exams/", {"is_archived": "maybe"}).status_code == 400
    assert api.patch(url, {"is_archived": False, "title": "Bravo"}, format="json").json()["title"] == "Bravo"
    assert api_titles(api, ordering="title", search="r") == ["Bravo"]
    assert call(bob).patch(url, {"is_archived": True}, format="json").status_code == 404
    grant(row=exams["Beta"], who="bob", right=Right.MARK, by=alice)
    assert call(bob).patch(url, {"is_archived": True}, format="json").status_code == 404
    grant(row=exams["Beta"], who="bob", right=Right.OWN, by=alice)
    assert call(bob).patch(url, {"is_archived": True}, format="json").status_code == 200


def test_only_who_may_change_an_exam_is_offered_that(exams, browse, alice, bob):
    grant(row=exams["Beta"], who="bob", right=Right.MARK, by=alice)
    url = reverse("grading:rename", args=[exams["Beta"].pk])
    assert url not in browse(bob).get(LIST).content.decode()
    assert browse(bob).post(url, {"title": "Mine"}).status_code == 404
    assert url in browse(alice).get(LIST).content.decode()


def test_five_hundred_exams_take_few_queries(browse, call, alice, django_assert_max_num_queries):
    Exam.objects.bulk_create(Exam(owner=alice, title=f"Exam {at}", code=f"{at:08}") for at in range(500))
    page, api = browse(alice), call(alice)
    with django_assert_max_num_queries(10):
        page.get(LIST, {"sort": "state", "show": "all"})
    with django_assert_max_num_queries(10):
        api.get("/api/exams/", {"page_size": 200})
