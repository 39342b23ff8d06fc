import json
import re

import pytest
from django.conf import settings
from django.utils import timezone, translation

from registry.models import SILENCE, Change, ModelVersion, TrainingRun
from registry.presentation.data import data_label
from registry.presentation.metrics import measure_label
from registry.services import activate, begin_training, end_training, note_training
from registry.tests.weights import as_measured

pytestmark = pytest.mark.django_db

CARD = {
    "architecture": "ml.digits.cnn",
    "parameters": 841002,
    "seed": 7,
    "trained_at": "2026-11-24T14:07:43+00:00",
    "data": [{"name": "MNIST, training half", "licence": "CC BY-SA 3.0", "use": "training"}],
    "metrics": [
        {"set": "MNIST test (10000)", "md5": "9fb629c4", "measure": "accuracy", "value": 0.9975},
        {
            "set": "MNIST test (10000)",
            "md5": "9fb629c4",
            "measure": "accuracy, mean of 3 seeds",
            "value": 0.9971,
        },
        {"set": "cells", "measure": "share left for review", "value": 0.012},
    ],
}


def point(epoch: int) -> dict[str, float]:
    return {
        "epoch": epoch,
        "train_loss": 0.4 / epoch,
        "validation_loss": 0.2 / epoch,
        "train_accuracy": 0.9,
        "validation_accuracy": 0.95,
        "seconds": 61.0,
    }


@pytest.fixture
def version(db) -> ModelVersion:
    card = CARD | {"curves": [point(1), point(2)]}
    return ModelVersion.objects.create(kind="probe", name="probe", sha256="a" * 64, card=card)


@pytest.fixture
def run(db) -> TrainingRun:
    return begin_training(kind="probe", architecture="cnn", seed=3, epochs=5, curves=[])


def test_the_list_names_what_answers_and_the_trainings(browse, charlie, version, run):
    activate(version=version)
    page = browse(charlie).get("/models/").text
    assert f'<a href="/models/{version.pk}/">probe</a>' in page
    assert "Active" in page
    assert "0 / 5" in page


def test_retired_versions_are_off_the_list_but_keep_their_page(browse, charlie, version):
    ModelVersion.objects.filter(pk=version.pk).update(state=ModelVersion.State.RETIRED)
    assert f"/models/{version.pk}/" not in browse(charlie).get("/models/").text
    assert browse(charlie).get(f"/models/{version.pk}/").status_code == 200


def test_the_card_shows_data_licence_figures_with_set_and_md5_parameters_seed_and_hash(
    browse, charlie, version
):
    page = browse(charlie).get(f"/models/{version.pk}/").text
    for text in (
        "CC BY-SA 3.0",
        "MNIST test (10000)",
        "9fb629c4",
        "99.75 %",
        "841,002",
        "a" * 64,
        "ml.digits.cnn",
    ):
        assert text in page
    assert "Accuracy, mean of 3 seeds" in page
    assert "Share left for review" in page


def test_a_card_without_figures_or_curves_says_so(browse, charlie):
    bare = ModelVersion.objects.create(kind="probe", name="bare", sha256="b" * 64)
    page = browse(charlie).get(f"/models/{bare.pk}/").text
    assert "It has not been measured." in page
    assert "<polyline" not in page


def test_the_curves_are_four_lines_with_their_numbers_as_text(browse, charlie, version):
    page = browse(charlie).get(f"/models/{version.pk}/").text
    for name in ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy"):
        assert f'<polyline class="{name}" points="72.0,' in page
    assert 'aria-label="Training curves: Training loss 0.2000, Validation loss 0.1000' in page
    assert page.count('<td class="number">61</td>') == 2


def test_a_version_shows_the_training_of_its_successor_while_it_goes_on(browse, charlie, version, run):
    address = f"/models/trainings/{run.pk}/curves/"
    assert address in browse(charlie).get(f"/models/{version.pk}/").text
    end_training(run=run, state=TrainingRun.State.DONE, version=version)
    assert address not in browse(charlie).get(f"/models/{version.pk}/").text


