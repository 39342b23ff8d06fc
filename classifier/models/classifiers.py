"""Classifiers that people teach: their classes, the pictures of each, and what came of learning from them."""

import uuid
from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.grants import Grant, Granted, GrantedPartQuerySet, GrantedQuerySet, Right
from accounts.models import AnyUser
from classifier.models.copies import different_pictures
from jobs.models import OPEN, Job
from registry.models import TAUGHT, ModelVersion
from trash.models import Item, KeptManager, Trashable
from web.files import Folders, can_be_shown

PAIRS = ("same", "near", "look_alikes")  # of pictures, in a comparison
KIND_DIGITS = 19  # of the id in the kind of its versions: as many as fit there


class ClassifierQuerySet(GrantedQuerySet):
    def usable_by(self, user: AnyUser) -> Self:
        """One's own, and those that others share with them or with the site."""
        return self.filter(Q(is_shared=True) | Q(pk__in=Classifier.objects.for_user(user, Right.VIEW)))

    def learned(self) -> Self:
        """Those of which a version answers."""
        return self.filter(trainings__version__state=ModelVersion.State.ACTIVE).distinct()


class Classifier(Granted, Trashable):
    """What someone teaches. Its versions are the registry's, of a kind of their own.

    `comparison` is what was found among its pictures before anything was learned: {"same", "near", "look_alikes"}, each
    a list of [id, id, distance]; {"mislabelled"}, [id, its class, the one that it looks like, probability]; and
    {"confused"}, [class, class, share of their pictures that is taken for the other].
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="classifiers")
    name = models.CharField(_("name"), max_length=100)
    is_shared = models.BooleanField(default=False)  # with all users of the site: to use, not to change
    comparison = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(ClassifierQuerySet)()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("classifier:classifier", args=[self.pk])

    @property
    def kind(self) -> str:
        """Of its versions in the registry."""
        return f"{TAUGHT}{self.pk.hex[:KIND_DIGITS]}"

    @property
    def versions(self) -> models.QuerySet[ModelVersion]:
        return ModelVersion.objects.filter(kind=self.kind).order_by("-created_at")

    @property
    def active_version(self) -> ModelVersion | None:
        return ModelVersion.objects.answering(self.kind).first()

    @cached_property
    def counted_labels(self) -> list["Label"]:
        """Its classes, each with the `count` of its pictures, and how many of them have `different` files."""
        is_there = Q(examples__trashed=None)
        counts = {
            "count": Count("examples", filter=is_there),
            "different": Count("examples__sha256", distinct=True, filter=is_there),
        }
        return list(self.labels.annotate(**counts).order_by("pk"))

    @cached_property
    def placed_examples(self) -> list[tuple[str, int, str]]:
        """Of each picture the key, its class and the digest of its file."""
        rows = self.examples.values_list("pk", "label", "sha256")
        return [(str(pk), label, digest) for pk, label, digest in rows]

    @property
    def found_among(self) -> dict[str, list[list[Any]]]:
        """What of `comparison` still holds: without pairs of which a picture was deleted, and doubts about one that was
        moved since. `shared`: the pairs of `same` and `near` of which the two are in different classes now."""
        if not any(self.comparison.values()):
            return self.comparison
        there = {pk: label for pk, label, _digest in self.placed_examples}
        labels = {label.pk for label in self.counted_labels}
        found = {
            kind: [pair for pair in self.comparison.get(kind, []) if there.keys() >= set(pair[:2])]
            for kind in PAIRS
        }
        twice = found["same"] + found["near"]
        return found | {
            "shared": [pair for pair in twice if there[pair[0]] != there[pair[1]]],
            "mislabelled": [
                doubt
                for doubt in self.comparison.get("mislabelled", [])
                if there.get(doubt[0]) == doubt[1] and doubt[2] in labels
            ],
            "confused": [pair for pair in self.comparison.get("confused", []) if labels.issuperset(pair[:2])],
        }

    def count_different(self, found: dict[str, list[list[Any]]]) -> dict[int, int]:
        """Of each class its pictures, copies counted once, as the accuracy is measured. found: of `found_among`."""
        copies = [*found.get("same", []), *found.get("near", [])]
        if not copies:
            files = {label.pk: label.different for label in self.counted_labels}  # type: ignore[attr-defined]
            return {label: count for label, count in files.items() if count}
        return different_pictures(self.placed_examples, copies)

    def second_ones(self, kind: str) -> list[uuid.UUID]:
        """Of each pair of this kind ("same", "near") whose two are in one class."""
        found = self.found_among
        shared = {tuple(pair) for pair in found.get("shared", [])}
        pairs = [pair for pair in found.get(kind, []) if tuple(pair) not in shared]
        return [uuid.UUID(pk) for pk in dict.fromkeys(pair[1] for pair in pairs)]

    @property
    def open_job(self) -> Job | None:
        """What is being done with it now: pictures are taken in or learned from."""
        mine = Q(delivery__classifier=self) | Q(training__classifier=self)
        return Job.objects.filter(mine, status__in=OPEN).first()


class Label(Trashable):
    """One of its classes."""

    classifier = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(_("name"), max_length=100)

    objects = KeptManager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "classifier", "name", condition=Q(trashed=None), name="one_label_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("classifier:label", args=[self.classifier_id, self.pk])

    @classmethod
    def show(cls, item: Item) -> None:
        """Raises ValidationError where another class has its name now."""
        for label in cls.with_trashed.filter(trashed=item):
            if cls.objects.filter(classifier=label.classifier_id, name=label.name).exists():
                said = gettext(
                    "There is another class called “%(name)s” now. Rename that one, then restore this."
                )
                raise ValidationError(said % {"name": label.name})
        super().show(item)


class Delivery(models.Model):
    """Pictures that came in together; a job looks at each once. skipped: [{"name", "problem"}], problems in English."""

    classifier = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="deliveries")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="delivery")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, null=True, related_name="+")
    archive = models.FileField(upload_to="classifiers/archives", blank=True)  # the ZIP, until it is unpacked
    skipped = models.JSONField(default=list)
    then_trains = models.BooleanField(default=False, db_default=False)  # once they are taken in
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.classifier} {self.created_at:%Y-%m-%d}"

    @property
    def skipped_texts(self) -> list[dict[str, str]]:
        """[{"name", "problem"}], problems in the language of the moment."""
        problems = [(file["name"], file["problem"]) for file in self.skipped]
        return [{"name": name, "problem": gettext(problem)} for name, problem in problems]


class ClassifierGrant(Grant):
    row = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="grants")


class ExampleQuerySet(GrantedPartQuerySet):
    path_to_owner = "classifier__owner"

    def unseen(self, network: str) -> Self:
        """Those that this network has not looked at yet."""
        return self.exclude(seen_by=network)

    def left_to(self, job: uuid.UUID) -> Self:
        """Without what another job that is not at its end is to look at."""
        others = Job.objects.filter(status__in=OPEN).exclude(pk=job)
        return self.exclude(delivery__job__in=others)


class Example(Trashable):
    """One picture to learn from, and what the frozen network made of it: computed once and kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    classifier = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="examples")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="examples")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="examples")
    place = models.PositiveSmallIntegerField()  # among the files of its delivery
    file = models.FileField(upload_to="classifiers/%Y/%m")
    name = models.CharField(max_length=200, blank=True)  # of the file, where it came from
    sha256 = models.CharField(max_length=64)
    seen_by = models.CharField(max_length=64, blank=True)  # hash of the network that the features are of
    features = models.BinaryField(null=True)  # 1280 float16
    fingerprint = models.BinaryField(null=True)  # 8 bytes
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(ExampleQuerySet)()

    class Meta:
        ordering = ["created_at", "delivery", "place"]
        constraints = [models.UniqueConstraint("delivery", "place", name="one_example_per_place")]
        indexes = [models.Index(fields=["classifier", "label"], name="examples_of_label")]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("classifier:label", args=[self.classifier_id, self.label_id])

    @property
    def is_read(self) -> bool:
        return bool(self.seen_by)

    @property
    def has_small(self) -> bool:
        """Whether there is a small one to show: of a large file once a worker has looked at it."""
        return self.is_read or can_be_shown(self.file, is_read=False)


