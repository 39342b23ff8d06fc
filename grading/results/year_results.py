"""How a student, or a class, did in the exams of a school year: scores as percent, and as standard scores among all who
sat the same exam."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from django.db.models import QuerySet

from grading.models import Candidate, Exam, Paper
from grading.papers.scores import most_score
from school.models import Enrollment, SchoolClass


@dataclass(frozen=True)
class Score:
    """That counts, of one student in one exam."""

    student: int
    percent: float


@dataclass(frozen=True)
class StudentResult:
    exam: Exam
    state_text: str  # why there is no score, or that it was recognised; "" else
    percent: float | None
    z: float | None  # None where there is no score, or nobody to compare it with


@dataclass(frozen=True)
class ClassResult:
    exam: Exam
    students: int  # of the class, with a score
    percent: float  # on average
    z: float | None  # on average


def student_results(enrollment: Enrollment, exams: QuerySet[Exam]) -> list[StudentResult]:
    """In these exams of the school year, in the order of time; those without a score that counts too."""
    year, student = enrollment.school_class.year, enrollment.student_id
    candidates = in_year(year).filter(exam__in=exams, enrollment__student=student)
    found = {one.exam_id: one for one in candidates.select_related("exam")}
    scores = scores_of(found)
    results = []
    for pk, candidate in found.items():
        percent = next((one.percent for one in scores[pk] if one.student == student), None)
        z = None if percent is None else standard(percent, scores[pk])
        results.append(StudentResult(candidate.exam, candidate.state_text, percent, z))
    return sorted(results, key=lambda one: one.exam.created_at)


def class_results(school_class: SchoolClass, exams: QuerySet[Exam]) -> list[ClassResult]:
    """In these exams of the school year that somebody of the class has a score in, in the order of time."""
    students = set(school_class.enrollments.values_list("student", flat=True))
    sat = in_year(school_class.year).filter(exam__in=exams, enrollment__student__in=students)
    rows = {one.pk: one for one in exams.filter(pk__in=sat.values("exam"))}
    scores = scores_of(rows)
    results = []
    for pk, exam in rows.items():
        if own := [one.percent for one in scores[pk] if one.student in students]:
            compared = [z for percent in own if (z := standard(percent, scores[pk])) is not None]
            z = fmean(compared) if compared else None
            results.append(ClassResult(exam, len(own), fmean(own), z))
    return sorted(results, key=lambda one: one.exam.created_at)


def in_year(year: int) -> QuerySet[Candidate]:
    return Candidate.objects.filter(enrollment__school_class__year=year)


def standard(percent: float, scores: Sequence[Score]) -> float | None:
    """How many standard deviations above the mean of the exam."""
    all_of_them = [one.percent for one in scores]
    spread = stdev(all_of_them) if len(all_of_them) > 1 else 0.0
    return (percent - fmean(all_of_them)) / spread if spread else None


def scores_of(exams: Iterable[int]) -> dict[int, list[Score]]:
    """Of graded papers and recognised ones, by exam."""
    scores: dict[int, list[Score]] = defaultdict(list)
    papers = Paper.objects.filter(
        exam__in=exams, status=Paper.Status.GRADED, candidate__state=Candidate.State.SITS
    )
    read = papers.order_by("pk").values_list("exam", "candidate__enrollment__student", "score", "max_score")
    recognised = Candidate.objects.filter(exam__in=exams, state=Candidate.State.RECOGNISED)
    best = {
        exam.pk: most_score(exam, exam.items.all())
        for exam in Exam.objects.filter(pk__in=recognised.values("exam")).prefetch_related("items")
    }
    given = recognised.values_list("exam", "enrollment__student", "recognised_score")
    for exam, student, score, most in [*read, *((exam, *rest, best[exam]) for exam, *rest in given)]:
        if most:
            scores[exam].append(Score(student, float(score) * 100 / float(most)))
    return scores
