"""The second factor: codes of an app, and recovery codes for when it is lost."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyotp import TOTP, random_base32

from accounts.models import AnyUser, RecoveryCode, SecondFactor, User, hash_key
from accounts.services import CODE_LENGTH
from audit import titles
from audit.models import Verb
from audit.services import record
from siteconfig.services import site_settings
from web.codes import grouped, new_code, ungrouped

RECOVERY_CODES = 10
DRIFT = 1  # steps of 30 seconds by which the clock of a phone may be wrong

titles.register("accounts.secondfactor", gettext_lazy("Second factor"))
titles.register("accounts.recoverycode", gettext_lazy("Recovery code"))


def new_secret() -> str:
    return random_base32()


def app_address(*, person: User, secret: str) -> str:
    """What the square code says to an app."""
    return TOTP(secret).provisioning_uri(name=person.username, issuer_name=site_settings().shown_name)


def of(person: AnyUser) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=person.pk).first()


def is_required(person: User) -> bool:
    return site_settings().second_factor_required and person.is_teacher


def is_asked(person: User) -> bool:
    """Of who has none it is asked that they set one up."""
    return of(person) is not None or is_required(person)


@transaction.atomic
def set_up(*, person: User, secret: str, code: str) -> list[str]:
    """The recovery codes, which cannot be shown again. Raises ValidationError where the code is not one of the app."""
    step = matching_step(secret, code)
    if step is None:
        raise ValidationError(
            {"code": _("This is not the code of the app. Is the clock of your phone right?")}
        )
    factor, is_new = SecondFactor.objects.get_or_create(
        user=person, defaults={"secret": secret, "last_step": step}
    )
    if not is_new:
        raise ValidationError(_("You have a second factor already: turn it off first."))
    codes = [new_code(CODE_LENGTH) for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=hash_key(code)) for code in codes)
    record(actor=person, verb=Verb.CREATED, row=factor, owner=person)
    return [grouped(code) for code in codes]


@transaction.atomic
def remove(*, person: User, by: User) -> None:
    """Signing in takes the password alone again. Nothing where there was none."""
    if factor := of(person):
        record(actor=by, verb=Verb.DELETED, row=factor, owner=person)
        factor.delete()


def verify(*, person: User, code: str) -> bool:
    """Whether this code is right; it is used by that."""
    return use_app_code(person, code) or use_recovery_code(person, code)


def use_app_code(person: User, code: str) -> bool:
    factor = of(person)
    if factor is None or (step := matching_step(factor.secret, code)) is None:
        return False
    # Of two who send it at the same moment one is refused
    return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))


def matching_step(secret: str, code: str) -> int | None:
    """The step of time whose code this is, None where it is of none around now."""
    totp, typed = TOTP(secret), ungrouped(code)
    now = totp.timecode(timezone.now())
    steps = range(now - DRIFT, now + DRIFT + 1)
    return next((step for step in steps if constant_time_compare(totp.generate_otp(step), typed)), None)


@transaction.atomic
def use_recovery_code(person: User, code: str) -> bool:
    codes = RecoveryCode.objects.select_related("factor__user").filter(factor__user=person)
    found = codes.filter(digest=hash_key(ungrouped(code))).first()
    if found is None or not RecoveryCode.objects.filter(pk=found.pk).delete()[0]:
        return False
    record(actor=person, verb=Verb.USED, row=found, owner=person)
    return True
