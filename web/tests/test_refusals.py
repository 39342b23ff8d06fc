import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError as Refused
from django.test import RequestFactory
from rest_framework.exceptions import ValidationError

from web.refusals import refusals, refused_as_message, refused_on_form

SENTENCES = ["The roster is empty.", "Line 3 has no number."]


@pytest.fixture
def request_of_a_page():
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def test_a_program_gets_each_sentence_under_the_name_of_what_it_sent():
    with pytest.raises(ValidationError) as refused, refusals("file"):
        raise Refused(SENTENCES)
    assert refused.value.detail == {"file": SENTENCES}


def test_a_page_shows_each_sentence_and_not_that_it_was_done(request_of_a_page):
    done = []
    with refused_as_message(request_of_a_page):
        raise_refused()
        done.append("told that it was done")
    assert [(one.level_tag, str(one)) for one in get_messages(request_of_a_page)] == [
        ("error", sentence) for sentence in SENTENCES
    ]
    assert not done


def test_a_form_shows_each_sentence():
    form = forms.Form({})
    with refused_on_form(form):
        raise_refused()
    assert form.non_field_errors() == SENTENCES


@pytest.mark.parametrize("told", [refused_as_message, refused_on_form])
def test_what_is_no_refusal_is_raised(told):
    with pytest.raises(ZeroDivisionError), told(forms.Form({})):
        raise ZeroDivisionError


def raise_refused() -> None:
    raise Refused(SENTENCES)
