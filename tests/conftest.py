"""Fixtures of the tests that cross apps: the site as others reach it, and a row of each kind."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import transaction

from accounts.models import User
from conftest import wait_until
from tests.support.everything import one_of_each_kind


@pytest.fixture
def site(live_server, at_work) -> Iterator[str]:
    """The address of the site. A test ends when all that it asked is answered."""
    open_requests: list[bool] = []

    def begin(**_said: object) -> None:
        open_requests.append(True)

    def end(**_said: object) -> None:
        open_requests.pop()

    request_started.connect(begin)
    request_finished.connect(end)
    yield live_server.url
    wait_until(lambda: not open_requests)
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture
def owned(alice: User) -> dict[str, object]:
    """One of each kind, all Alice's: names of path arguments → their values. No worker does any of it meanwhile."""
    with transaction.atomic():
        return one_of_each_kind(alice)
