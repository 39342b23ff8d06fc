"""How a class and its students did over a school year, for programs."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.grants import Right, find_permitted
from grading.api.exams import TeacherPartView
from grading.models import Exam
from grading.results.year_results import class_results, student_results
from school.models import Enrollment, SchoolClass


class YearResultSerializer(drf.Serializer):
    """`percent` of the points, and `z`, standard deviations above the mean of all who sat the exam; of a class both on
    average."""

    exam = drf.IntegerField(source="exam.pk")
    title = drf.CharField(source="exam.title")
    date = drf.DateTimeField(source="exam.created_at")
    percent = drf.SerializerMethodField()
    z = drf.SerializerMethodField()

    def get_percent(self, result: Any) -> float | None:
        return None if result.percent is None else round(result.percent, 2)

    def get_z(self, result: Any) -> float | None:
        return None if result.z is None else round(result.z, 4)


class ClassResultSerializer(YearResultSerializer):
    students = drf.IntegerField()


class StudentResultSerializer(YearResultSerializer):
    """`state` says why there is no score, or that it was recognised."""

    state = drf.CharField(source="state_text")


class ClassYearView(TeacherPartView):
    @property
    def school_class(self) -> SchoolClass:
        return find_permitted(SchoolClass.objects.all(), self.request.user, Right.VIEW, pk=self.kwargs["pk"])

    @extend_schema(responses=ClassResultSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The exams of its school year, in the order of time."""
        results = class_results(self.school_class, Exam.objects.for_user(request.user, Right.VIEW))
        return Response(ClassResultSerializer(results, many=True).data)


class StudentYearView(ClassYearView):
    @extend_schema(responses=StudentResultSerializer(many=True))
    def get(self, request: Request, pk: int, enrollment: int) -> Response:
        """The exams of the school year, in the order of time."""
        rows = Enrollment.objects.select_related("student", "school_class")
        one = get_object_or_404(rows, school_class=self.school_class, pk=enrollment)
        results = student_results(one, Exam.objects.for_user(request.user, Right.VIEW))
        return Response(StudentResultSerializer(results, many=True).data)
