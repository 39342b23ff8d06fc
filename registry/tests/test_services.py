import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from registry.models import BUILT_IN, ModelVersion
from registry.services import activate, take_in_built_in

pytestmark = pytest.mark.django_db


def write_card(folder: Path, name: str, sha256: str) -> None:
    card = {"kind": "probe", "name": name, "sha256": sha256, "metrics": []}
    (folder / f"{name}.json").write_text(json.dumps(card))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of weights that holds one card, `first`."""
    write_card(tmp_path, "first", "a" * 64)
    return tmp_path


def test_every_committed_card_has_an_active_row_after_migrate(db):
    kinds = {json.loads(path.read_text())["kind"] for path in BUILT_IN.glob("*.json")}
    assert kinds >= {"marks", "numerals", "letters"}
    assert {kind for kind in kinds if ModelVersion.objects.active(kind).is_built_in} == kinds


def test_a_new_built_in_version_takes_over_and_the_old_row_stays(folder):
    take_in_built_in(folder=folder)
    (folder / "first.json").unlink()
    write_card(folder, "second", "b" * 64)
    take_in_built_in(folder=folder)
    assert ModelVersion.objects.active("probe").name == "second"
    assert ModelVersion.objects.get(name="first").state == ModelVersion.State.RETIRED


def test_migrating_again_keeps_what_an_admin_activated(folder):
    take_in_built_in(folder=folder)
    own = ModelVersion.objects.create(kind="probe", name="own", sha256="c" * 64)
    activate(version=own)
    take_in_built_in(folder=folder)
    assert ModelVersion.objects.active("probe") == own


def test_two_versions_of_a_kind_are_never_active_together(folder):
    take_in_built_in(folder=folder)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(kind="probe", name="x", sha256="d" * 64, state=ModelVersion.State.ACTIVE)
