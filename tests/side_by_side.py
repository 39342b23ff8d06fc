"""Read before the settings are: lets the processes of one run of the tests (pytest -n 2) keep out of each other's way.

Each has a test database of its own from pytest-django, and folders of its own from pytest.
"""

import os
from urllib.parse import urlsplit

os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # PyTorch, also in workers: the processes share the cores already

if "REDIS_URL" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
    url = urlsplit(os.environ["REDIS_URL"])
    number = int(url.path.strip("/") or 0) + 1 + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    os.environ["REDIS_URL"] = url._replace(path=f"/{number}").geturl()
