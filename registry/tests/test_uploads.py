"""Networks from elsewhere: sent by page, program or command, looked at by a worker, kept as candidates or not."""

import io
import json
import pickle
import re
import struct
from collections.abc import Callable

import pytest
import torch
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import translation

from conftest import wait_for_end
from jobs.models import Job, Status
from jobs.services import cancel
from registry.models import ModelVersion, Upload
from registry.tasks import versions as tasks
from registry.tests.weights import card_of, files, packed, tensors
from registry.weight_files import size, weights_folder, weights_name

pytestmark = pytest.mark.django_db
URL = "/api/models/"


def spoilt(name: str, change: Callable[[torch.Tensor], torch.Tensor]) -> bytes:
    return packed(tensors() | {name: change(tensors()[name].clone())})


def nan(tensor: torch.Tensor) -> torch.Tensor:
    tensor.view(-1)[3] = float("nan")
    return tensor


def stored() -> list[str]:
    """Every file that is kept."""
    found, folders = [], ["models"]
    while folders:
        folder = folders.pop()
        if default_storage.exists(folder):
            inner, names = default_storage.listdir(folder)
            folders += [f"{folder}/{name}" for name in inner]
            found += [f"{folder}/{name}" for name in names]
    return found


def look(upload: Upload) -> Job:
    """As a worker does."""
    tasks.inspect_upload(str(upload.job_id))
    upload.job.refresh_from_db()
    return upload.job


def test_weights_and_card_become_a_candidate_that_can_be_run(call, root):
    content = packed(tensors())
    answer = call(root).post(URL, files(content, card_of(content)))
    assert answer.status_code == 202
    assert answer["Location"].endswith(f"/api/models/uploads/{answer.json()['id']}/")
    assert look(Upload.objects.get()).status == Status.DONE
    model = call(root).get(answer["Location"]).json()["model"]
    version = ModelVersion.objects.get(pk=model["id"])
    assert (version.name, version.state, version.is_built_in) == ("small", "candidate", False)
    assert 0 < version.milliseconds < 1000
    assert (weights_folder(version) / weights_name(version)).read_bytes() == content
    assert size(version) == len(content)
    assert sorted(stored()) == [f"models/{version.sha256}/small.{kind}" for kind in ("json", "safetensors")]
    assert ModelVersion.objects.active("digits").name == "digits"


def test_the_page_leads_from_the_form_to_the_candidate(browse, root):
    content = packed(tensors())
    page = browse(root).post("/models/upload/", files(content, card_of(content)), follow=True)
    upload = Upload.objects.get()
    assert page.redirect_chain == [(f"/models/uploads/{upload.pk}/", 302)]
    look(upload)
    answer = browse(root).get(f"/models/jobs/{upload.job_id}/", follow=True)
    assert "Candidate" in answer.text and "Milliseconds" in answer.text


def test_a_candidate_is_not_asked_by_name_and_answers_once_it_is_activated(call, root, charlie):
    content = packed(tensors())
    card = card_of(content, name="digits")
    call(root).post(URL, files(content, card))
    look(Upload.objects.get())
    asked = call(charlie).post("/api/digits/", {"pixels": [0] * 784, "model": "digits"}, format="json")
    assert asked.json()["model"]["sha256"] != card["sha256"]


class Evil:
    def __reduce__(self):
        return (print, ("pickles run code",))


def torch_file() -> bytes:
    out = io.BytesIO()
    torch.save(tensors(), out)
    return out.getvalue()


HEADER = struct.pack("<Q", 2**40)


@pytest.mark.parametrize(
    "content, sentence",
    [
        (lambda: pickle.dumps(Evil()), "This is a pickle"),
        (torch_file, "This is a pickle"),
        (lambda: packed(tensors())[:-100], "not a whole safetensors file"),
        (lambda: packed(tensors())[:30], "not a whole safetensors file"),
        (lambda: packed(tensors()) + b"more", "not a whole safetensors file"),
        (lambda: HEADER + b"{}", "not a whole safetensors file"),
        (lambda: b"", "not a whole safetensors file"),
        (lambda: b"hello", "not a whole safetensors file"),
    ],
    ids=["pickle", "torch", "cut off", "header cut off", "too long", "huge header", "empty", "text"],
)
def test_what_is_no_safetensors_is_refused_at_once(call, root, content, sentence):
    made = content()
    answer = call(root).post(URL, files(made, card_of(made)))
    assert answer.status_code == 400
    assert sentence in answer.json()["errors"][0]["detail"]
    assert not Upload.objects.exists() and not stored()


@pytest.mark.parametrize(
    "card, sentence",
    [
        (b"\x80\x02 no json", "The card is not JSON."),
        (b"[" * 100_000, "The card is not JSON."),
        (b"[1]", "not JSON with named fields"),
        (b'{"kind": NaN}', "The card is not JSON."),
        (b'{"temperature": 1e999}', "a number beyond 64 bits"),
        (b'{"name": "a\\u0000"}', "a character that is no text"),
        ({"kind": "digits", "seed": "one"}, "lacks these fields.*: seed, "),
        ({"kind": "dogs"}, "no networks of the kind dogs. It knows classifier, digits"),
        ({"name": "../../outside"}, "The name on the card"),
        ({"sha256": "0" * 64}, "The card belongs to other weights"),
    ],
    ids=["bytes", "deep", "list", "nan", "infinite", "nul", "fields", "kind", "path", "hash"],
)
def test_a_card_that_does_not_fit_is_refused_at_once(call, root, card, sentence):
    content = packed(tensors())
    about = card if isinstance(card, bytes) else card_of(content, **card)
    if isinstance(card, dict) and "seed" in card:
        del about["parameters"]
    answer = call(root).post(URL, files(content, about))
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert re.search(sentence, error["detail"])
    assert not Upload.objects.exists() and not stored()


