"""What of pictures and of teaching can be deleted, and had back."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from classifier.models import Album, Classifier, Example, Label, Picture
from classifier.services import pictures, teaching
from jobs.models import Job
from trash.kinds import Kind, register


def along_with_picture(picture: Picture) -> list[QuerySet]:
    """Those of an album share its job."""
    return [] if picture.album_id else [Job.with_trashed.filter(pictures=picture)]


def along_with_album(album: Album) -> list[QuerySet]:
    return [Picture.with_trashed.filter(album=album), Job.with_trashed.filter(album=album)]


def along_with_classifier(classifier: Classifier) -> list[QuerySet]:
    parts = [model.with_trashed.filter(classifier=classifier) for model in (Label, Example)]
    return [*parts, teaching.jobs_of(classifier)]


def owner_of_part(row: Label | Example) -> User:
    return row.classifier.owner


register(
    Kind(
        model=Picture,
        title=_("Picture"),
        icon="image",
        name=lambda picture: picture.right_label or picture.name,
        along=along_with_picture,
        purge=lambda picture: pictures.purge(picture=picture),
    )
)
register(
    Kind(
        model=Album,
        title=_("Album"),
        icon="image",
        along=along_with_album,
        purge=lambda album: pictures.purge_album(album=album),
    )
)
register(
    Kind(
        model=Classifier,
        title=_("Classifier"),
        icon="network",
        along=along_with_classifier,
        purge=lambda classifier: teaching.purge(classifier=classifier),
    )
)
register(
    Kind(
        model=Label,
        title=_("Class of a classifier"),
        icon="network",
        owner=owner_of_part,
        name=lambda label: f"{label.classifier.name}: {label.name}",
        along=lambda label: [Example.with_trashed.filter(label=label)],
        purge=lambda label: teaching.purge_label(label=label),
    )
)
register(
    Kind(
        model=Example,
        title=_("Pictures of a class"),
        icon="image",
        owner=owner_of_part,
        purge=lambda example: teaching.purge_examples(examples=[example]),
        purge_together=lambda examples: teaching.purge_examples(examples=examples),
    )
)
