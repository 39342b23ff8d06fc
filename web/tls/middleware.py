"""What differs between the two ports of a site that makes TLS itself."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host

# Browsers take such a cookie from safe pages of this host alone (RFC 6265bis, 4.1.3.2)
PREFIX = "__Host-"
# What phones need before they trust this site, and what machines ask
PLAIN = ("/trust/", "/site/logo/", "/manifest.webmanifest", "/language/", "/healthz", "/readyz", "/metrics")


class TlsMiddleware:
    """Over TLS cookies are secure, and have names of their own: browsers know one host, not two ports of it, and would
    take none of an insecure page that bears the name of a secure one, so that nobody could sign in there any more.

    The plain port serves the hosts that were allowed before there was TLS. At addresses that TLS added it shows how to
    trust this site, and leads to the safe port with everything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.TLS:
            return self.get_response(request)
        if not request.is_secure():
            if is_for_safe_port(request):
                return HttpResponseRedirect(safe_url(request, request.get_full_path()), preserve_request=True)
            return self.get_response(request)
        keep_own_cookies(request)
        response = self.get_response(request)
        secure_cookies(response)
        return response


def is_for_safe_port(request: HttpRequest) -> bool:
    domain, _port = split_domain_port(request.get_host())
    return not request.path_info.startswith(PLAIN) and not validate_host(domain, settings.PLAIN_HOSTS)


def safe_url(request: HttpRequest, path: str) -> str:
    domain, _port = split_domain_port(request.get_host())
    return f"https://{domain}:{settings.TLS_PORT}{path}"


def keep_own_cookies(request: HttpRequest) -> None:
    """Those that this site set over TLS, under the names that Django knows."""
    request.COOKIES = {
        name.removeprefix(PREFIX): value for name, value in request.COOKIES.items() if name.startswith(PREFIX)
    }


def secure_cookies(response: HttpResponse) -> None:
    for name in list(response.cookies):
        said = response.cookies.pop(name)
        response.cookies[PREFIX + name] = said.value
        response.cookies[PREFIX + name].update({part: value for part, value in said.items() if value})
        response.cookies[PREFIX + name]["secure"] = True
