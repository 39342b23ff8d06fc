"""How a class and its students did over a school year: pages beside those of the class."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.grants import Right, find_permitted
from accounts.permissions import teacher_required
from grading.models import Exam
from grading.results.year_results import class_results, student_results
from school.models import Enrollment, SchoolClass


@require_GET
@teacher_required
def class_year(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_permitted(SchoolClass.objects.all(), request.user, Right.VIEW, pk=pk)
    results = class_results(row, Exam.objects.for_user(request.user, Right.VIEW))
    students = row.enrollments.present().select_related("student")
    context = {"class": row, "results": results, "students": students, "menu_place": "school"}
    return render(request, "grading/class_year.html", context)


@require_GET
@teacher_required
def student_year(request: HttpRequest, pk: int, enrollment: int) -> HttpResponse:
    row = find_permitted(SchoolClass.objects.all(), request.user, Right.VIEW, pk=pk)
    one = get_object_or_404(
        Enrollment.objects.select_related("student", "school_class"), school_class=row, pk=enrollment
    )
    results = student_results(one, Exam.objects.for_user(request.user, Right.VIEW))
    context = {"class": row, "enrollment": one, "results": results, "menu_place": "school"}
    return render(request, "grading/student_year.html", context)
