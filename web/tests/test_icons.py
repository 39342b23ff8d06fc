import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from web.icons import ICONS

SPRITE = Path(settings.BASE_DIR, "static/icons.svg").read_text()


def test_the_sprite_holds_what_pages_may_use():
    assert re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE) == sorted(ICONS)


def test_pages_use_all_of_it():
    """Or Python, which names those of sections, kinds and groups."""
    written = [
        *Path(settings.BASE_DIR, "templates").rglob("*.html"),
        *Path(settings.BASE_DIR).glob("[a-z]*/*.py"),
    ]
    pages = "".join(path.read_text() for path in written if path.name != "icons.py")
    assert [name for name in ICONS if f'"{name}"' not in pages] == []


def test_an_icon_says_nothing_to_who_hears_the_page():
    assert 'aria-hidden="true"' in Template('{% icon "camera" %}').render(Context())


def test_an_unknown_icon_is_an_error():
    with pytest.raises(ValueError, match="kamera"):
        Template('{% icon "kamera" %}').render(Context())
