"""What the site's administrators decide while it runs: one row. What needs a restart stands in the environment."""

from pathlib import PurePosixPath

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PRODUCT = "Nunbit"
ONLY = 1  # the key of the row
LONGEST_DAYS = 3650


def between(least: int, most: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


class Registration(models.TextChoices):
    CLOSED = "closed", _("Only who is invited")
    OPEN = "open", _("Whoever visits may make a member's account")


class SiteSettings(models.Model):
    """A site that never changed anything has no row: then this class's defaults hold."""

    name = models.CharField(_("name of the site"), max_length=60, blank=True)
    logo = models.FileField(_("logo"), upload_to="site", blank=True)
    language = models.CharField(
        _("language of visitors and mails"), max_length=10, choices=settings.LANGUAGES, blank=True
    )  # empty: what their browser asks for
    contact = models.TextField(_("whom to ask"), max_length=500, blank=True)
    registration = models.CharField(
        _("new accounts"), max_length=10, choices=Registration.choices, default=Registration.CLOSED
    )
    second_factor_required = models.BooleanField(
        _("teachers and administrators need a second factor"), default=False
    )
    has_demos = models.BooleanField(
        _("visitors may try digits, pictures and faces on the first page"), default=True
    )
    guardian_age = models.PositiveSmallIntegerField(
        _("a guardian's consent is asked below the age of"), default=14, validators=between(0, 20)
    )  # 0: of nobody
    year_begins = models.PositiveSmallIntegerField(
        _("month in which the school year begins"), default=3, validators=between(1, 12)
    )
    trash_days = models.PositiveSmallIntegerField(
        _("days in the trash"), default=30, validators=between(1, LONGEST_DAYS)
    )
    log_days = models.PositiveSmallIntegerField(
        _("days of the log"), default=730, validators=between(1, LONGEST_DAYS)
    )
    sign_in_days = models.PositiveSmallIntegerField(
        _("days of sign-ins with their addresses"), default=90, validators=between(1, LONGEST_DAYS)
    )
    photo_days = models.PositiveSmallIntegerField(
        _("days of photos of faces"), default=1, validators=between(1, LONGEST_DAYS)
    )
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("settings of the site")
        constraints = [models.CheckConstraint(condition=Q(pk=ONLY), name="one_row_of_site_settings")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """In titles, in the top line, in mails and on cards."""
        return self.name or PRODUCT

    @property
    def logo_version(self) -> str:
        """Part of its address: each file has a name of its own."""
        return PurePosixPath(self.logo.name).stem

    @property
    def mail_language(self) -> str:
        """Of mails, cards and whatever else is written to someone whose own choice is not known."""
        return self.language or settings.LANGUAGE_CODE
