"""Who: users with one role each, and the tokens their programs sign in with."""

import hashlib
import secrets
from typing import Self, TypeAlias

from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models
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

    objects = Users()

    @property
    def is_teacher(self) -> bool:
        return self.role in (Role.TEACHER, Role.ADMIN)

    def save(self, *args, **kwargs):
        """The role decides who enters the admin site, so that the two can never disagree."""
        self.is_staff = self.is_superuser = self.role == Role.ADMIN
        super().save(*args, **kwargs)


AnyUser: TypeAlias = User | AnonymousUser  # whoever a request comes from


class TokenQuerySet(models.QuerySet["Token"]):
    def for_user(self, user: AnyUser) -> Self:
        return self.filter(user=user)


class Token(models.Model):
    """A key for programs. Only its digest is kept: the key itself is shown once, when it is made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


def hash_key(key: str) -> str:
    """SHA-256 is enough here: the keys are 256 random bits, not passwords that people choose."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    return secrets.token_urlsafe(32)