def test_a_running_training_is_polled_and_drawn_when_it_has_another_epoch(browse, charlie, run):
    address = f"/models/trainings/{run.pk}/curves/?epochs="
    assert browse(charlie).get(address + "0").status_code == 204
    note_training(run=run, epochs=5, curves=[point(1)])
    answer = browse(charlie).get(address + "0")
    assert answer.status_code == 200
    assert f"{address}1" in answer.text
    assert "1 of 5 epochs" in answer.text


def test_polling_stops_when_the_training_has_ended_or_was_killed(browse, charlie, version, run):
    address = f"/models/trainings/{run.pk}/curves/?epochs=0"
    TrainingRun.objects.update(seen_at=run.seen_at - 2 * SILENCE)
    killed = browse(charlie).get(address)
    assert (killed.status_code, "Interrupted" in killed.text) == (286, True)
    end_training(run=run, state=TrainingRun.State.DONE, version=version)
    done = browse(charlie).get(address)
    assert done.status_code == 286
    assert "hx-get" not in done.text
    assert f"/models/{version.pk}/" in done.text


def test_the_page_of_a_training_reads_korean(browse, charlie, run):
    page = browse(charlie).get(f"/models/trainings/{run.pk}/", headers={"accept-language": "ko"}).text
    assert "5 에포크 중 0" in page
    assert "학습 중" in page


def test_networks_are_called_by_the_names_that_people_know(client, db, alice):
    client.force_login(alice)
    page = client.get("/models/", headers={"accept-language": "ko"}).text
    assert "사진을 StyleGAN의 얼굴로 바꾸는 신경망" in page and "EfficientNet-Lite2" in page
    row = ModelVersion.objects.get(name="encoder")
    assert ">encoder<" not in page and "CellNet" not in page
    assert "<code>encoder</code>" in client.get(f"/models/{row.pk}/").text


# --- what admins see and do


def test_an_admin_archives_what_does_not_answer_and_brings_it_back(browse, root):
    admin, live = browse(root), ModelVersion.objects.active("digits")
    other = ModelVersion.objects.get(name="digits_dense")
    as_measured(live, other)
    assert f"/models/{live.pk}/archive/" not in admin.get(f"/models/{live.pk}/").text
    assert (
        "answers now. Activate another one first."
        in admin.post(f"/models/{live.pk}/archive/", follow=True).text
    )
    assert f"{other.exact_title} is archived." in admin.post(f"/models/{other.pk}/archive/", follow=True).text
    assert f"/models/{other.pk}/" not in admin.get("/models/").text
    admin.post(f"/models/{other.pk}/activate/", {"why": "After all."})
    assert ModelVersion.objects.active("digits") == other


def test_every_measure_of_the_committed_cards_has_a_korean_name(db):
    measures = {row["measure"] for version in ModelVersion.objects.all() for row in version.figures}
    with translation.override("ko"):
        assert not [measure for measure in measures if str(measure_label(measure)) == measure]


def figures(**values: float) -> dict:
    """A card with these on one test set."""
    rows = [{"set": "s", "md5": "1", "measure": measure, "value": value} for measure, value in values.items()]
    return {"architecture": "ml.digits.cnn", "metrics": rows}


@pytest.fixture
def candidate(db, version) -> ModelVersion:
    """Beside `version`, which answers."""
    version.card = figures(accuracy=0.9, ece=0.01, certain_share=0.5)
    version.save()
    activate(version=version)
    card = figures(accuracy=0.95, ece=0.02, certain_share=0.5)
    card["metrics"].append({"set": "s", "md5": "2", "measure": "top1", "value": 0.5})
    return ModelVersion.objects.create(
        kind="probe", name="newer", sha256="b" * 64, card=card, state="candidate"
    )


