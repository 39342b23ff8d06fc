"""Guides of docs/ as pages of the site, in the language of the moment: one text for both places."""

import re
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

GUIDES = ("grading",)
PICTURES = "../static/"  # as a page of docs/ finds them
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    if name not in GUIDES:
        raise Http404
    title, html = rendered(name, get_language() or settings.LANGUAGE_CODE)
    return render(request, "guide.html", {"title": title, "html": html})


@cache
def rendered(name: str, language: str) -> tuple[str, SafeString]:
    """Its title, and the rest as HTML. The text is ours, and HTML in it is shown, not taken."""
    own = settings.BASE_DIR / "docs" / f"{name}.{language}.md"
    path = own if own.exists() else settings.BASE_DIR / "docs" / f"{name}.md"
    tokens = MARKDOWN.parse(path.read_text(encoding="utf-8"))
    title, tokens = tokens[1].content, tokens[3:]
    for heading, text in zip(tokens, tokens[1:], strict=False):
        if heading.type == "heading_open" and (step := re.match(r"\d+", text.content)):
            heading.attrSet("id", f"step-{step[0]}")
    for token in tokens:
        for part in token.children or []:
            here(part)
    return title, mark_safe(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))  # noqa: S308


def here(part: Token) -> None:
    """Pictures as the site serves them; other pages of docs/ are not on it."""
    source, target = part.attrGet("src"), part.attrGet("href")
    if isinstance(source, str) and source.startswith(PICTURES):
        part.attrSet("src", static(source.removeprefix(PICTURES)))
        part.attrSet("loading", "lazy")
    elif isinstance(target, str) and not target.startswith(("#", "http")):
        part.tag = "span"
        part.attrs.pop("href")
