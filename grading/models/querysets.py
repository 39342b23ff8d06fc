"""Whose rows are whose: said once for pages and API."""

from typing import Self

from django.db import models

from accounts.models import User


class OwnedQuerySet(models.QuerySet):
    """Rows that belong to one teacher. Admins too see only their own here; the admin site shows them all."""

    path_to_owner = "exam__owner"

    def for_user(self, user: User) -> Self:
        return self.filter(**{self.path_to_owner: user})


class ExamQuerySet(OwnedQuerySet):
    path_to_owner = "owner"


class ScanPageQuerySet(OwnedQuerySet):
    path_to_owner = "scan__exam__owner"

    def filed(self) -> Self:
        """Pages that count for their paper. A rejected copy only names the paper that has the page."""
        return self.filter(paper__isnull=False).exclude(status="rejected")


class PaperQuerySet(OwnedQuerySet):
    def whole(self) -> Self:
        """With all that is shown of a paper."""
        with_student = self.select_related("student")
        return with_student.prefetch_related(
            "answers__item", "answers__page", "pages__scan__readers", "corrections__by"
        )


class AnswerQuerySet(OwnedQuerySet):
    path_to_owner = "paper__exam__owner"