@pytest.mark.parametrize(
    "content, card, sentence",
    [
        (lambda: spoilt("answer.bias", nan), {}, "NaN or infinity"),
        (lambda: spoilt("answer.bias", lambda bias: bias.half()), {}, "another number format"),
        (lambda: spoilt("answer.bias", lambda bias: bias[:9]), {}, "other shapes"),
        (lambda: packed({"answer.bias": tensors()["answer.bias"]}), {}, "other parameters"),
        (lambda: packed(tensors()), {"config": {"hidden": [9]}}, "other shapes"),
        (lambda: packed(tensors()), {"config": {"hidden": "many"}}, "cannot be built"),
        (lambda: packed(tensors()), {"config": {"hidden": [2**40]}}, "other shapes"),
        (lambda: packed(tensors()), {"classes": list("abcdefghij")}, "The classes on the card"),
        (lambda: packed(tensors()), {"architecture": "ml.digits.transformer"}, "no such architecture"),
        (lambda: packed(tensors()), {"kind": "marks"}, "no such architecture"),
        (lambda: packed(tensors()), {"surprise": 1}, "not a card of a Nunbit model"),
        (lambda: packed(tensors()), {"preprocessing": {"size": 30}}, "prepares pictures in another way"),
    ],
)
def test_weights_that_do_not_fit_are_refused_by_the_worker_and_nothing_is_kept(
    call, root, content, card, sentence
):
    made = content()
    assert call(root).post(URL, files(made, card_of(made, **card))).status_code == 202
    job = look(Upload.objects.get())
    assert job.status == Status.FAILED
    with translation.override("en"):
        assert sentence in job.error_text
    assert not ModelVersion.objects.filter(name="small").exists()
    assert not stored()


def test_weights_that_are_here_already_are_not_taken_twice(call, root):
    content = packed(tensors())
    call(root).post(URL, files(content, card_of(content)))
    look(Upload.objects.get())
    answer = call(root).post(URL, files(content, card_of(content)))
    assert answer.status_code == 400
    assert "here already: small" in answer.json()["errors"][0]["detail"]


def test_the_same_key_gives_the_same_upload(call, root):
    content = packed(tensors())
    sent = [
        call(root).post(URL, files(content, card_of(content)), headers={"Idempotency-Key": "one"}).json()
        for _ in range(2)
    ]
    assert sent[0]["id"] == sent[1]["id"]


def test_of_a_cancelled_upload_no_file_stays(call, root):
    content = packed(tensors())
    call(root).post(URL, files(content, card_of(content)))
    upload = Upload.objects.get()
    tasks.forget_uploads()
    assert stored()  # it is still waited for
    cancel(job=upload.job)
    tasks.forget_uploads()
    assert not stored()
    assert look(upload).status == Status.CANCELLED


def test_networks_on_offer_are_timed_one_after_the_other_those_that_answer_first(
    background_at_once, monkeypatch
):
    monkeypatch.setattr(tasks, "TRIED", set())
    broken = ModelVersion.objects.create(kind="marks", name="aaa", sha256="a" * 64, state="ready")
    ModelVersion.objects.exclude(kind__in=["marks", "digits"]).update(milliseconds=1)
    for timed in ({"digits"}, {"digits", "marks"}, {"digits", "marks", "digits_dense"}):
        tasks.time_next_version()
        found = ModelVersion.objects.filter(kind__in=["marks", "digits"]).exclude(milliseconds=None)
        assert {version.name for version in found} == timed
    tasks.time_next_version()  # of the broken one nothing is known
    tasks.time_next_version()
    broken.refresh_from_db()
    assert broken.milliseconds is None and broken.pk in tasks.TRIED


def test_only_admins_upload(call, alice):
    content = packed(tensors())
    assert call(alice).post(URL, files(content, card_of(content))).status_code == 403
    assert not Upload.objects.exists()


def test_what_was_exported_can_be_imported_at_another_site(root, tmp_path):
    content = packed(tensors())
    (tmp_path / "small.safetensors").write_bytes(content)
    (tmp_path / "small.json").write_text(json.dumps(card_of(content)))
    said = io.StringIO()
    call_command("models", "import", str(tmp_path), stdout=said)
    version = ModelVersion.objects.get(name="small")
    assert version.state == "candidate" and str(version.pk) in said.getvalue()
    with translation.override("en"), pytest.raises(CommandError, match="here already"):
        call_command("models", "import", str(tmp_path))


def test_what_cannot_be_imported_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="one card and its weights"):
        call_command("models", "import", str(tmp_path))
    content = spoilt("answer.bias", nan)
    (tmp_path / "small.safetensors").write_bytes(content)
    (tmp_path / "small.json").write_text(json.dumps(card_of(content)))
    with pytest.raises(CommandError, match="NaN or infinity"):
        call_command("models", "import", str(tmp_path))
    assert not stored()


@pytest.mark.full  # test_measurements.py has a worker do this and what follows
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_looks_at_what_was_uploaded(call, root, at_work):
    content = packed(tensors(2))
    call(root).post(URL, files(content, card_of(content)))
    upload = Upload.objects.get()
    assert wait_for_end(upload.job).status == Status.DONE
    upload.refresh_from_db()
    assert upload.version.state == "candidate"
