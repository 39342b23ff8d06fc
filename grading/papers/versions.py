"""Which version of an exam a paper is of, where a person says it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import Exam, Paper
from grading.papers.corrections import locked, log_correction, settle_and_report
from grading.papers.scores import reread


@transaction.atomic
def correct_version(*, paper: Paper, version: int, by: User) -> Paper:
    """Its answers are read and scored anew by the key of that version; what a person corrected stays. Raises
    ValidationError where there is no such version, or the paper is gone."""
    exam, paper = locked(paper)
    if not 1 <= version <= exam.versions:
        raise ValidationError(_("This exam has versions 1 to %(last)s.") % {"last": exam.versions})
    log_correction(paper, by, "version", str(paper.version), str(version))
    read_as(exam, paper, version)
    settle_and_report(exam, [paper.pk])
    paper.refresh_from_db()
    return paper


def read_as(exam: Exam, paper: Paper, version: int) -> None:
    """What its cells say in that version."""
    paper.version = version
    paper.save(update_fields=["version"])
    pages = (
        paper.pages.filed()
        .select_related("paper", "cells")
        .prefetch_related("scan__readers", "answers__item")
    )
    for page in pages:
        reread(exam, page)
