"""Who asks is said by proxies that we know."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from web.proxies import TrustedProxyMiddleware

CLIENT, PROXY, OTHER = "198.51.100.7", "10.0.0.2", "203.0.113.9"


@pytest.fixture
def seen(settings):
    """The META with which a request of `peer` arrives."""
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1")]

    def see(peer: str, forwarded: str = "") -> dict:
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
        return TrustedProxyMiddleware(lambda request: request.META)(request)

    return see


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{OTHER}, {CLIENT}", CLIENT),  # the client wrote the first of them
        (PROXY, f"{CLIENT}, 10.0.0.3", CLIENT),  # two of our proxies in a row
        ("::1", CLIENT, CLIENT),
        (PROXY, "", PROXY),
        (PROXY, "10.0.0.3", "10.0.0.3"),
        (PROXY, f"{CLIENT}, nonsense", PROXY),
        (OTHER, CLIENT, OTHER),  # anybody may write it
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxy_of_ours(seen, peer, forwarded, client):
    assert seen(peer, forwarded)["REMOTE_ADDR"] == client


def test_only_a_known_proxy_says_that_the_request_came_over_tls(seen):
    assert seen(PROXY, CLIENT)["HTTP_X_FORWARDED_PROTO"] == "https"
    assert not {"HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_FOR"} & set(seen(OTHER, CLIENT))
