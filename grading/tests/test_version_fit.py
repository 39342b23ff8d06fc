"""A paper that says another version than the one that was sat comes to a person, with the suggestion."""

import random

import pytest

from grading import services
from grading.models import Paper
from grading.papers.version_fit import better_version, judge
from grading.tests.drawing import filled_in

KEYS = {1: "3152431524", 2: "1345213452"}  # alike nowhere
ITEMS = [
    {"number": number, "kind": "choice", "answer": one, "answers": [one, two]}
    for number, (one, two) in enumerate(zip(KEYS[1], KEYS[2], strict=True), start=1)
]


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def two(alice):
    return services.create_exam(owner=alice, title="Two", language="en", id_digits=4, versions=2, items=ITEMS)


def says(version: int, wrong: int = 0) -> dict[int, str]:
    """The right answers of a version, but for the first so many."""
    return {number: "2" if number <= wrong else KEYS[version][number - 1] for number in range(1, 11)}


@pytest.fixture
def handed_in(two, upload):
    """The second is marked as version 1, but was answered as version 2; the third is only weak."""
    upload(
        filled_in(two, "0001", says(1)),
        filled_in(two, "0002", says(2, wrong=1)),
        filled_in(two, "0003", says(1, wrong=7)),
        to=two,
    )
    return two


def told(exam) -> dict[str, tuple]:
    return {one.number: (one.version, float(one.score), one.suggested_version) for one in exam.papers.all()}


def test_a_paper_by_the_wrong_key_is_in_review_and_stays_as_it_is(page, handed_in):
    assert told(handed_in) == {"0001": (1, 10, None), "0002": (1, 0, 2), "0003": (1, 4, None)}
    assert handed_in.papers.get(number="0002").reasons == ["other_version"]
    shown = page.get(f"/exams/{handed_in.pk}/review/").text
    assert "Its answers fit the key of another version far better." in shown
    assert "Score it as version 2" in shown


def test_one_press_scores_it_as_the_other_version(page, handed_in):
    paper = handed_in.papers.get(number="0002")
    sent = {"version": "2", "next": "review"}
    assert page.post(f"/exams/{handed_in.pk}/papers/{paper.pk}/version/", sent).status_code == 302
    assert told(handed_in)["0002"] == (2, 9, None)
    paper.refresh_from_db()
    assert (paper.status, paper.reasons) == ("graded", [])
    log = paper.corrections.get()
    assert (log.field, log.old, log.new, log.by.username) == ("version", "1", "2", "alice")
    page.post(f"/exams/{handed_in.pk}/papers/{paper.pk}/version/", {"version": "9"})
    assert told(handed_in)["0002"] == (2, 9, None)


def test_it_can_be_right_as_it_is(handed_in, alice):
    services.accept_paper(paper=handed_in.papers.get(number="0002"), by=alice)
    assert handed_in.papers.get(number="0002").status == "graded"
    services.regrade(exam=handed_in)
    assert handed_in.papers.get(number="0002").status == "graded"


def test_another_key_may_settle_it(handed_in):
    items = [{"number": item["number"], "answer": item["answers"][1], "answers": []} for item in ITEMS]
    services.update_exam(exam=handed_in, items=items)
    assert told(handed_in)["0002"] == (1, 9, None)


def test_a_program_says_the_version(call, alice, bob, handed_in):
    paper = Paper.objects.get(number="0002")
    path = f"/api/papers/{paper.pk}/"
    api = call(alice)
    assert api.get(path).data["suggested_version"] == 2
    assert call(bob).patch(path, {"version": 2}, format="json").status_code == 404
    answer = api.patch(path, {"version": 2}, format="json").data
    assert (answer["version"], answer["score"], answer["suggested_version"]) == (2, 9, None)
    assert api.patch(path, {"version": 3}, format="json").status_code == 400


def test_who_guesses_is_hardly_ever_taken_for_another_version(two):
    worth, pupil = judge(two.items.all()), random.Random(1)
    keys = [item.pk for item in two.items.all()]
    found = [
        better_version([(key, pupil.choice("12345")) for key in keys], 1, 2, worth)
        for _student in range(1000)
    ]
    assert sum(version is not None for version in found) <= 10


def test_a_version_without_a_key_yet_fits_nobody(two):
    items = [{"number": item["number"], "answer": "", "answers": ["", item["answers"][1]]} for item in ITEMS]
    exam = services.update_exam(exam=two, items=items)
    said = [(item.pk, says(2)[item.number]) for item in exam.items.all()]
    assert better_version(said, 1, 2, judge(exam.items.all())) is None
