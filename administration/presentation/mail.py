"""What the page of mail tells of the server that EMAIL_URL names: never its password."""

from dataclasses import dataclass

from django.conf import settings

from web.mail import is_configured


@dataclass(frozen=True)
class MailServer:
    address: str
    user: str
    encryption: str
    sender: str


def mail_server() -> MailServer | None:
    if not is_configured():
        return None
    return MailServer(
        address=f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        user=settings.EMAIL_HOST_USER,
        encryption="TLS" if settings.EMAIL_USE_SSL else "STARTTLS" if settings.EMAIL_USE_TLS else "",
        sender=settings.DEFAULT_FROM_EMAIL,
    )
