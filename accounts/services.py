"""What people do with accounts: their own, and those they answer for. Views, API and admin come through here."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain, count
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import OneTimeCode, Role, Scope, Token, TokenQuerySet, User, hash_key, new_key
from prepared.queries import prepared
from web.codes import grouped, new_code, ungrouped

CODE_LENGTH = 12  # letters: 59 bits
CODE_LIFETIME = timedelta(days=30)  # cards are handed out on Mondays, and mails are read late
RESET_EVERY = timedelta(minutes=5)  # else strangers could fill somebody's mailbox
RESET_LIFETIME = timedelta(hours=2)  # of what somebody asked for who may not be the person
SEEN_EVERY = timedelta(minutes=10)
LIFETIME = timedelta(days=365)  # of a token, where nothing else is asked for
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=3650)


def make_token(
    *, user: User, name: str, scope: str = Scope.WRITE, lifetime: timedelta = LIFETIME
) -> tuple[Token, str]:
    """A new token of `user` and its key, which cannot be shown again."""
    key, now = new_key(), timezone.now()
    token = Token(user=user, name=name, digest=hash_key(key), hint=key[:6], scope=scope)
    token.created_at, token.expires_at = now, now + lifetime
    token.save()
    return token, key


def revoke_token(*, token: Token) -> None:
    token.delete()


@prepared
def tokens_of(digest: str) -> TokenQuerySet:
    """With their users: one, or none."""
    return Token.objects.select_related("user").filter(digest=digest, user__is_active=True).order_by()


def find_token(*, key: str) -> Token | None:
    """The token of `key` if it has not expired and its user may still sign in; notes when it was used, at most once a
    minute."""
    found = tokens_of(hash_key(key))
    if not found or found[0].has_expired:
        return None
    token: Token = found[0]
    now = timezone.now()
    if token.used_at is None or (now - token.used_at).total_seconds() > 60:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token


# --- people


@transaction.atomic
def invite(*, by: User, role: str, name: str = "", email: str = "") -> tuple[User, str]:
    """An account without a password, and the code with which one is chosen. Raises ValidationError where somebody has
    that address already."""
    if email and User.objects.filter(email__iexact=email).exists():
        raise ValidationError(_("Somebody with the address %(email)s is here already.") % {"email": email})
    person = User(username=free_username("invited"), role=role, first_name=name, email=email)
    person.set_unusable_password()
    save_person(person)
    return person, make_code(user=person, by=by)


@transaction.atomic
def invite_all(*, by: User, role: str, people: Sequence[Mapping[str, str]]) -> list[tuple[User, str]]:
    """All or none. Raises ValidationError."""
    return [invite(by=by, role=role, **one) for one in people]


def suggested_username(*, name: str) -> str:
    """The name, if nobody has it, else with a number; empty where there is no name to begin with."""
    begin = "".join(letter for letter in name if letter.isalnum())[:100]
    taken = set(User.objects.filter(username__startswith=begin).values_list("username", flat=True))
    numbered = (f"{begin}{number}" for number in count(2))
    return next(name for name in chain([begin], numbered) if name not in taken)


def free_username(begin: str) -> str:
    """Until its person chooses one."""
    return f"{begin}-{new_code(8).lower()}"


def make_code(*, user: User, by: User | None, lifetime: timedelta = CODE_LIFETIME) -> str:
    """As it is printed; it cannot be shown again. The user's old one no longer works, the password still does."""
    code, now = new_code(CODE_LENGTH), timezone.now()
    fields = {"digest": hash_key(code), "made_by": by, "created_at": now, "expires_at": now + lifetime}
    OneTimeCode.objects.update_or_create(user=user, defaults=fields)
    return grouped(code)


def reset_code(*, user: User) -> str:
    """For whoever asked without being signed in; empty where the last one is too fresh, or one that a teacher or admin
    made still works."""
    now = timezone.now()
    is_kept = Q(made_by__isnull=False, expires_at__gt=now) | Q(created_at__gt=now - RESET_EVERY)
    if OneTimeCode.objects.filter(is_kept, user=user).exists():
        return ""
    return make_code(user=user, by=None, lifetime=RESET_LIFETIME)


def find_code(*, text: str) -> OneTimeCode | None:
    """However it is typed; None where there is none, it was used or has expired, or its person may not sign in."""
    codes = OneTimeCode.objects.select_related("user").filter(user__is_active=True)
    return codes.filter(digest=hash_key(ungrouped(text)), expires_at__gt=timezone.now()).first()


