"""Weights to take along: a ZIP with their files as they are, and under which licence they stand."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.models import User
from packaged.networks import PACKAGES, PackagedNetwork
from packaged.packages import Package
from registry.models import ModelVersion
from registry.weight_files import open_weights
from web.zips import Readable, ZipStream

LICENCE, LICENCES = "LICENCE.txt", "licences"
UNSETTLED = "Whether the licence of data reaches the weights is disputed: judge by what they learned from."
RESEARCH_ONLY = "FOR NON-COMMERCIAL RESEARCH ONLY"


def may_download(version: ModelVersion, user: User) -> bool:
    """What came with this site may be taken by all who see it, but for faces where these are switched off; what was
    uploaded or trained here, maybe on what people put right, by admins."""
    is_offered = settings.FACES or not any(data["is_non_commercial"] for data in version.licences)
    return is_offered and (version.is_built_in or user.is_staff)


def download_of_version(version: ModelVersion) -> StreamingHttpResponse:
    """Its weights and its card. Raises ValidationError where the weights are gone."""
    try:
        name, file = open_weights(version)
    except FileNotFoundError as gone:
        raise missing(version.name) from gone
    package = package_of(version)
    texts = {LICENCE: licence_of_version(version, package)} | (own_licences(package) if package else {})
    return zip_of(version.name, texts | {f"{version.name}.json": version.card}, {name: file})


def download_of_packaged(network: PackagedNetwork) -> StreamingHttpResponse:
    """Its files as the package has them. Raises ValidationError where they are not on this machine."""
    try:
        files = {path.name: path.open("rb") for path in network.paths()}
    except FileNotFoundError as gone:
        raise missing(network.name) from gone
    if not files:
        raise ValidationError(_(network.remark))
    texts = {LICENCE: licence_of_packaged(network)} | own_licences(network.package)
    return zip_of(network.key, texts, files)


def missing(name: str) -> ValidationError:
    return ValidationError(_("The files of %(name)s are not on this machine.") % {"name": name})


def zip_of(name: str, texts: Mapping[str, Any], files: Mapping[str, Readable]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces(texts, files), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.zip")
    return answer


def pieces(texts: Mapping[str, Any], files: Mapping[str, Readable]) -> Iterator[bytes]:
    """texts: what is no text is written as JSON."""
    archive = ZipStream()
    for name, content in texts.items():
        yield from (
            archive.add_text(name, content) if isinstance(content, str) else archive.add_json(name, content)
        )
    for name, file in files.items():
        yield from archive.add_file(name, file)
    yield from archive.close()


def package_of(version: ModelVersion) -> Package | None:
    """The one that holds its weights."""
    module = str(version.card.get("packaged", "")).partition("/")[0]
    return next((package for package in PACKAGES if module and package.module == module), None)


def own_licences(package: Package) -> dict[str, str]:
    """What the package itself says of its licence."""
    return {f"{LICENCES}/{path.name}": text_of(path) for path in package.licence_files()}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def licence_of_packaged(network: PackagedNetwork) -> str:
    """In English, as licences are."""
    about = [f"{network.name}: {network.purpose}.", from_package(network.package), network.remark]
    return "\n".join(filter(None, about)) + "\n"


def licence_of_version(version: ModelVersion, package: Package | None) -> str:
    rows = [f"- {data.get('name')}: {data.get('licence')}" for data in version.licences]
    pages = [data["url"] for data in version.licences if data["is_non_commercial"]]
    only = " ".join(dict.fromkeys([RESEARCH_ONLY, *filter(None, pages)])) if pages else ""
    about = [
        str(version),
        from_package(package) if package else "",
        only,
        "",
        "It learned from:",
        *rows,
        "",
        UNSETTLED,
    ]
    return "\n".join([about[0], *filter(None, about[1:3]), *about[3:]]) + "\n"


def from_package(package: Package) -> str:
    return (
        f"From the package {package.name} {package.version}, unchanged. Licence: {package.licence}, "
        f"{package.licence_url}"
    )
