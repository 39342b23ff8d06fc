"""What every template keeps to: style sheets alone say how it looks, and a view has one head and one main action."""

import re
from functools import cache

from django.conf import settings

from tests.support import markup
from tests.support.markup import Tag

STATIC = settings.BASE_DIR / "static"
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
NO_SELECTOR = re.compile(r"/\*.*?\*/|\"[^\"]*\"|\{[^{}]*\}", re.S)  # comments, texts, and what rules say
SET_BY_SCRIPTS = re.compile(r"class(?:Name = |List\.(?:add|toggle)\()\"([\w -]+)\"")
WITH_EVERY_BUTTON = "design.html"  # it shows what pages are made of


@cache
def classes_of(sheet: str) -> frozenset[str]:
    """Those that the rules of a style sheet are about."""
    return frozenset(CLASS.findall(NO_SELECTOR.sub(" ", (STATIC / sheet).read_text())))


def bare_classes(sheet: str) -> set[str]:
    """Those with a rule for wherever they stand."""
    css = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(), flags=re.S)
    selectors = (one.strip() for some in re.findall(r"([^{}]+)\{", css) for one in some.split(","))
    return {one[1:] for one in selectors if re.fullmatch(r"\.[\w-]+", one)}


def sheets() -> list[str]:
    return [str(path.relative_to(STATIC)) for path in STATIC.rglob("*.css")]


def used_classes(html: str) -> set[str]:
    return {name for tag in markup.tags(html) for name in tag.classes}


def is_head(tag: Tag) -> bool:
    return tag.name == "h1" and not tag.is_end


def is_main_action(tag: Tag) -> bool:
    """What stands in for a button where there are no scripts is that button."""
    is_button = tag.name == "button" or "button" in tag.classes
    return is_button and not tag.is_end and not {*markup.OTHER_BUTTONS, "without-script"} & set(tag.classes)


def pages() -> dict[str, str]:
    return {name: markup.expanded(name) for name in markup.pages()}


def known_classes(html: str) -> set[str]:
    """Of the style sheets that a page links."""
    linked = {name for name in re.findall(r"[\w/.-]+\.css", html) if (STATIC / name).exists()}
    return set().union(*map(classes_of, linked))


def views(html: str) -> list[str]:
    """A dialog is a view of its own, over the page."""
    dialogs = re.findall(r"<dialog.*?</dialog>", html, re.S)
    return [re.sub(r"<dialog.*?</dialog>", "", html, flags=re.S), *dialogs]


def test_no_template_has_styles_of_its_own():
    tags = {name: markup.tags(markup.written(name)) for name in markup.names()}
    assert not [name for name, some in tags.items() for tag in some if "style" in {tag.name, *tag.attributes}]


def test_every_class_of_a_page_is_in_one_of_its_style_sheets():
    lacking = {name: used_classes(html) - known_classes(html) for name, html in pages().items()}
    assert {name: sorted(classes) for name, classes in lacking.items() if classes} == {}


def test_every_class_of_parts_and_scripts_is_in_a_style_sheet():
    known = set().union(*map(classes_of, sheets()))
    used = set().union(*(used_classes(markup.written(name)) for name in markup.names()))
    for script in STATIC.rglob("*.js"):
        used |= {name for names in SET_BY_SCRIPTS.findall(script.read_text()) for name in names.split()}
    assert used - known == set()


def test_no_page_gives_another_meaning_to_what_all_pages_share():
    shared = bare_classes("nunbit.css") | bare_classes("shell.css")
    others = {sheet: bare_classes(sheet) & shared for sheet in sheets() if "/" in sheet}
    assert {sheet: sorted(names) for sheet, names in others.items() if names} == {}


def test_no_style_sheet_has_a_class_that_nothing_has():
    written = [*markup.ROOT.rglob("*.html"), *STATIC.rglob("*.js")]
    written += [
        path for path in settings.BASE_DIR.glob("*/**/*.py") if not {".venv", "tests"} & set(path.parts)
    ]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text() for path in written)))
    numbered = {f"{word}{number}" for word in words if word.endswith("-") for number in range(10)}
    assert set().union(*map(classes_of, sheets())) - words - numbered == set()


def test_a_page_has_one_head():
    heads = {name: markup.counts(html, is_head) for name, html in pages().items()}
    assert {name: head for name, head in heads.items() if head != (1, 1)} == {}


def test_a_view_has_at_most_one_main_action():
    most = {
        name: max(markup.counts(view, is_main_action)[1] for view in views(html))
        for name, html in pages().items()
    }
    assert {name for name, actions in most.items() if actions > 1} == {WITH_EVERY_BUTTON}
