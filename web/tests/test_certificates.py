"""What the site's own authority signs, and when it signs anew."""

import stat
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from web.tls import certificates
from web.tls.addresses import own_hosts
from web.tls.certificates import CertificateError, keep_certificates, names_of

HOSTS = ["192.0.2.7", "[2001:db8::7]", "nunbit.local"]


def site_of(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "site.pem").read_bytes())


def authority_of(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())


def after(days: int, monkeypatch) -> None:
    then = certificates.now() + timedelta(days=days)
    monkeypatch.setattr(certificates, "now", lambda: then)


def part(certificate: x509.Certificate, kind: type) -> object:
    return certificate.extensions.get_extension_for_class(kind)


def test_phones_find_in_both_certificates_what_they_ask_for(tmp_path):
    """https://support.apple.com/en-us/103769 and /en-us/102028: names, use, at most 398 days."""
    keep_certificates(tmp_path / "tls", HOSTS)
    site, authority = site_of(tmp_path / "tls"), authority_of(tmp_path / "tls")
    site.verify_directly_issued_by(authority)
    assert site.not_valid_after_utc - site.not_valid_before_utc <= timedelta(days=397)
    assert timedelta(days=3649) < authority.not_valid_after_utc - authority.not_valid_before_utc
    assert part(authority, x509.BasicConstraints).critical and part(authority, x509.BasicConstraints).value.ca
    assert part(authority, x509.KeyUsage).critical and part(authority, x509.KeyUsage).value.key_cert_sign
    assert not part(site, x509.BasicConstraints).value.ca
    assert list(part(site, x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    signer = part(site, x509.AuthorityKeyIdentifier).value.key_identifier
    assert signer == part(authority, x509.SubjectKeyIdentifier).value.digest


def test_the_certificate_names_every_host(tmp_path):
    keep_certificates(tmp_path / "tls", HOSTS)
    names = part(site_of(tmp_path / "tls"), x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {"localhost", "nunbit.local"}
    own = {"127.0.0.1", "::1", "192.0.2.7", "2001:db8::7"}
    assert {str(one) for one in names.get_values_for_type(x509.IPAddress)} == own


def test_nothing_is_made_again_as_long_as_it_fits(tmp_path):
    assert keep_certificates(tmp_path / "tls", HOSTS)
    kept = {path: path.read_bytes() for path in (tmp_path / "tls").iterdir()}
    assert not keep_certificates(tmp_path / "tls", HOSTS)
    assert kept == {path: path.read_bytes() for path in (tmp_path / "tls").iterdir()}


@pytest.mark.parametrize(
    ("days", "is_renewed", "is_new_authority"), [(300, False, False), (370, True, False), (3400, True, True)]
)
def test_what_ends_soon_is_made_anew(days, is_renewed, is_new_authority, tmp_path, monkeypatch):
    keep_certificates(tmp_path / "tls", HOSTS)
    authority = authority_of(tmp_path / "tls")
    after(days, monkeypatch)
    assert keep_certificates(tmp_path / "tls", HOSTS) == is_renewed
    assert (authority_of(tmp_path / "tls") != authority) == is_new_authority
    site_of(tmp_path / "tls").verify_directly_issued_by(authority_of(tmp_path / "tls"))


def test_another_address_gets_another_certificate_of_the_same_authority(tmp_path):
    keep_certificates(tmp_path / "tls", HOSTS)
    authority = authority_of(tmp_path / "tls")
    assert keep_certificates(tmp_path / "tls", ["192.0.2.8"])
    assert authority_of(tmp_path / "tls") == authority
    site_of(tmp_path / "tls").verify_directly_issued_by(authority)


def test_a_damaged_certificate_of_the_site_is_made_anew(tmp_path):
    keep_certificates(tmp_path / "tls", HOSTS)
    (tmp_path / "tls/site.pem").write_text("damaged")
    assert keep_certificates(tmp_path / "tls", HOSTS)


@pytest.mark.parametrize("name", ["ca.key", "ca.crt"])
@pytest.mark.parametrize("content", [None, b"damaged"])
def test_an_authority_that_cannot_be_used_is_a_sentence_and_stays(name, content, tmp_path):
    keep_certificates(tmp_path / "tls", HOSTS)
    path = tmp_path / "tls" / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(CertificateError, match="cannot be used"):
        keep_certificates(tmp_path / "tls", HOSTS)


def test_the_key_of_another_authority_is_refused(tmp_path):
    for folder in ("tls", "other"):
        keep_certificates(tmp_path / folder, HOSTS)
    (tmp_path / "other/ca.key").replace(tmp_path / "tls/ca.key")
    with pytest.raises(CertificateError):
        keep_certificates(tmp_path / "tls", HOSTS)


def test_everything_is_private_whatever_the_folder_was_before(tmp_path):
    (tmp_path / "tls").mkdir(mode=0o755)
    keep_certificates(tmp_path / "tls", HOSTS)
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "tls").iterdir()} == {0o600}


def test_hosts_are_read_as_django_means_them():
    own = {"localhost"}
    names = {one.value for one in names_of([".school.example", "*", "학교.example"])} - own
    assert {name for name in names if isinstance(name, str)} == {"school.example", "*.school.example"}


def test_own_hosts_are_what_a_url_may_hold_and_none_of_this_machine_alone():
    hosts = own_hosts()
    assert len(hosts) == len(set(hosts))
    for host in hosts:
        assert host.startswith("[") == (":" in host)
        if host.strip("[]").replace(".", "").isdigit():
            assert not ip_address(host).is_loopback
    assert "localhost" not in hosts
