import pytest

from generator import tasks
from generator.tests.networks import SMALL, version


@pytest.fixture(autouse=True)
def networks(db, settings, tmp_path):
    """One small network of each kind, by their names."""
    settings.MODEL_CACHE_DIR = tmp_path / "models"
    tasks.load_version.cache_clear()
    tasks.inverter.cache_clear()
    return {name: version(name) for name in SMALL}


@pytest.fixture
def api(call, alice):
    return call(alice)


@pytest.fixture
def page(browse, alice):
    return browse(alice)
