import pytest


@pytest.fixture
def api(call, alice):
    return call(alice)


@pytest.fixture
def page(browse, alice):
    return browse(alice)
