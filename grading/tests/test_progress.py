"""What the first page of an exam tells while papers come in."""

import pytest

from grading import services
from grading.models import Candidate
from grading.results.exports import results
from grading.results.progress import MOST_NAMES, progress_of
from grading.results.score_bars import ScoreRange, counted_rows, overview
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from school.roster.rows import RosterRow


@pytest.fixture
def half_in(exam, upload):
    """Of sixteen students one has two marks in the second item, one left all of it empty, one is absent."""
    rows = [RosterRow(f"{number:04}", f"S{number}", "3-9") for number in range(1, 17)]
    services.replace_roster(exam=exam, rows=rows)
    exam.candidates.filter(number="0016").update(state=Candidate.State.ABSENT)
    upload(
        filled_in(exam, "0001", RIGHT),
        filled_in(exam, "0002", RIGHT | {1: "4"}),
        filled_in(exam, "0003", RIGHT | {1: "2,4"}),
        filled_in(exam, "0004", {}),
    )
    return exam


def test_it_names_who_is_missing_and_what_is_doubtful(half_in, browse, alice):
    progress = progress_of(half_in)
    assert (progress.awaited, len(progress.missing), progress.not_named) == (15, 11, 0)
    assert [one["number"] for one in progress.doubts] == [1]
    page = browse(alice).get(f"/exams/{half_in.pk}/").text
    assert "0005 S5" in page and "0004 S4" not in page and "0016 S16" not in page
    assert f'href="/exams/{half_in.pk}/review/?item=1"' in page


def test_of_many_missing_the_first_are_named_and_the_others_counted(exam, upload):
    rows = [RosterRow(f"{number:04}", f"S{number}", "3-9") for number in range(1, 31)]
    services.replace_roster(exam=exam, rows=rows)
    upload(filled_in(exam, "0030", RIGHT))
    progress = progress_of(exam)
    assert [one.number for one in progress.missing] == [f"{n:04}" for n in range(1, MOST_NAMES + 1)]
    assert progress.not_named == 29 - MOST_NAMES


def test_the_mean_so_far_is_that_of_the_results(half_in):
    found = overview(counted_rows(list(results(half_in))), ScoreRange())
    assert found["papers"] == 2
    assert float(progress_of(half_in).mean) == pytest.approx(found["mean"])


def test_before_the_first_paper_there_is_nothing_to_tell(exam, browse, alice):
    assert browse(alice).get(f"/exams/{exam.pk}/").context["progress"] is None
