"""manage.py models: what admins do with networks, from the command line."""

import io
import json
import re
import shlex

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import Role
from conftest import person
from registry.models import Change, ModelVersion
from registry.weight_files import weights_folder, weights_name

pytestmark = pytest.mark.django_db


def models(*asked: object) -> str:
    said = io.StringIO()
    call_command("models", *map(str, asked), stdout=said)
    return said.getvalue()


@pytest.fixture
def dense() -> ModelVersion:
    return ModelVersion.objects.get(name="digits_dense")


def test_networks_are_listed_and_shown_with_figures(dense):
    assert f"digits_dense {dense.sha256[:8]}" in models("list", "digits")
    assert "marks" not in models("list", "digits") and "marks" in models("list")
    for name in (dense.pk, dense.name, dense.sha256[:8]):
        said = models("show", name)
        assert dense.sha256 in said and "MNIST test (10000)" in said


def test_a_network_is_activated_and_the_one_before_answers_again(root, dense):
    before = ModelVersion.objects.active("digits")
    assert "answers for digits from now on" in models(
        "activate", "digits_dense", "--by", "root", "--why", "Try."
    )
    change = Change.objects.first()
    assert (change.by, change.why, change.after) == (root, "Try.", dense)
    models("rollback", "digits")
    assert ModelVersion.objects.active("digits") == before


def test_every_command_of_the_guide_runs_as_it_stands(tmp_path):
    person("admin", Role.ADMIN)
    guide = (settings.BASE_DIR / "docs" / "registry.md").read_text()
    commands = re.findall(r"^ {4}python manage\.py models (.+?)(?: {2,}.*)?$", guide, re.MULTILINE)
    assert len(commands) == 14
    for command in commands:
        if command.startswith("import"):  # at another site they are not known
            ModelVersion.objects.filter(name="digits").update(sha256="0" * 64)
        assert models(*shlex.split(command.replace("/tmp", str(tmp_path))))


def test_weights_and_card_are_taken_home(dense, tmp_path):
    models("export", dense.pk, tmp_path / "home")
    taken = (tmp_path / "home" / "digits_dense.safetensors").read_bytes()
    assert taken == (weights_folder(dense) / weights_name(dense)).read_bytes()
    assert json.loads((tmp_path / "home" / "digits_dense.json").read_text()) == dense.card


@pytest.mark.parametrize(
    "asked, sentence",
    [
        (["show", "nobody"], "There is no network nobody"),
        (["activate", "digits_dense", "--by", "charlie"], "There is no admin charlie"),
        (["rollback", "digits"], "There is no earlier version"),
        (["export", "lite2", "home"], "Python package .* holds these weights"),
        (["export", "digits_dense", "/dev/null/home"], "could not be read or written"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(charlie, asked, sentence):
    with translation.override("en"), pytest.raises(CommandError, match=sentence):
        models(*asked)
    assert ModelVersion.objects.active("digits").name == "digits"
