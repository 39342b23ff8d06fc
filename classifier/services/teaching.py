"""What a person does with a classifier of their own: name classes, give pictures, teach, use a version, share.

Pages and API come through here.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import BinaryIO, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.sharing import note_sharing
from classifier.models import Classifier, Delivery, Example, Label, Training
from classifier.uploads import (
    MOST_EXAMPLES,
    MOST_LABELS,
    TOO_MANY_LABELS,
    count_packed,
    is_zip,
    new_example,
    one_line,
)
from jobs import services as jobs
from jobs.models import Job
from registry import services as registry
from registry import weight_files as registry_files
from registry.models import ModelVersion
from trash import services as trash
from trash.models import Item
from uploads.pictures import check_picture
from uploads.problems import BadFile
from web.files import remove_on_commit
from web.refusals import bad_file_refused

TAKE, TRAIN = "classifier.take_examples", "classifier.train"


# --- the classifier and its classes


@transaction.atomic
def create(
    *,
    owner: User,
    name: str,
    labels: Sequence[str] = (),
    file: UploadedFile | None = None,
    key: str = "",
) -> Classifier:
    """file: a ZIP of its pictures, as `classifier.datasets` writes it, whose name does where none is given; with the
    same key it makes one classifier. Raises ValidationError where it has no name, a class has none, or the file is no
    ZIP."""
    if file is not None and not is_zip(file):
        raise ValidationError(_("This file is no ZIP with a folder for each class."))
    name = name or (PurePosixPath(file.name or "").stem if file else "")
    classifier = Classifier.objects.create(owner=owner, name=checked_name(name))
    for label in dict.fromkeys(labels):
        add_label(classifier=classifier, name=label)
    if file is None:
        return classifier
    made = deliver(classifier, [file], "", f"new:{key}"[:200] if key else "").classifier
    if made != classifier:  # of an earlier request with this key
        classifier.delete()
    return made


def rename(*, classifier: Classifier, name: str) -> None:
    classifier.name = checked_name(name)
    classifier.save(update_fields=["name"])


def checked_name(name: str) -> str:
    """One line; raises ValidationError where nothing is left."""
    if not one_line(name):
        raise ValidationError(_("Please give it a name."))
    return one_line(name)


def add_label(*, classifier: Classifier, name: str) -> Label:
    """The class of that name, which may be there already. Raises ValidationError."""
    label, is_new = Label.objects.get_or_create(classifier=classifier, name=checked_name(name))
    if is_new and classifier.labels.count() > MOST_LABELS:
        label.delete()
        raise ValidationError(_(TOO_MANY_LABELS))
    return label


@transaction.atomic
def rename_label(*, label: Label, name: str) -> Label:
    """A name that another class has joins the two; answers the one that stays."""
    other = label.classifier.labels.filter(name=checked_name(name)).exclude(pk=label.pk).first()
    if other is None:
        label.name = one_line(name)
        label.save(update_fields=["name"])
        return label
    Example.with_trashed.filter(label=label).update(label=other)
    Delivery.objects.filter(label=label).update(label=other)  # or they would go, and their pictures with them
    label.delete()
    return other


@transaction.atomic
def purge_label(*, label: Label) -> None:
    """An end of it, with all its pictures, also those that a worker is still to take in."""
    remove_on_commit([example.file for example in Example.with_trashed.filter(label=label).only("file")])
    deliveries = Delivery.objects.filter(label=label)
    remove_on_commit([delivery.archive for delivery in deliveries])
    deliveries.update(label=None, archive="")  # they stay: of their pictures some are in other classes now
    label.delete()


def share(*, classifier: Classifier, is_shared: bool) -> None:
    """Whether all users of the site may use it; nobody else changes it or sees its pictures."""
    note_sharing(classifier, was_shared=classifier.is_shared, is_shared=is_shared)
    classifier.is_shared = is_shared
    classifier.save(update_fields=["is_shared"])


@transaction.atomic
def purge(*, classifier: Classifier) -> None:
    """An end of it, with its pictures and the files of its versions; what others had named by it keeps its answers."""
    versions = list(classifier.versions)
    remove_on_commit([*(row.file for row in Example.with_trashed.filter(classifier=classifier).only("file"))])
    remove_on_commit([*(row.archive for row in classifier.deliveries.only("archive"))])
    classifier.versions.update(state=ModelVersion.State.RETIRED)
    jobs_of(classifier).delete()
    classifier.delete()
    transaction.on_commit(lambda: registry_files.remove(versions))


def jobs_of(classifier: Classifier) -> QuerySet[Job]:
    """All that was asked for it, in the trash, too."""
    return Job.with_trashed.filter(Q(training__classifier=classifier) | Q(delivery__classifier=classifier))


# --- its pictures


def add_examples(
    *,
    classifier: Classifier,
    files: Sequence[UploadedFile],
    label: str = "",
    key: str = "",
    then_trains: bool = False,
) -> Delivery:
    """Pictures of one class, or one ZIP with a folder for each class; a job looks at each. then_trains: once it
    has, the classifier learns, without fine-tuning.

    What is no picture is named and skipped. Raises ValidationError where nothing is left, or no class is named.
    """
    return deliver(classifier, files, label, own_key(classifier, key), then_trains)


def deliver(
    classifier: Classifier, files: Sequence[UploadedFile], label: str, key: str, then_trains: bool = False
) -> Delivery:
    is_packed = len(files) == 1 and is_zip(files[0])
    if not files:
        raise ValidationError(_("Please choose a file."))
    if not is_packed and not one_line(label):
        raise ValidationError(
            _("Say which class these pictures are of, or send a ZIP with a folder for each.")
        )
    check_example_count(classifier, files, is_packed)
    with transaction.atomic():
        job, is_new = jobs.submit(
            owner=classifier.owner, task=TAKE, subject=classifier.name, key=key, files=files
        )
        if not is_new:
            return Delivery.objects.select_related("job", "classifier").get(job=job)
        named = add_label(classifier=classifier, name=label) if one_line(label) else None
        delivery = Delivery(classifier=classifier, job=job, label=named, then_trains=then_trains)
        if is_packed:
            delivery.archive.save(f"{job.pk}.zip", files[0], save=False)
        delivery.save()
        return delivery if named is None or is_packed else with_pictures(delivery, named, files)


def with_pictures(delivery: Delivery, label: Label, files: Sequence[UploadedFile]) -> Delivery:
    """Raises ValidationError, with a sentence for each file, where none is a picture."""
    examples = []
    for place, file in enumerate(files):
        try:
            check_picture(cast(BinaryIO, file.file))
            examples.append(new_example(delivery, label, place, file.name or "", file))
        except BadFile as problem:
            delivery.skipped.append({"name": (file.name or "")[-200:], "problem": str(problem)})
    if not examples:
        raise ValidationError([f"{file['name']}: {_(file['problem'])}" for file in delivery.skipped])
    Example.objects.bulk_create(examples)
    delivery.save(update_fields=["skipped"])
    return delivery


def check_example_count(classifier: Classifier, files: Sequence[UploadedFile], is_packed: bool) -> None:
    with bad_file_refused():
        count = count_packed(files[0], MOST_EXAMPLES) if is_packed else len(files)
    if not count:
        raise ValidationError(_("There is no picture in it."))
    if classifier.examples.count() + count > MOST_EXAMPLES:
        raise ValidationError(_("A classifier learns from at most 10,000 pictures."))


def remove_examples(*, classifier: Classifier, ids: Sequence[UUID], by: User) -> Item | None:
    """Into the trash those of this classifier with these ids; None where there are none."""
    examples = list(
        classifier.examples.filter(pk__in=ids).only("pk", "classifier", "label")
    )  # they may be thousands
    labels = classifier.labels.filter(pk__in={example.label_id for example in examples})
    names = ", ".join(labels.values_list("name", flat=True))
    return trash.delete(rows=examples, by=by, name=f"{classifier.name}: {names}")


@transaction.atomic
def purge_examples(*, examples: Sequence[Example]) -> None:
    remove_on_commit([example.file for example in examples])
    Example.with_trashed.filter(pk__in=[example.pk for example in examples]).delete()


def move_examples(*, classifier: Classifier, ids: Sequence[UUID], label: Label) -> int:
    """To another class of the same classifier."""
    return classifier.examples.filter(pk__in=ids).update(label=label)


# --- learning


@transaction.atomic
def train(*, classifier: Classifier, wants_tuning: bool = True, key: str = "") -> Training:
    """Learn from all pictures there are. Raises ValidationError where they cannot be learned from."""
    key = own_key(classifier, key)
    known = classifier.trainings.select_related("job").filter(job__key=key).first() if key else None
    if known is not None:
        return known
    check_teachable(classifier)
    if classifier.open_job is not None:
        raise ValidationError(
            _("Something is still being done with this classifier. Wait until it has ended.")
        )
    return submit_training(classifier, wants_tuning, key)


def submit_training(classifier: Classifier, wants_tuning: bool, key: str = "") -> Training:
    job, _is_new = jobs.submit(owner=classifier.owner, task=TRAIN, subject=classifier.name, key=key)
    return Training.objects.create(classifier=classifier, job=job, wants_tuning=wants_tuning)


def own_key(classifier: Classifier, key: str) -> str:
    """The same key for another classifier means something else."""
    return f"{classifier.pk.hex}:{key}"[:200] if key else ""


def check_teachable(classifier: Classifier) -> None:
    """Raises ValidationError that says which class needs more; one without any pictures is left out."""
    different = classifier.count_different(classifier.found_among)
    used = [label for label in classifier.labels.order_by("pk") if label.pk in different]
    if len(used) < 2:
        raise ValidationError(_("There must be pictures of two classes or more to tell apart."))
    poor = [label.name for label in used if different[label.pk] < 2]
    if poor:
        raise ValidationError(
            ngettext(
                "This class has one picture, copies counted once; it needs two, better ten: %(names)s",
                "These classes have one picture each, copies counted once; they need two, better ten: %(names)s",
                len(poor),
            )
            % {"names": ", ".join(poor)}
        )


# --- its versions


def activate(*, classifier: Classifier, version: ModelVersion) -> None:
    """From now on this version of the classifier answers."""
    registry.activate(version=classifier.versions.get(pk=version.pk), by=classifier.owner)


def roll_back(*, classifier: Classifier) -> ModelVersion:
    """The version before answers again. Raises ValidationError where there is none."""
    return registry.roll_back(kind=classifier.kind, by=classifier.owner)
