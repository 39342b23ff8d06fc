"""A service refuses with a ValidationError of Django's; here it becomes what the one who asked is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError as Refused
from rest_framework.exceptions import ValidationError


@contextmanager
def refusals(attr: str = "") -> Iterator[None]:
    """To a program: a 400 with the sentences, under the name `attr` of what it sent."""
    try:
        yield
    except Refused as error:
        raise ValidationError({attr: error.messages} if attr else error.messages) from error
