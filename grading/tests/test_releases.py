"""Results are given out, seen by their student alone, asked about, and taken back."""

import csv
import io
from datetime import timedelta

import pytest
import zxingcpp
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.grants import Right, grant
from accounts.models import Role
from audit.models import Entry
from conftest import person
from grading import services
from grading.models import Candidate, Exam, Paper, RegradeRequest, Release, ReleasedPaper, ScanPage
from grading.papers.states import set_states
from grading.results import regrade_requests, releases
from grading.tests.classes import NAMES, hand_in
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import filled_in
from grading.tests.read_back import pictures_of, texts_of
from school.models import Student
from trash.services import delete
from web import quotas

CLASS = {"0001": RIGHT, "0002": RIGHT | {1: "4"}, "0003": {}}


@pytest.fixture
def graded(exam) -> Exam:
    """The third paper waits for a person."""
    hand_in(exam, CLASS)
    return exam


@pytest.fixture
def released(graded, alice) -> Release:
    return releases.release_results(exam=graded, by=alice, shows="answers")


@pytest.fixture
def haneul(graded):
    """The first student's account."""
    account = person("haneul", Role.STUDENT)
    Student.objects.filter(name=NAMES["0001"]).update(account=account)
    return account


def link(number: str) -> str:
    return f"/r/{releases.token_of(ReleasedPaper.objects.get(number=number))}/"


def test_what_is_settled_is_given_out_and_what_waits_is_not(call, alice, graded):
    api = call(alice)
    assert api.get(f"/api/exams/{graded.pk}/release/").data["is_released"] is False
    state = api.put(f"/api/exams/{graded.pk}/release/", {"shows": "score", "days": 7}, format="json").data
    assert (state["is_released"], state["shows"], state["papers"], state["waiting"]) == (True, "score", 2, 1)
    services.accept_paper(paper=Paper.objects.get(number="0003"), by=alice)
    state = api.put(f"/api/exams/{graded.pk}/release/", {"shows": "scan"}, format="json").data
    assert (state["shows"], state["papers"], state["waiting"]) == ("scan", 3, 0)
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["shared", "shared"]


