"""Who: users with one role each, the codes that let them in once, and the tokens their programs sign in with."""

import hashlib
import secrets
from typing import Any, Self, TypeAlias

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STUDENT = "student", _("Student")
    MEMBER = "member", _("Member")
    TEACHER = "teacher", _("Teacher")
    ADMIN = "admin", _("Admin")


class People(models.QuerySet["User"]):
    """By how far their accounts came: each who is here is in one of the first three."""

    def invited(self) -> Self:
        return self.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def active(self) -> Self:
        return self.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def deactivated(self) -> Self:
        return self.here().filter(is_active=False)

    def here(self) -> Self:
        """Without those who were deleted and can still come back."""
        return self.filter(deleted_at=None)


class Users(UserManager.from_queryset(People)):
    def create_superuser(self, username: str, email: str | None = None, password: str | None = None, **extra):
        return super().create_superuser(username, email, password, **{"role": Role.ADMIN, **extra})


class User(AbstractUser):
    """A person. Students and members use the workbench, teachers also own exams and classes, admins also manage people
    and models. Someone invited has no password yet."""

    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    # Of a child: no password can be chosen before somebody has noted that a guardian agrees
    needs_consent = models.BooleanField(default=False)
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # By whom the identity provider of the school vouches for: of issuer and subject
    oidc_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)  # is_active is False then, too

    objects = Users()
    _password: str | None  # Django's: the raw one that was set and is not saved yet
    was_locked = False  # its password was taken away, and this is not saved yet

    @property
    def is_teacher(self) -> bool:
        return self.role in (Role.TEACHER, Role.ADMIN)

    @property
    def is_invited(self) -> bool:
        return self.is_active and not self.has_usable_password()

    @property
    def awaits_consent(self) -> bool:
        return self.needs_consent and self.consent_at is None

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self.was_locked = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The role decides who enters the admin site, so that the two can never disagree.

        Tokens and one-time codes end with the password, as sessions do: whoever changes it may want others out. A hash
        that is only renewed while someone signs in is no new password; Django has then forgotten the raw one.
        """
        self.is_staff = self.is_superuser = self.role == Role.ADMIN
        ends_tokens = self.pk is not None and (self._password is not None or self.was_locked)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if ends_tokens:
                self.tokens.all().delete()
                OneTimeCode.objects.filter(user=self).delete()
        self.was_locked = False


AnyUser: TypeAlias = User | AnonymousUser  # whoever a request comes from


class OneTimeCode(models.Model):
    """Lets its user choose a password, once: an invitation, a student's card, a forgotten password.

    Only its digest is kept. A new one ends the one before.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="code")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user}"


class SecondFactor(models.Model):
    """What its user signs in with beside the password: an app that shows codes (TOTP, RFC 6238). One is set up and
    confirmed, or there is none."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=64)  # in base32, shared with the app
    last_step = (
        models.BigIntegerField()
    )  # of the last code that was used: neither it nor an older one works again
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user}"


class RecoveryCode(models.Model):
    """In place of a code of the app, once. Only its digest is kept."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.factor}"


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
    """SHA-256 is enough here: keys and codes are random, not passwords that people choose."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    return secrets.token_urlsafe(32)
