"""How phones and computers learn to trust this site. Whoever cannot sign in yet sees it, too."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from web.qr import inline_qr
from web.tls.certificates import authority_path, fingerprint
from web.tls.middleware import safe_url


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    if not settings.TLS:
        return render(request, "trust.html", {"is_on": False})
    page = trust_url(request)
    context = {
        "is_on": True,
        "page": page,
        "qr": inline_qr(page),
        "safe_home": safe_url(request, reverse("home")),
        "fingerprint": fingerprint(settings.DATA_DIR / "tls"),
    }
    return render(request, "trust.html", context)


def trust_url(request: HttpRequest) -> str:
    """Of the plain port, which a phone opens without a warning; where this machine calls itself localhost, by the
    address under which others reach it."""
    domain, _port = split_domain_port(request.get_host())
    if domain in settings.LOCAL_HOSTS and settings.TLS_HOSTS:
        domain = settings.TLS_HOSTS[0]
    return f"http://{domain}:{settings.PORT}{reverse('trust')}"


@require_safe
def certificate(request: HttpRequest) -> FileResponse:
    """The certificate of the authority, PEM."""
    path = authority_path(settings.DATA_DIR / "tls")
    if not settings.TLS or not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), content_type="application/x-x509-ca-cert", filename="nunbit-ca.crt")
