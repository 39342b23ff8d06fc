"""The REST side of teaching: find, call one service, answer."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status as http
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from accounts.grants import Right, find_permitted, right_for
from audit.models import Verb
from audit.services import record
from classifier.datasets import download_of, examples_in
from classifier.models import Classifier, Delivery, Example, Training
from classifier.presentation.classifiers import version_file
from classifier.presentation.pictures import SMALL, picture_answer
from classifier.serializers.teaching import (
    ClassifierChangeSerializer,
    ClassifierDetailSerializer,
    ClassifierSerializer,
    DeliverySerializer,
    ExampleSerializer,
    LabelSerializer,
    NewClassifierSerializer,
    TrainingSerializer,
    TrainSerializer,
    VersionChoiceSerializer,
)
from classifier.services import teaching
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from trash.api import FOR_GOOD, TrashMixin, purge_if_asked
from web.api import FILE, FILES, TEXT, PartView, form_schema, idempotency_key, validate
from web.pagination import Pages
from web.refusals import refusals
from web.schema import ANY_FILE, IDEMPOTENCY_KEY

DELIVERIES = LongPoll(Delivery.objects.select_related("job", "classifier"))
TRAININGS = LongPoll(Training.objects.select_related("job", "classifier", "version"))
ZIP = FILE | {"description": "a ZIP with a folder for each label"}


class ClassifierViewSet(TrashMixin, ModelViewSet):
    queryset = Classifier.objects.none()
    filterset_fields = ("is_shared",)
    ordering_fields = ("created_at", "name")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def get_queryset(self) -> QuerySet[Classifier]:
        """All that one may use; one's own where something is to change."""
        rows = Classifier.objects.select_related("owner")
        is_reading = self.request.method in ("GET", "HEAD", "OPTIONS")
        return rows.usable_by(self.request.user) if is_reading else rows.for_user(self.request.user)

    def get_serializer_class(self) -> type[BaseSerializer]:
        return ClassifierDetailSerializer if self.detail else ClassifierSerializer

    def whole(self, classifier: Classifier) -> dict[str, Any]:
        return ClassifierDetailSerializer(classifier, context=self.get_serializer_context()).data

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=NewClassifierSerializer,
        responses={201: ClassifierDetailSerializer, 202: ClassifierDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """A classifier with its first classes: {"name", "labels": [...]}; or with its pictures: `file`, a ZIP with a
        folder for each class or a list of Label Studio, whose name it has where none is given."""
        wanted = validate(NewClassifierSerializer, request.data)
        with refusals("file" if wanted.get("file") else "name"):
            classifier = teaching.create(owner=request.user, key=idempotency_key(request), **wanted)
        url = reverse("classifier:api-classifier-detail", args=[classifier.pk], request=request)
        if delivery := classifier.deliveries.select_related("job", "classifier").first():
            return accepted_response(
                request, delivery, url, DELIVERIES, lambda row: self.whole(row.classifier)
            )
        return Response(self.whole(classifier), status=http.HTTP_201_CREATED, headers={"Location": url})

    @extend_schema(request=ClassifierChangeSerializer, responses=ClassifierDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """{"name"} renames it, {"is_shared"} lets all users of the site use it, or no longer."""
        classifier, wanted = self.get_object(), validate(ClassifierChangeSerializer, request.data)
        with refusals("name"):
            if "name" in wanted:
                teaching.rename(classifier=classifier, name=wanted["name"])
        if "is_shared" in wanted:
            teaching.share(classifier=classifier, is_shared=wanted["is_shared"])
        return Response(self.whole(classifier))


class ClassifierPartView(PartView):
    """A part of one classifier: `self.classifier` is one that the caller may see or teach, else 404."""

    @property
    def classifier(self) -> Classifier:
        right = right_for(self.request, Right.MARK)
        return find_permitted(Classifier.objects.all(), self.request.user, right, pk=self.kwargs["pk"])


class ClassifierExportView(ClassifierPartView):
    @extend_schema(
        parameters=[OpenApiParameter("label", str, description="Only the pictures of this class.")],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """All its pictures as a ZIP: a folder for each class, and the same as tasks of Label Studio."""
        classifier = find_permitted(Classifier.objects.all(), request.user, Right.OWN, pk=pk)
        label = request.query_params.get("label", "")
        record(actor=request.user, verb=Verb.EXPORTED, row=classifier)
        title = f"{classifier.name} {label}" if label else classifier.name
        return download_of(title, examples_in(classifier, label))


class ExamplesView(ClassifierPartView):
    queryset = Example.objects.none()
    serializer_class = ExampleSerializer
    pagination_class = Pages

    @extend_schema(responses=ExampleSerializer(many=True))
    def get(self, request: Request, pk: str) -> Response:
        """Its pictures, a page at a time; ?label= those of one class."""
        rows = self.classifier.examples.select_related("label").defer("features", "fingerprint")
        if label := request.query_params.get("label"):
            rows = rows.filter(label__name=label)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=form_schema({"label": TEXT, "images[]": FILES, "file": ZIP}),
        responses={201: DeliverySerializer, 202: DeliverySerializer},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Pictures of one class (`label`, `images[]`), or one ZIP with a folder for each class."""
        classifier = self.classifier
        label = validate(LabelSerializer, request.data)["label"]
        files = [file for name in ("images[]", "images", "file") for file in request.FILES.getlist(name)]
        with refusals("images[]"):
            delivery = teaching.add_examples(
                classifier=classifier,
                files=files,
                label=label,
                key=idempotency_key(request),
            )
        url = reverse("classifier:api-classifier-detail", args=[classifier.pk], request=request)
        context = self.get_serializer_context()
        return accepted_response(
            request, delivery, url, DELIVERIES, lambda row: DeliverySerializer(row, context=context).data
        )


class ExampleView(ClassifierPartView):
    @extend_schema(parameters=[FOR_GOOD])
    def delete(self, request: Request, pk: str, example: str) -> Response:
        """Into the trash."""
        item = teaching.remove_examples(classifier=self.classifier, ids=[example], by=request.user)
        if item is None:
            raise NotFound
        purge_if_asked(request, item)
        return Response(status=http.HTTP_204_NO_CONTENT)


class ExamplePictureView(ClassifierPartView):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str, example: str) -> HttpResponse:
        """A small upright JPEG of it."""
        return picture_answer(get_object_or_404(self.classifier.examples, pk=example), SMALL)


class TrainView(ClassifierPartView):
    serializer_class = TrainSerializer

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=TrainSerializer,
        responses={201: TrainingSerializer, 202: TrainingSerializer},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Learn from all of its pictures; the new version answers once it is there."""
        wanted = validate(TrainSerializer, request.data)
        with refusals():
            training = teaching.train(
                classifier=self.classifier, wants_tuning=wanted["fine_tune"], key=idempotency_key(request)
            )
        url = reverse("classifier:api-training", args=[pk, training.pk], request=request)
        context = self.get_serializer_context()
        return accepted_response(
            request, training, url, TRAININGS, lambda row: TrainingSerializer(row, context=context).data
        )


class TrainingView(ClassifierPartView):
    serializer_class = TrainingSerializer

    def get(self, request: Request, pk: str, training: str) -> Response:
        """How one training stands, epoch by epoch, and in the end how well it went."""
        rows = self.classifier.trainings.select_related("job", "version")
        return Response(self.get_serializer(get_object_or_404(rows, pk=training)).data)


class ActivateView(ClassifierPartView):
    serializer_class = VersionChoiceSerializer

    @extend_schema(request=VersionChoiceSerializer, responses=ClassifierDetailSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """{"version": id}: from now on this one answers."""
        classifier, wanted = self.classifier, validate(VersionChoiceSerializer, request.data)
        version = get_object_or_404(classifier.versions, pk=wanted["version"])
        teaching.activate(classifier=classifier, version=version)
        return Response(ClassifierDetailSerializer(classifier, context=self.get_serializer_context()).data)


class ClassifierRollBackView(ClassifierPartView):
    @extend_schema(request=None, responses=ClassifierDetailSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """The version before answers again."""
        classifier = self.classifier
        with refusals():
            teaching.roll_back(classifier=classifier)
        return Response(ClassifierDetailSerializer(classifier, context=self.get_serializer_context()).data)


class VersionFileView(ClassifierPartView):
    @extend_schema(responses=ANY_FILE)
    def get(self, request: Request, pk: str, version: int, name: str) -> FileResponse:
        """taught.safetensors, its card taught.json, or the whole network as taught.onnx."""
        return version_file(self.classifier, version, name)
