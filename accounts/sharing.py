"""Whose rows are whose, and the links under which others see one."""

import uuid
from typing import Any, Self

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import AnyUser
from audit.models import Verb
from audit.services import record


class OwnQuerySet(models.QuerySet):
    """Rows that belong to one person. Admins too see only their own here; the admin site shows them all."""

    path_to_owner = "owner"

    def for_user(self, user: AnyUser) -> Self:
        return self.filter(**{self.path_to_owner: user})


class ShareableQuerySet(OwnQuerySet):
    def shared(self) -> Self:
        return self.exclude(share_key=None)


class Shareable(models.Model):
    """A row that anyone sees who has its link."""

    share_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        abstract = True


def share(*, row: Shareable, is_shared: bool = True) -> None:
    """Whoever has the link sees it, the same link every time; or nobody does any more. Its owner asks for that."""
    note_sharing(row, was_shared=row.share_key is not None, is_shared=is_shared)
    row.share_key = (row.share_key or uuid.uuid4()) if is_shared else None
    row.save(update_fields=["share_key"])


def note_sharing(row: Any, *, was_shared: bool, is_shared: bool) -> None:
    """In the log, where that changes; row: one with an owner."""
    if was_shared != is_shared:
        record(actor=row.owner, verb=Verb.SHARED if is_shared else Verb.UNSHARED, row=row)


def share_link(request: HttpRequest, row: Shareable, page: str) -> str:
    """The address of the `page` that others see; empty where the row is not shared."""
    return request.build_absolute_uri(reverse(page, args=[row.share_key])) if row.share_key else ""


def unlisted(answer: HttpResponse) -> HttpResponse:
    """Not for search engines, and not kept where the link is taken back."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-cache"
    return answer