@transaction.atomic
def use_code(*, code: OneTimeCode, password: str, username: str = "", first_name: str = "") -> User:
    """Choose a password, and at the first time a username, too.

    Raises ValidationError where a guardian's consent is missing, the password is weak or the username is taken.
    """
    person = User.objects.select_for_update().get(pk=code.user_id)
    require_consent(person)
    if not OneTimeCode.objects.filter(pk=code.pk, digest=code.digest).delete()[0]:
        raise ValidationError(_("This code was used already."))
    if person.is_invited:
        check_username(username)
        person.username, person.first_name = username or person.username, first_name or person.first_name
    return save_with_password(person, password)


def require_consent(person: User) -> None:
    """Raises ValidationError where it is missing."""
    if person.awaits_consent:
        raise ValidationError(_("Your teacher has not yet noted that your parents agree. Please ask."))


def check_username(username: str) -> None:
    """Raises ValidationError where it looks like a mail address: things are shared with who has that one."""
    if "@" in username:
        raise ValidationError({"username": _("A username has no @: choose one that is no mail address.")})


def check_address(email: str) -> None:
    """Raises ValidationError where somebody has it."""
    if email and User.objects.filter(email__iexact=email).exists():
        sentence = _("Somebody with the address %(email)s is here already.")
        raise ValidationError({"email": sentence % {"email": email}})


def check_password(person: User, password: str) -> None:
    """Raises ValidationError where it is weak."""
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak


def check_account(person: User, password: str) -> None:
    """Of somebody new. Raises one ValidationError with all that is wrong, by field."""
    checks = (
        partial(person.full_clean, exclude=["password"]),
        partial(check_username, person.username),
        partial(check_address, person.email),
        partial(check_password, person, password),
    )
    wrong: dict[str, list[ValidationError]] = {}
    for check in checks:
        try:
            check()
        except ValidationError as error:
            error.update_error_dict(wrong)
    if wrong:
        raise ValidationError(wrong)


def save_with_password(person: User, password: str) -> User:
    """Raises ValidationError where the password is weak, too."""
    check_password(person, password)
    person.set_password(password)
    return save_person(person)


def save_person(person: User) -> User:
    """Raises ValidationError where it cannot be: a username that is taken, an address that is none."""
    person.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as taken:  # by somebody at the same moment
        raise ValidationError({"username": _("Somebody has this username already.")}) from taken
    return person


def register(*, username: str, password: str, email: str = "", first_name: str = "") -> User:
    """Somebody new makes an account as a member. Raises ValidationError."""
    person = User(username=username, email=email, first_name=first_name, role=Role.MEMBER)
    check_account(person, password)
    return save_with_password(person, password)


@transaction.atomic
def change_person(*, person: User, **fields: Any) -> User:
    """Raises ValidationError where it cannot be: nobody would be left to administer the site.

    With the role a code ends that somebody may hold who had no say over the new one.
    """
    person = User.objects.select_for_update().get(pk=person.pk, deleted_at=None)
    role = person.role
    if fields.get("email", person.email) != person.email:
        person.oidc_digest = None  # the provider vouched for the address of before
    for name, value in fields.items():
        setattr(person, name, value)
    if person.role != role or not person.is_active:
        OneTimeCode.objects.filter(user=person).delete()
    if not person.is_active:
        person.tokens.all().delete()
    if not (person.is_active and person.role == Role.ADMIN):
        require_another_admin(person)
    return save_person(person)


def require_another_admin(person: User) -> None:
    """Locked: two of the last two could go at the same moment. Raises ValidationError where there is none."""
    admins = User.objects.select_for_update().active().filter(role=Role.ADMIN)
    if all(admin.pk == person.pk for admin in admins):
        raise ValidationError(_("Somebody has to administer the site: make another administrator first."))


def note_consent(*, person: User, by: User) -> None:
    """A guardian has agreed, by what is kept on paper."""
    person.consent_at, person.consent_by = timezone.now(), by
    person.save(update_fields=["consent_at", "consent_by"])


def note_seen(*, user: User) -> None:
    """Seldom: a write for each page would make readers wait for writers."""
    now = timezone.now()
    if user.seen_at is None or now - user.seen_at > SEEN_EVERY:
        User.objects.filter(pk=user.pk).update(seen_at=now)
