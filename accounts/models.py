"""Who: users with one role each, and the tokens their programs sign in with."""

import hashlib
import secrets
from typing import Self, TypeAlias

from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    TEACHER = "teacher", _("Teacher")
    ADMIN = "admin", _("Admin")


class Users(UserManager["User"]):
    def create_superuser(self, username: str, email: str | None = None, password: str | None = None, **extra):
        return super().create_superuser(username, email, password, **{"role": Role.ADMIN, **extra})


class User(AbstractUser):
    """A person. Members use the workbench, teachers also own exams, admins also manage people and models."""

    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)  # is_active is False then, too

    objects = Users()
    _password: str | None  # Django's: the raw one that was set and is not saved yet
    was_locked = False  # its password was taken away, and this is not saved yet

    @property
    def is_teacher(self) -> bool:
        return self.role in (Role.TEACHER, Role.ADMIN)

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self.was_locked = True

    def save(self, *args, **kwargs):
        """The role decides who enters the admin site, so that the two can never disagree.

        Tokens end with the password, as sessions do: whoever changes it may want others out. A hash that is only
        renewed while someone signs in is no new password; Django has then forgotten the raw one.
        """
        self.is_staff = self.is_superuser = self.role == Role.ADMIN
        ends_tokens = self.pk is not None and (self._password is not None or self.was_locked)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if ends_tokens:
                self.tokens.all().delete()
        self.was_locked = False


AnyUser: TypeAlias = User | AnonymousUser  # whoever a request comes from


class TokenQuerySet(models.QuerySet["Token"]):
    def for_user(self, user: AnyUser) -> Self:
        return self.filter(user=user)


class Scope(models.TextChoices):
    """What a token is good for, within what its user may do."""

    WRITE = "write", _("Read and change")
    READ = "read", _("Only read")


class Token(models.Model):
    """A key for programs. Only its digest is kept: the key itself is shown once, when it is made.

    Those of before there were scopes may do all and never expire: `expires_at` is None.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.WRITE)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


def hash_key(key: str) -> str:
    """SHA-256 is enough here: the keys are 256 random bits, not passwords that people choose."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    return secrets.token_urlsafe(32)
