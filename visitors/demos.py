"""What visitors may try on the first page. Each app that has something to show brings it as `DEMO` of its `demo.py`:

DEMO = Demo(
    name="digits",
    …
)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise

from accounts.models import User
from jobs.long_poll import LongPoll
from web.app_modules import app_modules


def always() -> bool:
    return True


@dataclass(frozen=True)
class Demo:
    """name: in addresses; form_template, answer_template: its fields, and what a row with the answer says; form: checks
    what came in; ask: makes the row for that account; rows: all of its kind, each with its job; context: of the answer;
    picture: what was asked about or made."""

    name: str
    title: str | Promise
    says: str | Promise
    icon: str
    form_template: str
    answer_template: str
    form: type[forms.Form]
    ask: Callable[[User, Mapping[str, Any]], Any]
    rows: QuerySet[Any]
    context: Callable[[Any], Mapping[str, Any]]
    picture: Callable[[Any], HttpResponse]
    is_offered: Callable[[], bool] = always

    @cached_property
    def long_poll(self) -> LongPoll[Any]:
        """Made once: it prepares its query."""
        return LongPoll(self.rows)


def all_demos() -> list[Demo]:
    return [module.DEMO for module in app_modules("demo")]


def offered_demos() -> list[Demo]:
    return [demo for demo in all_demos() if demo.is_offered()]
