"""Names that rows and cards of running sites hold since commit 9c7b836: each must still mean something.

tests/upgrade/names.json is frozen. Code may be renamed; then the name stays where stored names are looked up:
`ml.architectures.ARCHITECTURES`, the names of tasks, `grading.reasons.REASONS`, and for sentences the catalogue in
locale/ko, which keeps what some module marks with gettext_noop.
"""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.utils.translation import gettext, override

from grading.reasons import REASONS
from jobs.models import Job
from ml.architectures import ARCHITECTURES, build
from ml.cards import Card

NAMES = json.loads((Path(__file__).parent / "upgrade" / "names.json").read_text())
CARDS = [(name, card) for name, cards in NAMES["architectures"].items() for card in cards]


def test_every_task_of_a_stored_job_has_a_worker_and_a_title():
    current_app.loader.import_default_modules()
    assert set(NAMES["tasks"]) <= current_app.tasks.keys()
    with override("ko"):
        assert all(Job(task=name).title != name for name in NAMES["tasks"])


def test_every_architecture_of_a_stored_card_is_known():
    assert NAMES["architectures"].keys() <= ARCHITECTURES.keys()


@pytest.mark.parametrize(("architecture", "card"), CARDS)
def test_the_parameters_of_stored_weights_have_the_names_that_the_network_asks_for(architecture, card):
    content = json.loads((settings.BASE_DIR / "ml" / "weights" / f"{card}.json").read_text())
    names = sorted(build(Card.parse(content | {"architecture": architecture})).state_dict())
    assert sha256("\n".join(names).encode()).hexdigest()[:16] == NAMES["architectures"][architecture][card]


def test_every_stored_reason_has_a_sentence():
    assert set(NAMES["reasons"]) <= REASONS.keys()


@pytest.mark.parametrize("message", NAMES["messages"])
def test_a_stored_sentence_is_still_shown_in_korean(message):
    with override("ko"):
        assert gettext(message) != message
