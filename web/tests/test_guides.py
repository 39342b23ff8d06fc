"""Guides of docs/ on the site."""

import re

import pytest
from django.contrib.staticfiles import finders

from web.guides import GUIDES, rendered


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_has_its_steps_pictures_and_no_link_to_nowhere(name, language):
    title, html = rendered(name, language)
    assert title and re.findall(r'id="step-(\d)"', html) == ["1", "2", "3", "4", "5"]
    pictures = re.findall(r'src="/static/([^"]+)"', html)
    assert pictures and all(finders.find(path) for path in pictures)
    assert all(link.startswith(("#", "http")) for link in re.findall(r'href="([^"]*)"', html))
    assert "<table>" in html and "|---|" not in html


def test_whoever_asks_reads_the_guide(browse, db):
    assert 'id="step-4"' in browse().get("/guide/grading/").text
    assert browse().get("/guide/nothing/").status_code == 404
