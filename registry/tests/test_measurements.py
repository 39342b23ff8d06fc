"""Every version is measured by a worker of this site before it answers; what only its maker says is called that."""

import hashlib
import io

import pytest
import safetensors.torch
import torch
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from audit.models import Entry
from conftest import wait_for_end
from jobs.models import Status
from jobs.services import cancel
from ml.core.architectures import build
from ml.core.cards import Card
from ml.kinds import KINDS
from registry.models import BUILT_IN, KIND_NAMES, MEASURED, Change, Measurement, ModelVersion, Upload
from registry.services import activate, activate_measured, measure
from registry.tasks import versions as tasks
from registry.tests.weights import as_measured, files, kept, packed
from tests.support.tiers import seldom
from tests.support.tiny_mnist import write_mnist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("digits_read_once")]
WHY = {"why": "It says 99.71 %."}


def borrowed(name: str, seed: int = 5) -> tuple[bytes, dict]:
    """Random weights under the card of a true network, with all its figures; only the sha256 is put right."""
    card = ModelVersion.objects.get(name=name).card
    torch.manual_seed(seed)
    content = packed(build(Card.parse(card)).state_dict())
    return content, card | {"sha256": hashlib.sha256(content).hexdigest()}


def fine_copy(name: str) -> ModelVersion:
    """A candidate that is as good as the built-in one, with other bytes."""
    card = ModelVersion.objects.get(name=name).card
    content = safetensors.torch.load((BUILT_IN / f"{name}.safetensors").read_bytes())
    changed = {key: tensor.clone() for key, tensor in content.items()}
    next(iter(changed.values())).view(-1)[0] += 1e-6
    packed_ones = packed(changed)
    return kept(packed_ones, card | {"sha256": hashlib.sha256(packed_ones).hexdigest()})


def brought(call, root, name: str = "digits") -> ModelVersion:
    """Random weights that were uploaded and looked at, as a worker does."""
    content, card = borrowed(name)
    call(root).post("/api/models/", files(content, card))
    tasks.inspect_upload()
    return Upload.objects.get().version


def measured(version: ModelVersion) -> ModelVersion:
    """After a worker has done what waits."""
    tasks.measure()
    version.refresh_from_db()
    return version


@pytest.mark.parametrize("name", ["marks", *seldom(["digits", "numerals", "letters"])])
def test_random_weights_under_a_borrowed_card_are_found_out(call, root, name):
    version = measured(brought(call, root, name))
    live = ModelVersion.objects.active(name)
    assert version.probe["value"] < 0.5 < 0.95 < live.probe["value"]
    assert (version.probe["set"], version.probe["count"]) == (live.probe["set"], live.probe["count"])
    answer = call(root).post(f"/api/models/{version.pk}/activate/", WHY, format="json")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert version.probe_text in error["detail"] and live.probe_text in error["detail"]
    assert ModelVersion.objects.active(name) == live


def test_what_its_maker_says_is_called_that_and_compared_with_nothing(call, browse, root):
    version = measured(brought(call, root))
    page = browse(root).get(f"/models/{version.pk}/").text
    assert "stated by its maker" in page
    compared = page[page.index("Beside the one that answers") : page.index("How often it answered")]
    assert "MNIST" not in compared and "probe: digits, as uploads (500)" in compared
    assert "worse" in compared and "better" not in compared
    rows = call(root).get(f"/api/models/{version.pk}/").json()["metrics"]
    assert {row["set"].startswith("probe") for row in rows if not row["is_stated"]} == {True}
    assert {row["is_stated"] for row in rows if row["set"].startswith("MNIST")} == {True}
    built_in = ModelVersion.objects.active("digits")
    assert not any(row["is_stated"] for row in built_in.figures)
    assert "stated by its maker" not in browse(root).get(f"/models/{built_in.pk}/").text


def test_the_list_shows_it_beside_the_one_that_answers(call, browse, root):
    version = measured(brought(call, root))
    live = ModelVersion.objects.active("digits")
    page = browse(root).get("/models/").text
    assert version.probe_text in page and f"now answers: {live.probe_text}" in page
    probe = call(root).get(f"/api/models/{version.pk}/").json()["probe"]
    assert (probe["measure"], probe["count"], probe["value"]) == ("accuracy", 500, version.probe["value"])


