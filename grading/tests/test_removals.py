"""Papers and scans that are taken out of an exam, and come back."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from accounts.grants import Right, grant
from audit.models import Entry
from grading import removals, services
from grading.models import Answer, Exam, Paper, Scan, ScanPage
from grading.presentation import counts_of
from grading.results.item_analysis import item_analysis
from grading.tests.drawing import filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, LONG, values
from school.roster.rows import RosterRow
from trash import services as trash
from trash.models import Item

ALL = dict.fromkeys(range(1, 101), "1")


@pytest.fixture
def quiz(alice) -> Exam:
    exam = services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)
    services.replace_roster(exam=exam, rows=[RosterRow("0041", "Kim"), RosterRow("0042", "Lee")])
    return exam


@pytest.fixture
def long(alice) -> Exam:
    return services.create_exam(owner=alice, title="Long", language="en", id_digits=4, items=LONG)


def sheet(exam: Exam, number: str = "0042", page: int = 1, given: dict[int, str] | None = None):
    return filled_in(exam, number, ALL if given is None else given, page=page)


def missing(api, exam: Exam) -> list[str]:
    rows = api.get(f"/api/exams/{exam.pk}/results.json").json()
    return [row["student"] for row in rows if row["status"] == "absent"]


def state_of(exam: Exam) -> list[tuple]:
    rows = exam.papers.order_by("pk").prefetch_related("answers__item")
    return [(paper.pk, paper.number, paper.score, paper.reasons, values(paper)) for paper in rows]


def test_a_paper_leaves_results_statistics_and_counts_at_once_and_comes_back(quiz, upload, call, alice):
    upload(sheet(quiz, "0041", given=GIVEN), sheet(quiz, given=GIVEN), to=quiz)
    api, before = call(alice), state_of(quiz)
    paper = quiz.papers.get(number="0042")
    assert api.delete(f"/api/papers/{paper.pk}/").status_code == 204
    assert api.get(f"/api/papers/{paper.pk}/").status_code == 404
    assert missing(api, quiz) == ["0042"]
    assert item_analysis(quiz)["papers"] == 1 and counts_of(quiz)["papers"] == 1
    assert Answer.objects.filter(paper__exam=quiz).count() == 3
    assert api.post(f"/api/papers/{paper.pk}/restore/").status_code == 204
    assert (state_of(quiz), missing(api, quiz)) == (before, [])
    assert api.post(f"/api/papers/{paper.pk}/restore/").status_code == 404  # it is there


def test_who_removed_and_restored_stands_in_the_log(quiz, upload, alice):
    scan = upload(sheet(quiz, given=GIVEN), to=quiz)
    trash.restore(item=removals.remove_paper(paper=quiz.papers.get(), by=alice), by=alice)
    trash.restore(item=removals.remove_scan(scan=scan, by=alice), by=alice)
    lines = Entry.objects.order_by("pk").values_list("verb", "model", "object_name", "actor_name")
    assert list(lines)[-4:] == [
        ("deleted", "paper", "0042 Lee · Quiz", "alice"),
        ("restored", "paper", "0042 Lee · Quiz", "alice"),
        ("deleted", "scan", "class.pdf", "alice"),
        ("restored", "scan", "class.pdf", "alice"),
    ]


def test_a_namesake_is_no_twin_any_more_once_the_other_is_gone(quiz, upload, alice):
    upload(sheet(quiz, given=GIVEN), sheet(quiz, given={1: "2", 2: "3", 3: "4"}), to=quiz)
    first, second = quiz.papers.order_by("pk")
    assert first.reasons == ["duplicate_student"]
    item = removals.remove_paper(paper=second, by=alice)
    first.refresh_from_db()
    assert (first.reasons, first.status) == ([], "graded")
    trash.restore(item=item, by=alice)
    assert {tuple(paper.reasons) for paper in quiz.papers.all()} == {("duplicate_student",)}


def test_a_scan_takes_its_papers_along_but_not_those_with_pages_of_another(long, upload, alice):
    first = upload(sheet(long, "0041"), sheet(long), to=long)
    upload(sheet(long, page=2), to=long)
    before = state_of(long)
    item = removals.remove_scan(scan=first, by=alice)
    paper = long.papers.get()
    assert (paper.number, paper.reasons) == ("0042", ["missing_page"])
    assert set(values(paper)) == {number for number in ALL if number not in before[0][4]}
    assert paper.score == paper.answers.count() == paper.told_score
    trash.restore(item=item, by=alice)
    assert state_of(long) == before


def test_a_page_whose_place_was_taken_meanwhile_comes_back_in_a_paper_of_its_own(long, upload, alice):
    upload(sheet(long, page=2), to=long)
    first = upload(sheet(long), to=long)
    item = removals.remove_scan(scan=first, by=alice)
    upload(sheet(long, given={**ALL, 1: "3"}), to=long)
    trash.restore(item=item, by=alice)
    assert long.papers.count() == 2 and ScanPage.objects.filed().count() == 3
    assert all("duplicate_student" in paper.reasons for paper in long.papers.all())


def test_what_came_back_is_scored_by_the_key_as_it_is_now(quiz, upload, alice):
    upload(sheet(quiz, given=GIVEN), to=quiz)
    item = removals.remove_paper(paper=quiz.papers.get(), by=alice)
    services.update_exam(exam=quiz, items=[one | {"answer": "2", "points": 5} for one in CHOICES])
    trash.restore(item=item, by=alice)
    paper = quiz.papers.get()
    assert (paper.score, paper.max_score) == (5, 15)


def test_sheets_whose_papers_lie_in_the_trash_still_fix_what_is_printed(quiz, upload, alice, english):
    upload(sheet(quiz, given=GIVEN), to=quiz)
    removals.remove_paper(paper=quiz.papers.get(), by=alice)
    with pytest.raises(ValidationError) as refused:
        services.update_exam(exam=quiz, items=CHOICES[:2])
    assert "trash" in refused.value.messages[0]


def test_one_that_was_removed_before_its_scan_comes_back_after_it(quiz, upload, alice):
    scan = upload(sheet(quiz, "0041", given=GIVEN), sheet(quiz, given=GIVEN), to=quiz)
    before = state_of(quiz)
    paper = removals.remove_paper(paper=quiz.papers.get(number="0042"), by=alice)
    whole = removals.remove_scan(scan=scan, by=alice)
    assert list(Item.objects.for_user(alice)) == [whole]
    trash.restore(item=whole, by=alice)
    assert [one.number for one in quiz.papers.all()] == ["0041"]
    trash.restore(item=Item.objects.get(pk=paper.pk), by=alice)
    assert state_of(quiz) == before


@pytest.mark.parametrize("order", ["paper first", "scan first"])
def test_a_paper_of_two_scans_comes_back_with_those_of_its_pages_whose_scan_is_there(
    long, upload, alice, order
):
    first = upload(sheet(long), to=long)
    upload(sheet(long, page=2), to=long)
    before = state_of(long)
    removed = [removals.remove_paper(paper=long.papers.get(), by=alice)]
    removed.append(removals.remove_scan(scan=first, by=alice))
    for item in removed if order == "paper first" else reversed(removed):
        trash.restore(item=item, by=alice)
        assert not ScanPage.objects.filed().exclude(paper__trashed=None).exists()
        assert not ScanPage.objects.exclude(scan__trashed=None).exists()
    assert state_of(long) == before and not Item.objects.exists()


@pytest.mark.parametrize("first_back", [0, 1])
def test_a_paper_both_of_whose_scans_were_removed_comes_back_with_either(long, upload, alice, first_back):
    scans = [upload(sheet(long), to=long), upload(sheet(long, page=2), to=long)]
    before = state_of(long)
    items = [removals.remove_scan(scan=scan, by=alice) for scan in scans]
    assert not long.papers.exists()
    trash.restore(item=items[first_back], by=alice)
    assert long.papers.get().reasons == ["missing_page"]
    trash.restore(item=items[1 - first_back], by=alice)
    assert state_of(long) == before


@pytest.mark.parametrize("gone", [0, 1])
def test_of_scans_that_are_gone_for_good_only_their_own_pages_are_gone(
    long, upload, alice, settings, gone, django_capture_on_commit_callbacks
):
    scans = [upload(sheet(long), to=long), upload(sheet(long, page=2), to=long)]
    items = [removals.remove_scan(scan=scan, by=alice) for scan in scans]
    with django_capture_on_commit_callbacks(execute=True):
        trash.purge(item=items[gone])
    assert not (Path(settings.MEDIA_ROOT) / scans[gone].folder).exists()
    trash.restore(item=items[1 - gone], by=alice)
    paper = long.papers.get()
    assert (paper.reasons, paper.pages.count()) == (["missing_page"], 1)
    with django_capture_on_commit_callbacks(execute=True):
        trash.purge(item=removals.remove_scan(scan=scans[1 - gone], by=alice))
    assert not Paper.with_trashed.exists() and not Item.objects.exists()


def test_a_paper_that_is_gone_for_good_leaves_its_upload(
    quiz, upload, alice, settings, django_capture_on_commit_callbacks
):
    scan = upload(sheet(quiz, given=GIVEN), to=quiz)
    with django_capture_on_commit_callbacks(execute=True):
        trash.purge(item=removals.remove_paper(paper=quiz.papers.get(), by=alice))
    assert not Paper.with_trashed.exists() and not ScanPage.with_trashed.exists()
    names = {path.name for path in (Path(settings.MEDIA_ROOT) / scan.folder).rglob("*") if path.is_file()}
    assert "0000.pdf" in names and not any(name.endswith(".jpg") for name in names)


def test_an_exam_takes_along_what_was_removed_from_it(
    quiz, upload, alice, django_capture_on_commit_callbacks
):
    scan = upload(sheet(quiz, "0041", given=GIVEN), sheet(quiz, given=GIVEN), to=quiz)
    removals.remove_paper(paper=quiz.papers.first(), by=alice)
    removals.remove_scan(scan=scan, by=alice)
    whole = trash.delete(rows=[quiz], by=alice)
    assert list(Item.objects.for_user(alice)) == [whole]
    with django_capture_on_commit_callbacks(execute=True):
        trash.purge(item=whole)
    assert not Item.objects.exists() and not Scan.with_trashed.exists()


def test_a_student_is_named_though_a_page_of_theirs_lies_in_the_trash(long, upload, alice):
    first = upload(sheet(long, "0041"), to=long)
    upload(sheet(long, "0041", page=2), to=long)
    item = removals.remove_scan(scan=first, by=alice)
    upload(sheet(long), to=long)
    services.correct_student(paper=long.papers.get(number="0041"), number="0042", by=alice)
    trash.restore(item=item, by=alice)
    assert {page.paper.number for page in ScanPage.objects.filed()} == {"0042"}


def test_colleagues_may_remove_where_they_may_mark_and_strangers_never(quiz, upload, call, alice, bob):
    scan = upload(sheet(quiz, given=GIVEN), to=quiz)
    places = [f"/api/papers/{quiz.papers.get().pk}/", f"/api/scans/{scan.pk}/"]
    for place in places:
        assert call(bob).delete(place).status_code == 404
        assert call(alice).delete(place).status_code == 204
        assert call(bob).post(f"{place}restore/").status_code == 404
        assert call(alice).post(f"{place}restore/").status_code == 204
    grant(row=quiz, who="bob", right=Right.VIEW, by=alice)
    assert {call(bob).delete(place).status_code for place in places} == {404}
    grant(row=quiz, who="bob", right=Right.MARK, by=alice)
    for place in places:
        assert call(bob).delete(place).status_code == 204
        assert call(bob).post(f"{place}restore/").status_code == 204


def test_of_a_deleted_exam_nothing_is_restored_by_itself(quiz, upload, call, alice):
    scan = upload(sheet(quiz, given=GIVEN), to=quiz)
    removals.remove_scan(scan=scan, by=alice)
    trash.delete(rows=[quiz], by=alice)
    assert call(alice).post(f"/api/scans/{scan.pk}/restore/").status_code == 404


def test_pages_offer_what_was_removed_back(quiz, upload, browse, alice, bob):
    scan = upload(sheet(quiz, given=GIVEN), to=quiz)
    paper = quiz.papers.get()
    page = browse(alice)
    for row, place in ((paper, "papers"), (scan, "scans")):
        url = row.get_absolute_url()
        assert f"{url}delete/" in page.get(url).content.decode()
        assert browse(bob).post(f"{url}delete/").status_code == 404
        answer = page.post(f"{url}delete/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/exams/{quiz.pk}/{place}/"
        item = type(row).with_trashed.get(pk=row.pk).trashed_id
        assert f"/trash/{item}/restore/" in answer.content.decode()
        page.post(f"/trash/{item}/restore/")
        assert type(row).objects.filter(pk=row.pk).exists()
