"""Who really asks: what a proxy says of its client is believed where the proxy is known, and nowhere else."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


class TrustedProxyMiddleware:
    """REMOTE_ADDR is the client's own address, behind proxies too; others' X-Forwarded-… are removed.

    First of all middleware: whether a request came over TLS is read from X-Forwarded-Proto.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = settings.TRUSTED_PROXIES

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        if self.is_trusted(peer):
            request.META["REMOTE_ADDR"] = self.client(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)

    def client(self, peer: str, forwarded: str) -> str:
        """Each proxy adds on the right whom it heard: the first from there that is no proxy of ours is the client.

        What stands left of it the client may have written itself.
        """
        for address in reversed([text.strip() for text in forwarded.split(",") if text.strip()]):
            if not is_address(address):
                return peer
            peer = address
            if not self.is_trusted(address):
                return address
        return peer

    def is_trusted(self, address: str) -> bool:
        return is_address(address) and any(ip_address(address) in network for network in self.trusted)


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
