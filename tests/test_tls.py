"""`manage.py up` with TLS=1: the safe port beside the plain one, as a phone and a browser reach them."""

import hashlib
import re
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from django.conf import settings

from config.environment import CANNOT_START
from conftest import PASSWORD, patience
from tests.test_up import Site, free_port
from web.tls.addresses import own_hosts

pytestmark = pytest.mark.worker


class SafeSite(Site):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder, self.tls_port = folder, free_port()
        self.safe = f"https://localhost:{self.tls_port}"
        self.environment |= {"TLS": "1", "TLS_PORT": str(self.tls_port), "HOST": "0.0.0.0"}
        self.environment |= {"NUNBIT_ADMIN_PASSWORD": PASSWORD}

    @property
    def authority(self) -> str:
        return str(self.folder / "tls/ca.crt")

    def browser(self) -> requests.Session:
        """One that trusts the authority."""
        session = requests.Session()
        session.verify = self.authority
        session.trust_env = False  # authorities that this machine names otherwise
        session.headers["Accept-Language"] = "en"
        return session

    def connect(self) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.authority)
        plain = socket.create_connection(("127.0.0.1", self.tls_port), timeout=patience())
        return context.wrap_socket(plain, server_hostname="localhost")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SafeSite]:
    site = SafeSite(tmp_path_factory.mktemp("tls"))
    site.start()
    yield site
    site.stop()


def sign_in(browser: requests.Session, url: str) -> requests.Response:
    form = browser.get(f"{url}/account/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    given = {"username": "admin", "password": PASSWORD, "csrfmiddlewaretoken": token}
    return browser.post(f"{url}/account/login/", given, headers={"Referer": f"{url}/account/login/"})


def is_signed_in(browser: requests.Session, url: str) -> bool:
    return browser.get(f"{url}/account/", allow_redirects=False).status_code == 200


def test_who_trusts_the_authority_reaches_the_site_and_nobody_else(site):
    with site.connect() as connection:
        assert connection.version() == "TLSv1.3"
    assert site.browser().get(f"{site.safe}/healthz").status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{site.safe}/healthz", timeout=patience())


def test_one_browser_is_signed_in_on_both_ports_at_once(site):
    browser = site.browser()
    sign_in(browser, site.safe)
    assert is_signed_in(browser, site.safe)
    plain = site.url.replace("127.0.0.1", "localhost")
    assert not is_signed_in(browser, plain)  # what is secret over TLS does not travel without
    sign_in(browser, plain)
    assert is_signed_in(browser, plain) and is_signed_in(browser, site.safe)
    secure = {cookie.name for cookie in browser.cookies if cookie.secure}
    assert secure == {"__Host-csrftoken", "__Host-sessionid"}
    assert {cookie.name for cookie in browser.cookies} - secure == {"csrftoken", "sessionid"}


def test_cookies_that_an_insecure_page_has_set_are_not_believed_over_tls(site):
    browser = site.browser()
    plain = site.url.replace("127.0.0.1", "localhost")
    sign_in(browser, plain)
    assert is_signed_in(browser, plain) and not is_signed_in(browser, site.safe)


def test_what_is_large_comes_through_whole_both_ways(site):
    browser = site.browser()
    sign_in(browser, site.safe)
    script = browser.get(f"{site.safe}/static/fonts/pretendard-1.3.9/pretendard.css")
    assert len(script.content) == int(script.headers["Content-Length"])
    answer = browser.post(f"{site.safe}/api/token/", data=b"x" * 3_000_000)
    assert answer.status_code in (400, 415)


def test_requests_that_lie_together_in_one_record_are_all_answered(site):
    with site.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        got = b""
        while got.count(b"HTTP/1.1 200") < 3:
            assert (more := connection.recv(65536)), got
            got += more


def test_handshakes_that_never_end_hold_up_nobody(site):
    with ExitStack() as connections:
        for place in range(100):
            begun = connections.enter_context(socket.create_connection(("127.0.0.1", site.tls_port)))
            begun.sendall((b"", b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")[place % 3])
        assert site.browser().get(f"{site.safe}/healthz", timeout=10).status_code == 200
    assert site.is_ready()


def test_the_plain_port_shows_at_added_addresses_how_to_trust_and_leads_to_the_safe_port(site):
    host = own_hosts()[0]
    assert host.strip("[]") in names_in_certificate(site)
    asked = {"Host": f"{host}:{site.url.rpartition(':')[2]}", "Accept-Language": "en"}
    led = requests.get(f"{site.url}/exams/?page=2", headers=asked, allow_redirects=False, timeout=patience())
    assert led.status_code == 307
    assert led.headers["Location"] == f"https://{host}:{site.tls_port}/exams/?page=2"
    page = requests.get(f"{site.url}/trust/", headers=asked, timeout=patience())
    assert page.status_code == 200 and f"https://{host}:{site.tls_port}/" in page.text
    asked["Host"] = "elsewhere.example"
    assert requests.get(f"{site.url}/trust/", headers=asked, timeout=patience()).status_code == 400


def names_in_certificate(site: SafeSite) -> list[str]:
    with site.connect() as connection:
        return [value for _kind, value in connection.getpeercert()["subjectAltName"]]


def test_the_authority_can_be_fetched_before_it_is_trusted(site):
    fetched = requests.get(f"{site.url}/trust/nunbit-ca.crt", timeout=patience())
    assert fetched.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert fetched.content == Path(site.authority).read_bytes()
    assert b"PRIVATE" not in fetched.content


def test_keys_are_for_their_owner_alone(site):
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (site.folder / "tls").iterdir()}
    assert modes == {"ca.crt": 0o600, "ca.key": 0o600, "site.pem": 0o600}
    assert stat.S_IMODE((site.folder / "tls").stat().st_mode) == 0o700


def test_one_port_for_both_is_a_sentence(site):
    outside = site.environment | {"TLS_PORT": site.environment["PORT"]}
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=outside,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == CANNOT_START and "TLS_PORT and PORT are both" in refused.stderr


def test_the_terminal_shows_addresses_a_square_and_the_fingerprint(site):
    site.stop()  # the last test of this site
    printed = site.printed[-1]
    assert f":{site.tls_port}/" in printed and "/trust/" in printed and "█" in printed
    authority = ssl.PEM_cert_to_DER_cert(Path(site.authority).read_text())
    digest = hashlib.sha256(authority).hexdigest().upper()
    assert digest in printed.replace(":", "")
