import pytest

from registry.models import Change, ModelVersion
from registry.services import activate, activate_new
from registry.tests.weights import as_measured

pytestmark = pytest.mark.django_db


def test_the_versions_of_a_kind_are_listed_with_figures_and_without_cards(call, charlie):
    answer = call(charlie).get("/api/models/?kind=digits").json()
    (digits,) = (one for one in answer["results"] if one["name"] == "digits")
    assert {one["kind"] for one in answer["results"]} == {"digits"}
    assert (digits["state"], digits["architecture"], digits["is_built_in"]) == ("active", "cnn", True)
    assert digits["parameters"] > 0
    assert "card" not in digits


def test_all_kinds_are_listed_where_none_is_named(call, charlie):
    kinds = {one["kind"] for one in call(charlie).get("/api/models/").json()["results"]}
    assert kinds >= {"digits", "letters", "marks", "numerals"}


def test_a_version_has_its_whole_card(call, charlie):
    version = ModelVersion.objects.active("digits")
    answer = call(charlie).get(f"/api/models/{version.pk}/").json()
    assert answer["card"] == version.card
    assert answer["url"].endswith(f"/api/models/{version.pk}/")


def test_an_unknown_version_is_404_and_an_anonymous_401(call, charlie):
    assert call(charlie).get("/api/models/999999/").status_code == 404
    assert call().get("/api/models/").status_code == 401


def test_versions_are_not_changed_here(call, root):
    version = ModelVersion.objects.active("digits")
    assert call(root).delete(f"/api/models/{version.pk}/").status_code == 405


@pytest.fixture
def other() -> ModelVersion:
    """Another network of digits, as good as the one that answers."""
    version = ModelVersion.objects.get(kind="digits", name="digits_dense")
    as_measured(version, ModelVersion.objects.active("digits"))
    return version


def test_an_admin_activates_with_a_reason_and_rolls_back(call, root, other):
    first = ModelVersion.objects.active("digits")
    answer = call(root).post(f"/api/models/{other.pk}/activate/", {"why": "A test."}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "active")
    answer = call(root).post("/api/models/digits/rollback/")
    assert (answer.status_code, answer.json()["id"]) == (200, first.pk)
    newest, before, *_ = call(root).get("/api/models/log/?kind=digits").json()["results"]
    assert (before["by"], before["why"], before["after"]["id"]) == ("root", "A test.", other.pk)
    assert (newest["why"], newest["takes_back"]) == ("Back to the version before.", before["id"])


def test_an_admin_archives_what_does_not_answer(call, root, other):
    answer = call(root).post(f"/api/models/{other.pk}/archive/")
    assert (answer.status_code, answer.json()["state"]) == (200, "retired")
    live = ModelVersion.objects.active("digits")
    answer = call(root).post(f"/api/models/{live.pk}/archive/")
    assert answer.status_code == 400
    assert "Activate another one first" in answer.json()["errors"][0]["detail"]


def test_without_a_reason_nothing_is_activated(call, root, other):
    answer = call(root).post(f"/api/models/{other.pk}/activate/", {"why": " "}, format="json")
    assert answer.status_code == 400
    assert ModelVersion.objects.active("digits") != other


def test_where_nothing_was_live_before_there_is_no_way_back(call, root):
    answer = call(root).post("/api/models/digits/rollback/")
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (400, "There is no earlier version.")
    assert call(root).post("/api/models/dogs/rollback/").status_code == 404


@pytest.mark.parametrize("path", ["{pk}/activate/", "digits/rollback/"])
def test_only_admins_change_what_answers(call, alice, other, path):
    activate(version=other)
    before = Change.objects.count()
    answer = call(alice).post(f"/api/models/{path.format(pk=other.pk)}", {"why": "Mine."}, format="json")
    assert answer.status_code == 403
    assert "Only administrators" in answer.json()["errors"][0]["detail"]
    assert Change.objects.count() == before


def test_the_log_tells_what_was_live_at_a_moment(call, root, other):
    first = ModelVersion.objects.active("digits")
    activate(version=other, by=root, why="A test.")
    change = Change.objects.first()

    def live(moment: str) -> list[int]:
        rows = call(root).get("/api/models/log/", {"kind": "digits", "at": moment}).json()["results"]
        return [row["after"]["id"] for row in rows]

    assert live(change.at.isoformat()) == [other.pk]
    assert live(Change.objects.get(kind="digits", after=first).at.isoformat()) == [first.pk]
    assert live("2001-03-03T10:14") == []
    assert call(root).get("/api/models/log/?at=noon").status_code == 400


def test_what_people_taught_is_in_no_log_and_not_activated_here(call, root, alice):
    taught = activate_new(card={"sha256": "c" * 64, "kind": "classifier-7", "name": "taught"}, by=alice)
    assert "classifier-7" not in call(root).get("/api/models/log/?page_size=200").text
    answer = call(root).post(f"/api/models/{taught.pk}/activate/", {"why": "A test."}, format="json")
    assert answer.status_code == 404
    assert call(root).post("/api/models/classifier-7/rollback/").status_code == 404
