"""Classes and their students, for programs."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ModelViewSet

from accounts.grants import Right, find_permitted, right_for
from accounts.permissions import IsTeacher
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from school import lists, services
from school.models import ClassUpload, Enrollment, SchoolClass
from school.remarks import checked_rows
from school.roster.rows import RosterRow
from school.serializers import (
    ChangedStudentSerializer,
    ClassSerializer,
    ClassUploadSerializer,
    EnrollmentSerializer,
    ListQuery,
    NewStudentSerializer,
    StudentsSerializer,
    WholeQuery,
    choice_in,
    sent_list,
)
from trash.api import TrashMixin, purge_if_asked
from web.api import FILE, PartView, form_schema, validate
from web.parsers import MultiPartParser
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

LISTS = LongPoll(ClassUpload.objects.select_related("job"))


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


class ClassPartView(PartView):
    """A part of one class: `self.school_class` is one that the caller may see, or change; else 404."""

    permission_classes = (IsTeacher,)

    @property
    def school_class(self) -> SchoolClass:
        right = right_for(self.request, Right.MARK)
        return find_permitted(SchoolClass.objects.all(), self.request.user, right, pk=self.kwargs["pk"])


class StudentsView(ClassPartView):
    serializer_class = EnrollmentSerializer

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

    @extend_schema(request=NewStudentSerializer, responses={201: EnrollmentSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """One more student."""
        wanted = validate(NewStudentSerializer, request.data)
        with refusals("number"):
            one = services.add_student(school_class=self.school_class, **wanted)
        return Response(EnrollmentSerializer(one).data, status=http.HTTP_201_CREATED)


class StudentView(ClassPartView):
    serializer_class = EnrollmentSerializer

    def find(self, enrollment: int) -> Enrollment:
        rows = self.school_class.enrollments.present().select_related(
            "student__account", "school_class__owner"
        )
        found: Enrollment = get_object_or_404(rows, pk=enrollment)
        return found

    @extend_schema(responses=EnrollmentSerializer)
    def get(self, request: Request, pk: int, enrollment: int) -> Response:
        return Response(self.get_serializer(self.find(enrollment)).data)

    @extend_schema(request=ChangedStudentSerializer, responses=EnrollmentSerializer)
    def patch(self, request: Request, pk: int, enrollment: int) -> Response:
        """Another number, name or class; results stay as they are."""
        one = self.find(enrollment)
        wanted = {"number": one.number, "name": one.student.name}
        wanted |= validate(ChangedStudentSerializer, request.data)
        classes = SchoolClass.objects.for_user(request.user, Right.MARK)
        to = get_object_or_404(classes, pk=wanted.pop("class", pk))
        with refusals("number"):
            one = services.change_and_move_student(enrollment=one, to=to, **wanted)
        return Response(self.get_serializer(one).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, enrollment: int) -> Response:
        """Out of the class, into the trash; results keep the name."""
        item = services.remove_students(enrollments=[self.find(enrollment)], by=request.user)
        if item is not None:
            purge_if_asked(request, item)
        return Response(status=http.HTTP_204_NO_CONTENT)


class ListView(ClassPartView):
    """A table of students for a class."""

    parser_classes = (MultiPartParser,)
    serializer_class = ClassUploadSerializer

    @extend_schema(
        request=form_schema({"file": FILE}),
        parameters=[IDEMPOTENCY_KEY, ListQuery],
        responses={201: ClassUploadSerializer, 202: ClassUploadSerializer},
    )
    def put(self, request: Request, pk: int) -> Response:
        """A worker reads it: who is in it is in the class afterwards, unless something is wrong. Nobody leaves."""
        sent = sent_list(request)
        with refusals("file"):
            upload = lists.submit_list(school_class=self.school_class, **sent)
        url = reverse("school:api-list", args=[pk, upload.pk], request=request)
        return accepted_response(request, upload, url, LISTS, lambda row: self.get_serializer(row).data)


class ListUploadView(ClassPartView):
    serializer_class = ClassUploadSerializer

    def find(self, upload: int) -> ClassUpload:
        found: ClassUpload = get_object_or_404(self.school_class.uploads.select_related("job"), pk=upload)
        return found

    @extend_schema(responses=ClassUploadSerializer)
    def get(self, request: Request, pk: int, upload: int) -> Response:
        """What became of a table."""
        return Response(self.get_serializer(self.find(upload)).data)

    @extend_schema(request=None, parameters=[WholeQuery], responses=ClassUploadSerializer)
    def post(self, request: Request, pk: int, upload: int) -> Response:
        """Store what a preview shows, without its refused rows; within a day, once."""
        sent, wanted = self.find(upload), validate(WholeQuery, request.query_params)
        with refusals("columns"):
            choice = choice_in(wanted)
        with refusals():
            lists.accept_list(upload=sent, choice=choice, by=request.user, is_whole=wanted["is_whole"])
        return Response(self.get_serializer(self.find(upload)).data)
