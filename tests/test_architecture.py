"""The house stands as docs/architecture.md draws it."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

WIDEST_TEMPLATE_LINE = 160  # letters; djade breaks no line
HEAVY = ("torch", "torchvision", "onnxruntime", "onnx")
LOAD_THE_WEB_SIDE = f"""
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from django.contrib import admin
admin.autodiscover()
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_a_fresh_web_process_loads_no_learning_library():
    done = subprocess.run(
        [sys.executable, "-c", LOAD_THE_WEB_SIDE],
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(settings.DATA_DIR)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_web_process_sets_aside_what_it_has_loaded():
    script = "import config.wsgi, gc; print(gc.get_freeze_count() > 50_000)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert done.stdout.strip() == "True", done.stderr


def test_the_arrows_between_the_packages_are_kept():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_model_change_has_its_migration():
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_all_weights_together_stay_under_sixty_megabytes():
    weights = list((settings.BASE_DIR / "ml" / "weights").glob("*.safetensors"))
    assert weights
    assert sum(path.stat().st_size for path in weights) < 60e6


def test_no_line_of_a_template_is_too_wide_to_review():
    assert [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > WIDEST_TEMPLATE_LINE
    ] == []