def test_who_confirms_that_it_is_far_worse_is_in_both_logs(call, browse, root):
    version = measured(brought(call, root))
    admin, address, live = (
        browse(root),
        f"/models/{version.pk}/activate/",
        ModelVersion.objects.active("digits"),
    )
    assert "Let it answer all the same" in admin.get(f"/models/{version.pk}/").text
    page = admin.post(address, WHY, follow=True).text
    assert "Confirm that it shall answer all the same." in page
    assert ModelVersion.objects.active("digits") == live
    admin.post(address, WHY | {"is_confirmed": "on"})
    assert ModelVersion.objects.active("digits") == version
    change = Change.objects.first()
    assert (change.despite["own"], change.despite["theirs"]) == (version.probe_text, live.probe_text)
    log = admin.get("/models/log/").text
    assert "Confirmed despite this:" in log and version.probe_text in log
    entry = Entry.objects.get(model="modelversion")
    assert (entry.actor, entry.object_name) == (root, str(version))
    assert entry.details["note"] == f"{version.probe_text} ← {live.probe_text}"
    assert entry.details["note"] in admin.get(reverse("audit:log")).text
    newest = call(root).get("/api/models/log/?kind=digits").json()["results"][0]
    assert live.probe_text in newest["despite"]


def test_a_program_confirms(call, root):
    version = measured(brought(call, root))
    asked = WHY | {"confirm": True}
    answer = call(root).post(f"/api/models/{version.pk}/activate/", asked, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "active")


def test_a_good_version_answers_without_a_question(browse, root):
    version = fine_copy("digits")
    measure(version=version, owner=root)
    measured(version)
    page = browse(root).get(f"/models/{version.pk}/").text
    assert "Let it answer all the same" not in page and "Measure again" in page
    page = browse(root).post(f"/models/{version.pk}/activate/", {"why": "As good."}, follow=True).text
    assert f"{version.exact_title} answers from now on." in page
    assert Change.objects.first().despite == {} and not Entry.objects.filter(model="modelversion").exists()


def test_the_baseline_that_comes_along_is_no_question_either(call, root):
    dense = ModelVersion.objects.get(name="digits_dense")
    measure(version=dense, owner=root)
    measured(dense)
    assert call(root).post(f"/api/models/{dense.pk}/activate/", WHY, format="json").status_code == 200


def test_what_nobody_measured_yet_is_measured_when_it_shall_answer(browse, root):
    dense = ModelVersion.objects.get(name="digits_dense")
    assert "No worker has measured it yet." in browse(root).get(f"/models/{dense.pk}/").text
    for _ in range(2):
        page = browse(root).post(f"/models/{dense.pk}/activate/", WHY, follow=True).text
        assert f"{dense.exact_title} is measured first" in page
    assert Measurement.objects.count() == 1
    measured(dense)
    page = browse(root).post(f"/models/{dense.pk}/activate/", WHY, follow=True).text
    assert f"{dense.exact_title} answers from now on." in page


def test_without_its_job_it_is_asked_for_again(browse, root):
    dense = ModelVersion.objects.get(name="digits_dense")
    cancel(job=measure(version=dense, owner=root).job)
    browse(root).post(f"/models/{dense.pk}/activate/", WHY)
    assert Measurement.objects.count() == 2


def crash(*_args: object) -> None:
    raise RuntimeError("it fell over")


def test_where_measuring_crashes_people_are_told_and_asked(browse, root, monkeypatch):
    version = fine_copy("digits")
    monkeypatch.setattr("ml.digits.probe.predict", crash)
    job = measure(version=version, owner=root).job
    measured(version)
    job.refresh_from_db()
    assert (job.status, version.probe) == (Status.FAILED, {})
    page = browse(root).get(f"/models/{version.pk}/").text
    assert "The network could not be measured." in page
    address, live = f"/models/{version.pk}/activate/", ModelVersion.objects.active("digits")
    assert "nobody knows how good it is" in browse(root).post(address, WHY, follow=True).text
    assert ModelVersion.objects.active("digits") == live
    browse(root).post(address, WHY | {"is_confirmed": "on"})
    assert ModelVersion.objects.active("digits") == version
    assert "could not be measured" in Change.objects.first().despite_text


def test_a_crash_is_over_once_it_was_measured_again(root, monkeypatch):
    version = fine_copy("digits")
    with monkeypatch.context() as broken:
        broken.setattr("ml.digits.probe.predict", crash)
        measure(version=version, owner=root)
        measured(version)
    measure(version=version, owner=root)
    measured(version)
    activate_measured(version=version, by=root, why="Now it is known.")
    assert ModelVersion.objects.active("digits") == version


def test_where_the_one_that_answers_cannot_be_measured_people_are_asked(root, english):
    version, live = fine_copy("digits"), ModelVersion.objects.active("digits")
    ModelVersion.objects.filter(pk=live.pk).update(card={"name": "no card"})
    measure(version=version, owner=root)
    measured(version)
    with pytest.raises(Exception, match=f"{live} could not be measured on them"):
        activate_measured(version=version, by=root, why="Try.")
    activate_measured(version=version, by=root, why="Try.", is_confirmed=True)


