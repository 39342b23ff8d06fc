"""schemathesis over the whole schema: whatever comes, the answer is one that the schema documents, and no 5xx.

More of it, from another seed: `FUZZ_EXAMPLES=100 FUZZ_SEED=7 .venv/bin/python -m pytest -m full tests/test_fuzz.py`.
"""

import os
import sys

import pytest
from django.db import connections

from accounts.services import make_token
from tests.support.everything import one_of_each_kind
from tests.support.fuzzing import fuzz

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))  # made-up requests for each address and method
SEED = int(os.environ.get("FUZZ_SEED", "1"))


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["owner", "admin", "nobody"])
def test_made_up_requests_get_documented_answers(who, alice, root, monkeypatch, capsys):
    rows = one_of_each_kind(alice)
    monkeypatch.setattr("jobs.long_poll.LongPoll.wait", lambda _self, row, _seconds: row)  # no worker answers
    person = {"owner": alice, "admin": root}.get(who)
    headers = {"Authorization": f"Bearer {make_token(user=person, name='fuzz')[1]}"} if person else {}
    # Else every request would end the test's transaction with its connection
    monkeypatch.setattr(type(connections["default"]), "close", lambda _self: None)
    sent, failures = fuzz(rows, headers, EXAMPLES, SEED)
    with capsys.disabled():
        sys.stdout.write(f"\n{who}: {sent} requests, {failures.total()} of them answered wrongly\n")
    assert not failures, "\n".join(f"{count} × {what}" for what, count in failures.most_common())
