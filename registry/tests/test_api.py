import pytest

from registry.models import ModelVersion

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
