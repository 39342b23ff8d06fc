"""The page about privacy names every kind of row that holds something of a person, with the figures that rule."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import BinaryField, FileField, Model
from django.utils.translation import override

from administration.presentation.privacy import all_kept
from siteconfig.models import SiteSettings
from siteconfig.services import change_site


def holds_something_of_a_person(model: type[Model]) -> bool:
    """A file, bytes, or a person."""
    return model is get_user_model() or any(
        isinstance(field, FileField | BinaryField) or field.related_model is get_user_model()
        for field in model._meta.get_fields()
        if field.concrete and not field.many_to_many
    )


def test_every_model_with_something_of_a_person_is_named():
    named = {label for kept in all_kept(SiteSettings()) for label in kept.models}
    holding = {model._meta.label for model in apps.get_models() if holds_something_of_a_person(model)}
    assert holding - named == set()


def test_every_model_that_is_named_is_there():
    named = {label for kept in all_kept(SiteSettings()) for label in kept.models}
    assert named - {model._meta.label for model in apps.get_models()} == set()


@pytest.mark.django_db
def test_a_visitor_reads_the_figures_that_are_set(browse, root):
    change_site(by=root, sign_in_days=45, photo_days=2, log_days=365, guardian_age=15, name="한빛중학교")
    page = browse().get("/privacy/").text
    assert all(
        text in page
        for text in ("45 days.", "Photos for 2 days", "365 days.", "younger than 15", "한빛중학교")
    )
    assert 'href="/privacy/"' in browse().get("/account/login/").text
    assert "Signing in with" not in page


def test_it_is_written_in_korean_too(settings):
    settings.OIDC_NAME = "Hanbit"
    with override("en"):
        english = list(all_kept(SiteSettings()))
    with override("ko"):
        korean = list(all_kept(SiteSettings()))
    for one, other in zip(english, korean, strict=True):
        said = [
            getattr(one, name) == getattr(other, name) for name in ("title", "what", "why", "how_long", "who")
        ]
        assert not any(said), one.title