class Training(models.Model):
    """One training. evaluation: see ml.teaching.evaluate, with ids in place of places."""

    FOLDERS = Folders("teaching", is_stored=False)  # what a killed worker goes on with

    class Verdict(models.TextChoices):
        """What became of fine-tuning (ml.teaching.train)."""

        BETTER = "better", _("Fine-tuning helped on held-out pictures, so it was kept.")
        NO_BETTER = "no_better", _("Fine-tuning did not help on held-out pictures, so it was left out.")
        TOO_SLOW = "too_slow", _("Fine-tuning would take more than ten minutes here, so it was left out.")
        NOTHING_TO_GAIN = "nothing_to_gain", _("There were too few mistakes for fine-tuning to put right.")
        TOO_FEW = "too_few", _("Fine-tuning needs 100 pictures or more.")
        NOT_WANTED = "not_wanted", _("Fine-tuning was not asked for.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    classifier = models.ForeignKey(Classifier, on_delete=models.CASCADE, related_name="trainings")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="training")
    wants_tuning = models.BooleanField(default=False)
    curves = models.JSONField(default=list)
    stage = models.CharField(max_length=10, blank=True)  # "head" or "tuning": what the curves are of
    version = models.OneToOneField(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="taught_by"
    )
    evaluation = models.JSONField(default=dict)
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.classifier} {self.created_at:%Y-%m-%d %H:%M}"

    def note(self, stage: str, curves: Sequence[dict[str, float]]) -> None:
        """Its progress, for whoever follows it."""
        self.stage, self.curves = stage, list(curves)
        self.save(update_fields=["stage", "curves"])

    def record(self, version: ModelVersion, evaluation: dict[str, Any], verdict: str) -> None:
        self.version, self.evaluation, self.verdict = version, evaluation, verdict
        self.save(update_fields=["version", "evaluation", "verdict"])
