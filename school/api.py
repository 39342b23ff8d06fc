"""Classes and their students, for programs."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from accounts.grants import Right, find_permitted, right_for
from accounts.permissions import IsTeacher
from school import services
from school.models import Enrollment, SchoolClass
from school.roster import MOST_ROWS, RosterRow, checked_rows
from trash.api import TrashMixin, purge_if_asked
from web.api import PartView, validate
from web.forms import FIRST_YEAR, LAST_YEAR
from web.refusals import refusals


class ClassSerializer(serializers.ModelSerializer):
    """`year` is the one in which its school year begins; `code` lets its students find themselves, null lets nobody."""

    student_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = SchoolClass
        fields = ["id", "name", "year", "needs_consent", "is_archived", "code", "student_count", "created_at"]
        read_only_fields = ["code", "created_at"]
        extra_kwargs = {"year": {"required": False, "min_value": FIRST_YEAR, "max_value": LAST_YEAR}}

    def to_representation(self, school_class: SchoolClass) -> dict[str, Any]:
        """Whoever has the code may say that they are anyone on the list."""
        shown = super().to_representation(school_class)
        is_own = school_class.owner_id == self.context["request"].user.pk
        return shown if is_own else shown | {"code": None}


class EnrollmentSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="student.name", max_length=100, allow_blank=True)
    username = serializers.CharField(
        source="student.account.username", default=None, read_only=True, allow_null=True
    )

    class Meta:
        model = Enrollment
        fields = ["id", "number", "name", "username"]


class StudentsSerializer(serializers.Serializer):
    class Row(serializers.Serializer):
        number = serializers.CharField(max_length=20)
        name = serializers.CharField(max_length=100, allow_blank=True, default="")

    students = serializers.ListField(child=Row(), max_length=MOST_ROWS)


class ClassViewSet(TrashMixin, ModelViewSet):
    queryset = SchoolClass.objects.none()
    serializer_class = ClassSerializer
    permission_classes = (IsTeacher,)
    http_method_names = ("get", "post", "patch", "delete", "head", "options")
    ordering_fields = ("year", "name")
    filterset_fields = ("year", "is_archived")

    def get_queryset(self) -> QuerySet[SchoolClass]:
        return SchoolClass.objects.for_user(self.request.user, right_for(self.request, Right.OWN)).counted()

    def perform_create(self, serializer) -> None:
        with refusals("name"):
            serializer.instance = services.create_class(owner=self.request.user, **serializer.validated_data)

    def perform_update(self, serializer) -> None:
        with refusals("name"):
            services.change_class(school_class=serializer.instance, **serializer.validated_data)

    def perform_destroy(self, school_class: SchoolClass) -> None:
        with refusals():
            item = services.delete_class(school_class=school_class, by=self.request.user)
            if item is not None:
                purge_if_asked(self.request, item)


class StudentsView(PartView):
    serializer_class = EnrollmentSerializer
    permission_classes = (IsTeacher,)

    @property
    def school_class(self) -> SchoolClass:
        right = right_for(self.request, Right.MARK)
        return find_permitted(SchoolClass.objects.all(), self.request.user, right, pk=self.kwargs["pk"])

    def listed(self) -> Response:
        rows = self.school_class.enrollments.present().select_related("student__account")
        return Response(EnrollmentSerializer(rows, many=True).data)

    @extend_schema(responses=EnrollmentSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return self.listed()

    @extend_schema(request=StudentsSerializer, responses=EnrollmentSerializer(many=True))
    def put(self, request: Request, pk: int) -> Response:
        """Who is on this list is in the class afterwards; nobody else leaves it."""
        wanted = validate(StudentsSerializer, request.data)["students"]
        with refusals("students"):
            rows = checked_rows([RosterRow(**row) for row in wanted], first=1)
            services.put_students(school_class=self.school_class, rows=rows)
        return self.listed()
