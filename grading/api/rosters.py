"""The roster of an exam, for programs: from classes or a table, and one by one."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status as http
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.grants import Right
from grading import rosters, services
from grading.access import find_exam
from grading.api.exams import ExamPartView
from grading.models import Candidate, RosterUpload
from grading.papers import states
from grading.serializers.exams import (
    CandidateSerializer,
    ChangedCandidateSerializer,
    NewCandidateSerializer,
    RosterUploadSerializer,
    StatesSerializer,
)
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from school.models import SchoolClass
from school.serializers import ListQuery, choice_in, sent_list
from web.api import FILE, form_schema, validate
from web.middleware import LARGEST_ID
from web.parsers import MultiPartParser, SmallJSONParser
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

ROSTERS = LongPoll(RosterUpload.objects.select_related("job", "exam"))


class ClassesSerializer(drf.Serializer):
    classes = drf.ListField(child=drf.IntegerField(max_value=LARGEST_ID), max_length=200)


class RosterView(ExamPartView):
    parser_classes = (MultiPartParser, SmallJSONParser)
    serializer_class = RosterUploadSerializer

    @extend_schema(responses=CandidateSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return Response(CandidateSerializer(self.exam.candidates.all(), many=True).data)

    @extend_schema(request=ClassesSerializer, responses=CandidateSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Whoever is in these classes sits the exam: in place of the old roster."""
        wanted = validate(ClassesSerializer, request.data)["classes"]
        classes = SchoolClass.objects.for_user(request.user, Right.VIEW).filter(pk__in=wanted)
        if len(classes) < len(set(wanted)):
            raise ValidationError({"classes": [_("One of these classes is not yours.")]})
        with refusals("classes"):
            candidates = services.take_classes(exam=self.exam, classes=classes)
        return Response(CandidateSerializer(candidates, many=True).data)

    @extend_schema(
        request=form_schema({"file": FILE}),
        parameters=[IDEMPOTENCY_KEY, ListQuery],
        responses={201: RosterUploadSerializer, 202: RosterUploadSerializer},
    )
    def put(self, request: Request, pk: int) -> Response:
        """A table of students, which a worker reads: it replaces the roster, unless something is wrong with it."""
        sent = sent_list(request)
        with refusals("file"):
            upload = services.submit_roster(exam=self.exam, **sent)
        url = reverse("grading:api-roster-upload", args=[pk, upload.pk], request=request)
        return accepted_response(request, upload, url, ROSTERS, lambda row: self.get_serializer(row).data)


class RosterUploadView(ExamPartView):
    serializer_class = RosterUploadSerializer

    def find(self, upload: int) -> RosterUpload:
        found: RosterUpload = get_object_or_404(
            self.exam.roster_uploads.select_related("job", "exam"), pk=upload
        )
        return found

    @extend_schema(responses=RosterUploadSerializer)
    def get(self, request: Request, pk: int, upload: int) -> Response:
        """What became of a table."""
        return Response(self.get_serializer(self.find(upload)).data)

    @extend_schema(request=None, parameters=[ListQuery], responses=RosterUploadSerializer)
    def post(self, request: Request, pk: int, upload: int) -> Response:
        """Store what a preview shows, without its refused rows; within a day, once."""
        sent = self.find(upload)
        with refusals("columns"):
            choice = choice_in(validate(ListQuery, request.query_params))
        with refusals():
            rosters.accept_roster(upload=sent, choice=choice, by=request.user)
        return Response(self.get_serializer(self.find(upload)).data)


class CandidatesView(ExamPartView):
    serializer_class = CandidateSerializer

    @extend_schema(responses=CandidateSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Who sits the exam."""
        return Response(self.get_serializer(self.exam.candidates.all(), many=True).data)

    @extend_schema(request=NewCandidateSerializer, responses={201: CandidateSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """One more student."""
        wanted = validate(NewCandidateSerializer, request.data)
        with refusals("number"):
            one = rosters.add_candidate(exam=self.exam, by=request.user, **wanted)
        return Response(self.get_serializer(one).data, status=http.HTTP_201_CREATED)

    @extend_schema(request=StatesSerializer, responses=CandidateSerializer(many=True))
    def patch(self, request: Request, pk: int) -> Response:
        """Say of several at once that they are absent, exempt, retake it, or have a recognised score; or sit it."""
        exam, wanted = find_exam(request.user, pk, Right.MARK), validate(StatesSerializer, request.data)
        students = exam.candidates.filter(pk__in=wanted["students"])
        if len(students) < len(set(wanted["students"])):
            raise ValidationError({"students": [_("One of these students is not on the roster.")]})
        with refusals("recognised_score"):
            given = {**wanted, "students": students}
            changed = states.set_states(exam=exam, by=request.user, **given)
        return Response(self.get_serializer(changed, many=True).data)


class CandidateView(ExamPartView):
    serializer_class = CandidateSerializer

    def find(self, candidate: int) -> Candidate:
        found: Candidate = get_object_or_404(self.exam.candidates.all(), pk=candidate)
        return found

    @extend_schema(responses=CandidateSerializer)
    def get(self, request: Request, pk: int, candidate: int) -> Response:
        return Response(self.get_serializer(self.find(candidate)).data)

    @extend_schema(request=ChangedCandidateSerializer, responses=CandidateSerializer)
    def patch(self, request: Request, pk: int, candidate: int) -> Response:
        """Another number in this exam, or another name everywhere."""
        one = self.find(candidate)
        wanted = validate(ChangedCandidateSerializer, request.data)
        with refusals("number"):
            rosters.change_candidate(candidate=one, **{"number": one.number, "name": one.name} | wanted)
        return Response(self.get_serializer(self.find(candidate)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, candidate: int) -> Response:
        """Off the roster; the class keeps the student, and a paper of this number stays."""
        rosters.remove_candidate(candidate=self.find(candidate))
        return Response(status=http.HTTP_204_NO_CONTENT)
