"""A service refuses with a ValidationError of Django's; here it becomes what the one who asked is told.

Pages go on after the `with` where it was refused; what stands in it below the call is done only where it was not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError as Refused
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from uploads.problems import BadFile
from web.errors import is_scripted


@contextmanager
def bad_file_refused() -> Iterator[None]:
    """What is wrong with a file becomes a refusal, in the language of the moment."""
    try:
        yield
    except BadFile as problem:
        raise Refused(_(str(problem))) from problem


@contextmanager
def refusals(attr: str = "") -> Iterator[None]:
    """To a program: a 400 with the sentences, under the name `attr` of what it sent."""
    try:
        yield
    except Refused as error:
        raise ValidationError({attr: error.messages} if attr else error.messages) from error


@contextmanager
def refused_with(sentences: list[str]) -> Iterator[None]:
    """The sentences, added to those that are there."""
    try:
        yield
    except Refused as error:
        sentences += error.messages


@contextmanager
def refused_as_message(request: HttpRequest) -> Iterator[None]:
    """To a person: each sentence as a message on the page that is shown next, or on the one with the form, where a
    script of it asked."""
    sentences: list[str] = []
    with refused_with(sentences):
        yield
    if is_scripted(request):
        request.refused = sentences  # type: ignore[attr-defined]  # FormMiddleware answers with them
        return
    for sentence in sentences:
        messages.error(request, sentence)


@contextmanager
def refused_on_form(form: forms.BaseForm) -> Iterator[None]:
    """To a person: the sentences on the form, with what was typed still there."""
    try:
        yield
    except Refused as error:
        known = not hasattr(error, "error_dict") or error.error_dict.keys() <= form.fields.keys()
        form.add_error(None, error if known else Refused(error.messages))
