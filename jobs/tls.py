"""TLS of `manage.py up`: certificates for the addresses of this machine, and what the terminal shows of it."""

import io
import time

import segno
from django.conf import settings
from django.core.management.base import CommandError

from jobs.listening import require_free
from web.tls.addresses import own_hosts
from web.tls.certificates import CertificateError, fingerprint, keep_certificates

LOOK_SECONDS = 60.0  # a laptop that came into another network is reached again within a minute


class SiteCertificates:
    """Kept for as long as the site runs. Raises CommandError where there can be none."""

    def __init__(self) -> None:
        require_free(settings.HOST, settings.TLS_PORT)
        self.looked_at = time.monotonic()
        try:
            keep_certificates(settings.DATA_DIR / "tls", settings.ALLOWED_HOSTS)
        except (CertificateError, OSError) as problem:
            raise CommandError(str(problem)) from problem

    def have_changed(self) -> bool:
        """Whether the web processes must read them anew; looks now and then."""
        if time.monotonic() - self.looked_at < LOOK_SECONDS:
            return False
        self.looked_at = time.monotonic()
        try:
            return keep_certificates(settings.DATA_DIR / "tls", [*settings.PLAIN_HOSTS, *own_hosts()])
        except (CertificateError, OSError):  # the disk is full: those that are there serve on
            return False


def outside_host() -> str:
    return (settings.TLS_HOSTS or ["localhost"])[0]


def shown_address(host: str, port: int) -> str:
    """Where this machine's own browser finds the site, and those of others."""
    if not settings.TLS:
        return f"http://{host}:{port}/"
    here = "localhost" if host == "0.0.0.0" else host  # noqa: S104 (all addresses)
    return f"http://{here}:{port}/, for others https://{outside_host()}:{settings.TLS_PORT}/"


def how_to_trust() -> str:
    """For the terminal: the page that says how a phone learns to trust this site, as a QR code, too."""
    page = f"http://{outside_host()}:{settings.PORT}/trust/"
    drawn = io.StringIO()
    segno.make(page, error="m", micro=False).terminal(drawn, border=2, compact=True)
    return (
        f"  Phones and computers trust it once they have its certificate: {page}\n\n{drawn.getvalue()}\n"
        f"  Its fingerprint: {fingerprint(settings.DATA_DIR / 'tls')}\n"
    )
