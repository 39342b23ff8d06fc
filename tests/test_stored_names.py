"""Names that rows and cards of running sites hold since commit 9c7b836: each must still mean something.

tests/upgrade/names.json is frozen. Code may be renamed; then the name stays where stored names are looked up:
`ml.core.architectures.ARCHITECTURES`, the names of tasks, `grading.reasons.REASONS`, and for sentences the catalogue in
locale/ko, which keeps what some module marks with gettext_noop.
"""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from celery import current_app
from django.utils.translation import gettext, override

from grading.reasons import REASONS
from jobs.models import Job
from ml.core.architectures import build
from ml.core.cards import WEIGHTS_FOLDER, Card

NAMES = json.loads((Path(__file__).parent / "upgrade" / "names.json").read_text())
CARDS = {one["card"]: one for one in NAMES["architectures"]}  # by the names of the weights of then


def test_every_task_of_a_stored_job_has_a_worker_and_a_title():
    current_app.loader.import_default_modules()
    assert set(NAMES["tasks"]) <= current_app.tasks.keys()
    with override("ko"):
        assert all(Job(task=name).title != name for name in NAMES["tasks"])


@pytest.mark.parametrize("name", CARDS)
def test_a_stored_card_still_builds_the_network_that_its_weights_fit(name):
    """By the names of its parameters, of which the digest is frozen."""
    stored = CARDS[name]
    card = Card.load(WEIGHTS_FOLDER, "marks")
    network = build(replace(card, architecture=stored["architecture"], config=stored["config"]))
    names = "\n".join(sorted(network.state_dict()))
    assert sha256(names.encode()).hexdigest()[:16] == stored["parameters"]


def test_every_stored_reason_has_a_sentence():
    assert set(NAMES["reasons"]) <= REASONS.keys()


@pytest.mark.parametrize("message", NAMES["messages"])
def test_a_stored_sentence_is_still_shown_in_korean(message):
    with override("ko"):
        assert gettext(message) != message
