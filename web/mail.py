"""Mail where the site has a server that sends it (EMAIL_URL); elsewhere pages show what a mail would have said."""

import threading
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _


class NotSent(Exception):
    """Its text is a sentence for whoever wanted to send, with the server's own answer."""


def is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


def send(*, to: str, subject: str, text: str) -> None:
    """Waits until the server has taken it, EMAIL_TIMEOUT seconds at most. Raises NotSent."""
    try:
        send_mail(" ".join(subject.split()), text, None, [to])  # a header is one line
    except (OSError, SMTPException, ValueError) as problem:
        words = {"address": to, "answer": answer_of(problem)}
        raise NotSent(_("The mail to %(address)s was not sent: %(answer)s") % words) from problem


def send_unwatched(*, to: str, subject: str, text: str) -> None:
    """For strangers, who must not learn from how long it takes, or from an error, whether anything is sent."""
    threading.Thread(target=send_mail, args=(subject, text, None, [to], True), daemon=True).start()


def answer_of(problem: Exception) -> str:
    """What the mail server said, else what the system did."""
    said = getattr(problem, "smtp_error", b"") or getattr(problem, "strerror", "") or problem
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
