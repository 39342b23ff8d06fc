import pytest


@pytest.fixture
def api(call, alice):
    return call(alice)