def test_an_admin_sees_a_candidate_beside_the_one_that_answers(browse, root, charlie, candidate):
    page = "".join(map(str.strip, browse(root).get(f"/models/{candidate.pk}/").text.splitlines()))
    rows = [
        line for line in page.split("</tr>") if "90.00 %" in line or "1.00 %" in line or "50.00 %" in line
    ]
    verdicts = [next(word for word in ("better", "worse", "the same") if word in row) for row in rows[:3]]
    assert verdicts == ["better", "worse", "the same"]
    assert "Let it answer from now on" not in browse(charlie).get(f"/models/{candidate.pk}/").text


def test_figures_of_other_pictures_are_not_compared(browse, root, version, candidate):
    version.card = figures(accuracy=0.9)
    version.card["metrics"][0]["md5"] = "another"
    version.save()
    assert "not measured on the same pictures" in browse(root).get(f"/models/{candidate.pk}/").text


def test_an_admin_activates_with_a_reason_and_goes_back_with_one_click(browse, root, version, candidate):
    address = f"/models/{candidate.pk}/activate/"
    assert "Please say why" in browse(root).post(address, follow=True).text
    page = browse(root).post(address, {"why": "More right."}, follow=True).text
    assert "newer bbbbbbbb answers from now on." in page
    assert "Back to probe aaaaaaaa" in page
    page = browse(root).post("/models/probe/rollback/", follow=True).text
    assert "probe aaaaaaaa answers again." in page
    assert "Back to" not in page  # nothing was live before it
    assert "There is no earlier version." in browse(root).post("/models/probe/rollback/", follow=True).text
    assert "More right." in browse(root).get("/models/log/").text


def test_the_log_says_what_was_live_at_a_moment(browse, root, version, candidate):
    activate(version=candidate, by=root)
    at = timezone.localtime(Change.objects.get(kind="probe", after=version).at)
    page = browse(root).get("/models/log/", {"at": at.strftime("%Y-%m-%dT%H:%M:%S.%f")}).text
    live = page[page.index("Live at") : page.index("Every change")]
    assert "probe aaaaaaaa" in live and "newer" not in live
    assert "Live at" not in browse(root).get("/models/log/?at=noon").text


def test_confusion_and_reliability_are_drawn_where_the_card_has_them(browse, charlie, version):
    bins = [
        {"count": 3, "confidence": 0.55, "accuracy": 0.5},
        {"count": 90, "confidence": 0.99, "accuracy": 1},
    ]
    version.card |= {"classes": ["7", "8"], "confusion": [[40, 5, 0], [0, 44, 4]], "reliability": bins}
    version.save()
    page = "".join(map(str.strip, browse(charlie).get(f"/models/{version.pk}/").text.splitlines()))
    assert '<th scope="row">7</th><td class="number shade-5 right">40</td>' in page
    assert page.count("<circle") == 2
    assert "55.0% → 50.0% (3)" in page


def test_the_pages_of_admins_read_korean(browse, root, candidate):
    korean = {"accept-language": "ko"}
    assert "더 좋음" in browse(root).get(f"/models/{candidate.pk}/", headers=korean).text
    assert "언제 무엇이 답했나" in browse(root).get("/models/log/", headers=korean).text


def test_cards_tell_of_their_data_in_korean():
    cards = [json.loads(path.read_text()) for path in (settings.BASE_DIR / "ml/weights").glob("*.json")]
    uses = {row["use"] for card in cards for row in card["data"]}
    sets = {row["set"] for card in cards for row in card["metrics"]}
    names = {"EMNIST digits test (10000)", "MNIST test (10000)", "USPS test (2007)"}
    with translation.override("ko"):
        english = [text for text in (uses | sets) - names if not re.search("[가-힣]", data_label(text))]
    assert english == []
    assert data_label("somebody's own (7)") == "somebody's own (7)"
