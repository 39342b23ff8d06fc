"""What of pictures and of teaching can be done again."""

from accounts.models import User
from classifier.models import Picture, Training
from classifier.services import pictures, teaching
from jobs.models import Job
from jobs.repeating import row_of, stored_file


def look_again(job: Job, by: User) -> Picture:
    """By the network that answers now, and the same taught one."""
    picture = row_of(Picture.objects.for_user(by), job=job)
    return pictures.submit_picture(
        owner=by,
        image=stored_file(picture.file, picture.name),
        only_labels=picture.wants_labels_only,
        taught=picture.taught,
    )


def train_again(job: Job, by: User) -> Training:
    """On the pictures that are there now."""
    training = row_of(Training.objects.filter(classifier__owner=by, classifier__trashed=None), job=job)
    return teaching.train(classifier=training.classifier, wants_tuning=training.wants_tuning)


REPEATS = {pictures.LOOK: look_again, pictures.LABEL: look_again, teaching.TRAIN: train_again}