def test_an_exam_with_nothing_settled_is_not_given_out(call, alice, exam):
    answer = call(alice).put(f"/api/exams/{exam.pk}/release/", {}, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "No graded paper of a known student is there yet."
    assert not Release.objects.exists()


def test_a_student_sees_as_much_as_was_given_out(browse, alice, graded, released):
    page = browse().get(link("0002"))
    assert page.status_code == 200 and "이바다" in page.text and "A+C" in page.text
    assert "<strong>6</strong> / 7" in page.text
    releases.release_results(exam=graded, by=alice, shows="score")
    page = browse().get(link("0002"))
    assert "<strong>6</strong> / 7" in page.text and "A+C" not in page.text and ".jpg" not in page.text
    releases.release_results(exam=graded, by=alice, shows="scan")
    assert "A+C" in browse().get(link("0002")).text


def test_no_other_student_is_on_the_page(browse, released):
    text = browse().get(link("0002")).text
    assert not [name for number, name in NAMES.items() if number != "0002" and name in text]
    assert not [number for number in NAMES if number != "0002" and f">{number} " in text]


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(browse, released):
    for path in (link("0002"), "/r/no.thing/"):
        answer = browse().get(path)
        assert "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_link_that_was_forged_taken_back_or_is_too_old_leads_nowhere(browse, call, alice, graded, released):
    good = link("0002")
    forged = [good[:-3] + "AA/", f"/r/{ReleasedPaper.objects.get(number='0002').key}/", "/r/a.b.c/"]
    assert {browse().get(path).status_code for path in forged} == {404}
    Release.objects.update(at=timezone.now() - timedelta(days=31))
    assert browse().get(good).status_code == 404
    releases.release_results(exam=graded, by=alice)
    assert browse().get(good).status_code == 200
    assert call(alice).delete(f"/api/exams/{graded.pk}/release/").status_code == 204
    releases.release_results(exam=graded, by=alice)
    assert browse().get(good).status_code == 404
    assert browse().get(link("0002")).status_code == 200


def test_a_link_shows_nothing_once_the_paper_is_another_students(browse, alice, graded, released):
    first = link("0001")
    services.correct_student(paper=Paper.objects.get(number="0001"), number="0004", by=alice)
    assert browse().get(first).status_code == 404


def test_who_is_made_exempt_later_is_told_that_the_score_does_not_count(browse, alice, graded, released):
    set_states(exam=graded, students=graded.candidates.filter(number="0001"), state="exempt", by=alice)
    assert "noted: Exempt. So this score does not count" in browse().get(link("0001")).text
    assert "noted" not in browse().get(link("0002")).text


def test_a_link_leads_nowhere_while_its_exam_is_in_the_trash(browse, alice, graded, released):
    good = link("0001")
    item = delete(rows=[graded], by=alice)
    assert browse().get(good).status_code == 404
    assert item.pk


def test_a_student_sees_her_own_on_her_account_after_the_links_ended(
    browse, alice, charlie, haneul, released
):
    Release.objects.update(at=timezone.now() - timedelta(days=31))
    page = browse(haneul).get("/my-results/")
    assert "Midterm" in page.text and link("0001") in page.text and link("0002") not in page.text
    assert browse(haneul).get(link("0001")).status_code == 200
    assert browse(haneul).get(link("0002")).status_code == 404
    assert browse(charlie).get(link("0001")).status_code == 404
    assert "Midterm" not in browse(charlie).get("/my-results/").text


def test_too_many_visits_are_refused(browse, released, monkeypatch):
    monkeypatch.setattr(quotas, "MOST_VISITS", 3)
    monkeypatch.setattr(quotas.time, "time", lambda: 60_000_000.0)
    answers = [browse().get(path).status_code for path in [link("0001"), "/r/a.b/", "/r/b.c/", link("0001")]]
    assert answers == [200, 404, 404, 429]


def test_a_changed_score_says_what_it_was_to_teacher_and_student(browse, call, alice, graded, released):
    changed = [item | ({"answer": "4"} if item["number"] == 1 else {}) for item in ITEMS]
    call(alice).patch(f"/api/exams/{graded.pk}/", {"items": changed}, format="json")
    assert "it was 6 of 7, and is 7 now" in browse().get(link("0002")).text
    assert "2 scores changed since" in browse(alice).get(f"/exams/{graded.pk}/results/").text
    paper = Paper.objects.get(number="0002")
    assert "the student was told 6, and it is 7 now" in browse(alice).get(paper.get_absolute_url()).text
    state = call(alice).get(f"/api/exams/{graded.pk}/release/").data
    assert [(one["student"], one["told"], one["score"]) for one in state["changed"]] == [
        ("0001", 7, 6),
        ("0002", 6, 7),
    ]
    releases.release_results(exam=graded, by=alice)
    assert "it was 6 of 7" in browse().get(link("0002")).text, "what was told once stays told"


def test_links_come_as_a_table_for_the_owner_alone(browse, call, alice, bob, graded, released):
    table = call(alice).get(f"/api/exams/{graded.pk}/links.csv").getvalue().decode("utf-8-sig")
    header, first, second = csv.reader(io.StringIO(table))
    assert header == ["Number", "Name", "Class", "Link"]
    assert first[:3] == ["0001", NAMES["0001"], "3-1"] and first[3] == f"http://testserver{link('0001')}"
    assert browse().get(second[3].removeprefix("http://testserver")).status_code == 200
    grant(row=graded, by=alice, who="bob", right=Right.MARK)
    assert call(bob).get(f"/api/exams/{graded.pk}/links.csv").status_code == 404
    assert link("0001") not in browse(bob).get(f"/exams/{graded.pk}/release/").text
    assert link("0001") in browse(alice).get(f"/exams/{graded.pk}/release/").text


def test_a_student_asks_and_the_teacher_corrects_and_answers(browse, alice, graded, released):
    browse().post(f"{link('0002')}ask/", {"item": "1", "text": " I marked\n3. "})
    asked = RegradeRequest.objects.get()
    assert (asked.text, asked.item.number, asked.state) == ("I marked 3.", 1, "open")
    assert "I marked 3." in browse().get(link("0002")).text
    page = browse(alice).get(f"/exams/{graded.pk}/requests/").text
    assert "I marked 3." in page and 'value="4"' in page
    assert "1 student asks" in browse(alice).get(f"/exams/{graded.pk}/results/").text
    reply = {"value": "3", "reply": "You are right."}
    browse(alice).post(f"/exams/{graded.pk}/requests/{asked.pk}/", reply)
    page = browse().get(link("0002")).text
    assert "You are right." in page and "it was 6 of 7, and is 7 now" in page
    asked.refresh_from_db()
    assert (asked.old_score, asked.new_score, asked.answered_by) == (6, 7, alice)


def test_the_same_by_api(call, alice, bob, graded, released):
    token = releases.token_of(ReleasedPaper.objects.get(number="0002"))
    result = call().get(f"/api/shared-results/{token}/")
    assert (result.data["score"], result.data["answers"][0]["sign"]) == (6, "×")
    assert "no-store" in result["Cache-Control"]
    path = f"/api/shared-results/{token}/requests/"
    assert call().post(path, {"text": "Please look again."}, format="json").status_code == 201
    assert call().post(path, {"text": "x", "item": 99}, format="json").status_code == 400
    [asked] = call(alice).get(f"/api/exams/{graded.pk}/regrade-requests/").data["results"]
    assert (asked["student"], asked["item"], asked["state"]) == ("0002", None, "open")
    answer = {"reply": "It stays."}
    assert call(bob).patch(f"/api/regrade-requests/{asked['id']}/", answer, format="json").status_code == 404
    assert call().patch(f"/api/regrade-requests/{asked['id']}/", answer, format="json").status_code == 401
    done = call(alice).patch(f"/api/regrade-requests/{asked['id']}/", answer, format="json").data
    assert (done["state"], done["reply"]) == ("answered", "It stays.")
    again = call(alice).patch(f"/api/regrade-requests/{asked['id']}/", answer, format="json")
    assert again.status_code == 400 and "answered this already" in again.json()["errors"][0]["detail"]


def test_one_paper_is_asked_about_a_few_times_a_day(released, english):
    row = ReleasedPaper.objects.get(number="0001")
    for place in range(regrade_requests.MOST_OPEN):
        regrade_requests.ask(released=row, text=f"Number {place}")
    with pytest.raises(ValidationError, match="Wait for the answers"):
        regrade_requests.ask(released=row, text="And this")
    with pytest.raises(ValidationError, match="Write in a sentence"):
        regrade_requests.ask(released=ReleasedPaper.objects.get(number="0002"), text=" \n\x00 ")


def test_an_impossible_correction_answers_nothing(alice, released, english):
    asked = regrade_requests.ask(released=ReleasedPaper.objects.get(number="0001"), text="Why?", number=1)
    with pytest.raises(ValidationError, match="cannot be answered"):
        regrade_requests.answer(request=asked, by=alice, reply="So it is.", value="9")
    asked.refresh_from_db()
    assert asked.is_open


def test_a_student_account_has_its_results_by_api(call, haneul, released):
    [own] = call(haneul).get("/api/my-results/").data["results"]
    assert (own["exam"], own["score"]) == ("Midterm", 7)
    assert call().get(f"/api/shared-results/{own['token']}/").status_code == 200


def test_the_scan_is_shown_where_it_was_given_out_alone(browse, exam, upload, alice):
    hand_in(exam, {})
    assert browse().get("/r/a.b/1.jpg").status_code == 404
    upload(filled_in(exam, "0001", RIGHT))
    releases.release_results(exam=exam, by=alice, shows="scan")
    page = link("0001")
    assert f"{page}1.jpg" in browse().get(page).text
    picture = browse().get(f"{page}1.jpg")
    assert picture.content.startswith(b"\xff\xd8") and "no-store" in picture["Cache-Control"]
    marked = browse().get(f"{page}paper.pdf")
    assert marked.getvalue().startswith(b"%PDF") and "no-store" in marked["Cache-Control"]
    assert browse().get(f"{page}2.jpg").status_code == 404
    parts = ("1.jpg", "paper.pdf")
    ScanPage.objects.update(placed="not")  # a picture as it came, on which a neighbour's sheet may lie
    assert {browse().get(f"{page}{part}").status_code for part in parts} == {404}
    ScanPage.objects.update(placed="print")
    releases.release_results(exam=exam, by=alice, shows="answers")
    assert {browse().get(f"{page}{part}").status_code for part in parts} == {404}


def test_a_question_stays_with_a_paper_that_another_completes(alice, graded, released):
    regrade_requests.ask(released=ReleasedPaper.objects.get(number="0002"), text="Why?")
    other = Paper.objects.create(exam=graded, number="0009")
    paper = services.correct_student(paper=Paper.objects.get(number="0002"), number="0009", by=alice)
    assert paper == other and paper.regrade_requests.get().text == "Why?"


def test_the_link_is_a_square_code_on_the_report_of_a_student(call, alice, bob, graded, released):
    path = f"/api/exams/{graded.pk}/report.pdf?student=0002"
    assert codes_on(call(alice).get(path)) == [f"http://testserver{link('0002')}"]
    grant(row=graded, by=alice, who="bob", right=Right.MARK)
    assert codes_on(call(bob).get(path)) == [], "who may not give out gets no links"
    releases.take_back(exam=graded, by=alice)
    assert codes_on(call(alice).get(path)) == []


def codes_on(answer) -> list[str]:
    [picture] = pictures_of(answer.getvalue(), 150)
    return [found.text for found in zxingcpp.read_barcodes(picture) if found.text.startswith("http")]


def test_a_paper_in_the_trash_leads_nowhere_and_is_on_no_list(browse, call, alice, graded, released):
    regrade_requests.ask(released=ReleasedPaper.objects.get(number="0002"), text="Why?")
    gone = link("0002")
    delete(rows=[Paper.objects.get(number="0002")], by=alice)
    assert browse().get(gone).status_code == 404
    assert gone not in browse(alice).get(f"/exams/{graded.pk}/release/").text
    assert "Why?" not in browse(alice).get(f"/exams/{graded.pk}/requests/").text
    assert releases.news_of(graded) == {"changed": 0, "requests": 0}
    content = call(alice).get(f"/api/exams/{graded.pk}/overlay.pdf").getvalue()
    assert not [text for text in texts_of(content) if "0002" in text]
    assert len(texts_of(content)) == 2


def test_who_is_exempt_is_told_no_score(alice, graded):
    Candidate.objects.filter(number="0002").update(state="exempt")
    given = releases.release_results(exam=graded, by=alice)
    assert [one.number for one in given.papers.all()] == ["0001"]


def test_a_paper_that_is_another_students_now_is_given_out_to_her_without_what_the_first_asked(
    browse, call, alice, graded, released
):
    first = ReleasedPaper.objects.get(number="0002")
    regrade_requests.ask(released=first, text="Is this mine?")
    services.correct_student(paper=first.paper, number="0004", by=alice)
    assert releases.news_of(graded)["requests"] == 0
    assert "Is this mine?" not in browse(alice).get(f"/exams/{graded.pk}/requests/").text
    state = call(alice).get(f"/api/exams/{graded.pk}/release/").data
    assert state["waiting"] == 2
    releases.release_results(exam=graded, by=alice)
    assert not ReleasedPaper.objects.filter(number="0002").exists()
    text = browse().get(link("0004")).text
    assert NAMES["0004"] in text and "Is this mine?" not in text
    for place in range(regrade_requests.MOST_OPEN):
        regrade_requests.ask(released=ReleasedPaper.objects.get(number="0004"), text=f"Number {place}")
    assert releases.news_of(graded)["requests"] == regrade_requests.MOST_OPEN


def test_an_answer_to_a_student_undoes_nothing_that_a_colleague_corrected_meanwhile(
    browse, alice, bob, graded, released
):
    grant(row=graded, who="bob", right=Right.MARK, by=alice)
    paper = Paper.objects.get(number="0002")
    paths = [
        f"/exams/{graded.pk}/requests/{asked.pk}/"
        for asked in (
            regrade_requests.ask(released=ReleasedPaper.objects.get(number="0002"), text="Why?", number=1)
            for _place in range(2)
        )
    ]
    services.correct_answer(paper=paper, number=1, value="3", by=bob)
    browse(alice).post(paths[0], {"value": "4", "was": "4", "reply": "Seen."})
    assert paper.answers.get(item__number=1).value == "3"
    said = browse(alice).post(paths[1], {"value": "5", "was": "4", "reply": "It is 5."}, follow=True)
    assert "bob has put “3” here meanwhile." in said.text
    assert paper.answers.get(item__number=1).value == "3"
    assert [one.is_open for one in paper.regrade_requests.order_by("pk")] == [False, True]
