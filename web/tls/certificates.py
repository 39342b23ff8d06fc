"""The certificate authority of this site, and the certificate that it signs for the addresses of the day.

DATA_DIR/tls/ca.crt    what phones and computers trust, for ten years
DATA_DIR/tls/ca.key    whoever has it can pretend to be any site to them: mode 600, in no backup
DATA_DIR/tls/site.pem  certificate and key of the site, in one file so that both change at the same moment
"""

import os
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import gethostname

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_YEARS = timedelta(days=3650)
SITE_DAYS = timedelta(days=397)  # iOS and Chrome take none of longer from anyone who may be public
RENEWED = timedelta(days=30)  # before the end
CLOCKS = timedelta(days=1)  # phones whose clock is slow
ALWAYS = ("localhost", "127.0.0.1", "::1")
USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


class CertificateError(Exception):
    """What is kept cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Authority:
    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def authority_path(folder: Path) -> Path:
    return folder / "ca.crt"


def site_path(folder: Path) -> Path:
    return folder / "site.pem"


def keep_certificates(folder: Path, hosts: Sequence[str]) -> bool:
    """Makes what is missing, ends soon or is for other hosts. Whether there is another certificate of the site now.

    folder: of mode 700, made here. Raises CertificateError, or OSError where it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    authority = read_authority(folder) or make_authority(folder)
    names = names_of(hosts)
    if is_current(folder, authority, names):
        return False
    write_private(site_path(folder), sign_site(authority, names))
    return True


def read_authority(folder: Path) -> Authority | None:
    """None where there is none, or it does not outlive what it would sign."""
    certificate_path, key_path = authority_path(folder), folder / "ca.key"
    if not certificate_path.exists() and not key_path.exists():
        return None
    try:
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
        key = load_pem_private_key(key_path.read_bytes(), password=None)
    except (OSError, ValueError) as problem:
        raise CertificateError(unusable(folder)) from problem
    if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise CertificateError(unusable(folder))
    ends_soon = certificate.not_valid_after_utc < now() + SITE_DAYS
    return None if ends_soon else Authority(certificate, key)


def unusable(folder: Path) -> str:
    return (
        f"The certificate authority in {folder} cannot be used: put ca.crt and ca.key back as they were, or remove "
        "the folder. Then a new one is made, which phones and computers must trust anew."
    )


def make_authority(folder: Path) -> Authority:
    key = generate_private_key(SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Nunbit ({gethostname()})"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nunbit"),
        ]
    )
    certificate = (
        begun(name, name, key, now() + AUTHORITY_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(uses("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_private(folder / "ca.key", pem_of(key))
    write_private(authority_path(folder), certificate.public_bytes(Encoding.PEM))
    return Authority(certificate, key)


def sign_site(authority: Authority, names: list[x509.GeneralName]) -> bytes:
    """PEM of a certificate and its new key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nunbit")])
    issuer = authority.certificate
    certificate = (
        begun(name, issuer.subject, key, now() - CLOCKS + SITE_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(uses("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM) + pem_of(key)


def begun(
    name: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - CLOCKS)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def uses(*wanted: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in wanted for use in USES})


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def names_of(hosts: Sequence[str]) -> list[x509.GeneralName]:
    """Of hosts as Django's ALLOWED_HOSTS has them: `[::1]` is an address, `.school.example` all names below that one,
    `*` no name at all."""
    names: dict[x509.GeneralName, None] = {}
    for host in (*ALWAYS, *hosts):
        plain = host.strip("[]")
        with suppress(ValueError):
            names[x509.IPAddress(ip_address(plain))] = None
            continue
        if plain.startswith("."):
            names[x509.DNSName(plain[1:])] = None
            plain = f"*{plain}"
        with suppress(ValueError):  # a name in other letters than those of DNS
            if plain.strip("*."):
                names[x509.DNSName(plain)] = None
    return list(names)


def is_current(folder: Path, authority: Authority, names: list[x509.GeneralName]) -> bool:
    """Whether the certificate of the site is signed by this authority, for these names, and lasts."""
    try:
        text = site_path(folder).read_bytes()
        certificate = x509.load_pem_x509_certificate(text)
        key = load_pem_private_key(text, password=None)
        certificate.verify_directly_issued_by(authority.certificate)
        kept = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, InvalidSignature, x509.ExtensionNotFound):
        return False
    is_whole = key.public_key() == certificate.public_key()
    return is_whole and set(kept) == set(names) and certificate.not_valid_after_utc - now() > RENEWED


def pem_of(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_private(path: Path, content: bytes) -> None:
    """At once or not at all, and readable by its owner only."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    new.replace(path)


def fingerprint(folder: Path) -> str:
    """SHA-256 of the authority's certificate, as phones show it: `AB:CD:…`."""
    certificate = x509.load_pem_x509_certificate(authority_path(folder).read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def server_context(folder: Path) -> ssl.SSLContext:
    """TLS 1.2 and 1.3 with the certificate of the site."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(site_path(folder))
    return context
