"""Read before the settings are: lets the processes of one run of the tests (pytest -n 3) keep out of each other's way.

Each has test databases of its own from pytest-django and folders of its own from pytest. What they share is networks
readied for the CPU: one of them does it for all, once until the code of the networks changes.
"""

import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
# What decides the bytes of an exported network: its layers, who builds them, and who translates them.
EXPORTED_BY = [
    "ml/**/network.py",
    "ml/core/architectures.py",
    "ml/core/engine.py",
    "ml/pictures/graph_model.py",
    "ml/pictures/objects.py",
]


def own_database(redis_url: str, process: str) -> str:
    """For process gw0 the database behind the one of the URL, for gw1 the next one."""
    url = urlsplit(redis_url)
    number = int(url.path.strip("/") or 0) + 1 + int(process.removeprefix("gw"))
    return url._replace(path=f"/{number}").geturl()


def networks() -> Path:
    """Of these layers, exported by this code and these libraries; which weights is in the names of the files."""
    sources = sorted(path for pattern in EXPORTED_BY for path in ROOT.glob(pattern))
    code = sha256(b"".join(path.read_bytes() for path in sources))
    code.update(" ".join(version(library) for library in ("torch", "onnx", "onnxscript")).encode())
    return ROOT / ".pytest_cache" / "networks" / code.hexdigest()[:12]


os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # of PyTorch, here and in workers: the processes share the cores
os.environ.setdefault("MODEL_CACHE_DIR", str(networks()))
if "REDIS_URL" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["REDIS_URL"] = own_database(os.environ["REDIS_URL"], os.environ["PYTEST_XDIST_WORKER"])