def test_the_way_back_to_something_far_worse_is_asked_for_too(browse, root):
    good, bad = ModelVersion.objects.active("digits"), ModelVersion.objects.get(name="digits_dense")
    activate(version=bad)
    activate(version=good)
    as_measured(good)
    as_measured(bad, value=0.1)
    assert "Let it answer all the same" in browse(root).get(f"/models/{good.pk}/").text
    assert "10.00 %" in browse(root).post("/models/digits/rollback/", follow=True).text
    assert ModelVersion.objects.active("digits") == good
    browse(root).post("/models/digits/rollback/", {"is_confirmed": "on"})
    assert ModelVersion.objects.active("digits") == bad


def test_those_that_came_along_are_measured_one_after_the_other(background_at_once, monkeypatch):
    monkeypatch.setattr(tasks, "PROBED", set())
    ModelVersion.objects.exclude(kind="digits").update(probe={"set": "s", "md5": "", "value": 1.0})
    for names in ({"digits"}, {"digits", "digits_dense"}):
        tasks.measure_next_version()
        found = ModelVersion.objects.filter(kind="digits").exclude(probe={})
        assert {version.name for version in found} == names


def test_what_no_probe_set_is_there_for_is_not_measured(browse, call, root, background_at_once, monkeypatch):
    """Layers on networks of others: nobody is offered a measurement that must fail."""
    assert set(MEASURED) == set(KINDS)
    layers = ModelVersion.objects.filter(kind__in=KIND_NAMES).exclude(kind__in=MEASURED)
    assert {layer.kind for layer in layers} == {"image_types", "scripts", "encoder"}
    for layer in layers:
        page = browse(root).get(f"/models/{layer.pk}/").text
        assert "are not measured here" in page and "Measure it" not in page
        answer = call(root).post(f"/api/models/{layer.pk}/measurement/")
        assert answer.status_code == 400 and "are not measured here" in answer.text
    monkeypatch.setattr(tasks, "PROBED", set())
    monkeypatch.setattr(tasks, "measure_now", pytest.fail)
    ModelVersion.objects.filter(kind__in=MEASURED).update(probe={"set": "s", "md5": "", "value": 1.0})
    tasks.measure_next_version()


def test_uploads_are_measured_on_named_sets_where_their_data_is_there(call, root, settings, tmp_path):
    write_mnist(tmp_path / "data" / "MNIST" / "raw")
    settings.DATA_FOLDER = str(tmp_path / "data")
    version = measured(brought(call, root))
    found = {row["set"] for row in version.figures if not row["is_stated"]}
    assert {"MNIST test (40)", "MNIST test, as uploads (40)"} < found


def test_the_command_measures_first_and_asks(root, tmp_path):
    content, card = borrowed("digits")
    version = kept(content, card)
    with translation.override("en"), pytest.raises(CommandError, match="Confirm that it shall answer"):
        call_command("models", "activate", str(version.pk), "--by", "root")
    call_command("models", "activate", str(version.pk), "--by", "root", "--confirm", stdout=io.StringIO())
    assert ModelVersion.objects.active("digits") == version
    assert Change.objects.first().despite["reason"] == "far_worse"


def test_korean_admins_are_asked_in_korean(call, browse, root):
    version = measured(brought(call, root))
    page = browse(root).get(f"/models/{version.pk}/", headers={"accept-language": "ko"}).text
    assert "그래도 답하게 하기" in page and "만든 사람이 밝힌 수치" in page


def test_only_admins_have_something_measured(call, browse, alice):
    version = ModelVersion.objects.active("digits")
    assert call(alice).post(f"/api/models/{version.pk}/measurement/").status_code == 403
    assert not Measurement.objects.exists()


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_measures_what_was_uploaded_before_it_answers(call, root, at_work):
    content, card = borrowed("digits")
    call(root).post("/api/models/", files(content, card))
    upload = Upload.objects.get()
    assert wait_for_end(upload.job).status == Status.DONE
    upload.refresh_from_db()
    measurement = Measurement.objects.get(version=upload.version)
    assert wait_for_end(measurement.job).status == Status.DONE
    version, live = ModelVersion.objects.get(pk=upload.version_id), ModelVersion.objects.active("digits")
    assert version.probe["value"] < 0.5 < live.probe["value"]
    address = f"/api/models/{version.pk}/activate/"
    assert call(root).post(address, WHY, format="json").status_code == 400
    assert call(root).post(address, WHY | {"confirm": True}, format="json").status_code == 200
    assert Change.objects.first().despite["own"] == version.probe_text
