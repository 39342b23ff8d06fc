"""Templates as the HTML that they may become: inheritance and includes are followed, nothing is rendered.

What stands for a variable is "\\0"; `if`, `else`, `for` and their ends are kept as ways that a page may go, unless they
stand within a tag, where all count at once.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.base import DebugLexer, Token, TokenType

ROOT = Path(settings.BASE_DIR, "templates")
FOREIGN = ("admin/", "drf_spectacular/")  # pages of Django and of Swagger
# What buttons are that are no main action: their own rules say what these look like.
OTHER_BUTTONS = ("secondary", "quiet", "danger", "pick", "tool", "sample", "thing", "cross")
IF, FOR, ELIF, ELSE, END = "\1", "\2", "\3", "\4", "\5"
MARKERS = {"if": IF, "elif": ELIF, "else": ELSE, "endif": END, "for": FOR, "empty": ELSE, "endfor": END}
BLOCK = re.compile(r"(\w+)(?:\s+[\"']?([\w./-]+))?")
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'))?")
PARTS = re.compile(f"{TAG.pattern}|[{''.join(MARKERS.values())}]|<!--.*?-->", re.S)


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    is_end: bool = False

    @property
    def classes(self) -> list[str]:
        """Those that are written out; of others only a template's variables know."""
        return [one for one in self.attributes.get("class", "").split() if "\0" not in one]


def names() -> list[str]:
    found = (str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
    return sorted(name for name in found if not name.startswith(FOREIGN))


def pages() -> list[str]:
    """Those that are a whole page: not a part of one, and not extended by any."""
    extended = {parent_of(tokens(name)) for name in names()}
    return [name for name in names() if not Path(name).name.startswith("_") and name not in extended]


def parent_of(some: list[Token]) -> str:
    return next((words(one)[1] for one in some if is_block(one) and words(one)[0] == "extends"), "")


@cache
def tokens(name: str) -> list[Token]:
    return DebugLexer((ROOT / name).read_text()).tokenize()


def written(name: str) -> str:
    """The HTML of one file, without what it extends or includes."""
    return "".join(texts(tokens(name), {}, follow=False))


@cache
def expanded(name: str) -> str:
    """The HTML of a page with all that it extends and includes."""
    return "".join(texts(tokens(name), {}, follow=True))


def words(token: Token) -> tuple[str, str]:
    found = BLOCK.match(token.contents)
    return (found[1], found[2] or "") if found else ("", "")


def texts(some: list[Token], blocks: dict[str, list[Token]], follow: bool) -> Iterator[str]:
    parent = parent_of(some)
    if parent and follow:
        own = blocks_of(some)
        new = {name: with_super(body, own[name]) if name in own else body for name, body in blocks.items()}
        yield from texts(tokens(parent), own | new, follow)
        return
    rest = iter(some)
    for token in rest:
        if token.token_type == TokenType.TEXT:
            yield token.contents
        elif token.token_type == TokenType.VAR:
            yield "\0"
        elif is_block(token):
            yield from of_block(token, rest, blocks, follow)


def of_block(
    token: Token, rest: Iterator[Token], blocks: dict[str, list[Token]], follow: bool
) -> Iterator[str]:
    name, argument = words(token)
    if name in MARKERS:
        yield MARKERS[name]
    elif name == "include" and follow and (ROOT / argument).exists():
        yield from texts(tokens(argument), blocks, follow)
    elif name == "block" and follow:
        own = until(rest, "block")
        yield from texts(with_super(blocks.get(argument, own), own), blocks, follow)
    elif name == "static":
        yield argument
    elif name in ("url", "translate", "querystring", "firstof"):
        yield "\0"


def with_super(some: list[Token], own: list[Token]) -> list[Token]:
    """With what the template that is extended has in this block, where `block.super` says so."""
    return [one for token in some for one in (own if token.contents == "block.super" else [token])]


def until(rest: Iterator[Token], name: str) -> list[Token]:
    """What stands before the end of the block that has just begun."""
    body, depth = [], 1
    for token in rest:
        if is_block(token):
            depth += {name: 1, f"end{name}": -1}.get(words(token)[0], 0)
            if not depth:
                break
        body.append(token)
    return body


def blocks_of(some: list[Token]) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = {}
    rest = iter(some)
    for token in rest:
        if is_block(token) and words(token)[0] == "block":
            body = until(rest, "block")
            found |= blocks_of(body) | {words(token)[1]: body}
    return found


def is_block(token: Token) -> bool:
    return token.token_type == TokenType.BLOCK


def parts(html: str) -> Iterator[Tag | str]:
    """Its tags, and between them the markers of ways."""
    for found in PARTS.finditer(html):
        if found[0] in MARKERS.values():
            yield found[0]
        elif found[2]:
            yield Tag(found[2].lower(), attributes(found[3]), bool(found[1]))


def tags(html: str) -> list[Tag]:
    return [part for part in parts(html) if isinstance(part, Tag)]


def counts(html: str, is_counted: Callable[[Tag], bool]) -> tuple[int, int]:
    """How many of these tags a page has at least and at most; what loops is taken to come twice or never."""
    return fewest_and_most(parts(html), is_counted)[:2]


def fewest_and_most(rest: Iterator[Tag | str], is_counted: Callable[[Tag], bool]) -> tuple[int, int, str]:
    """Up to the end of this way, and what ended it."""
    fewest = most = 0
    for part in rest:
        if part in (ELIF, ELSE, END):
            return fewest, most, part
        if part in (IF, FOR):
            least, greatest = of_ways(rest, is_counted, times=2 if part == FOR else 1)
            fewest, most = fewest + least, most + greatest
        elif is_counted(part):
            fewest, most = fewest + 1, most + 1
    return fewest, most, END


def of_ways(rest: Iterator[Tag | str], is_counted: Callable[[Tag], bool], times: int) -> tuple[int, int]:
    fewest, most, ended_by = fewest_and_most(rest, is_counted)
    every = [(fewest, times * most)]
    has_else = False
    while ended_by != END:
        has_else = ended_by == ELSE
        fewest, most, ended_by = fewest_and_most(rest, is_counted)
        every.append((fewest, most))
    return min(one[0] for one in every) if has_else else 0, max(one[1] for one in every)


def attributes(text: str) -> dict[str, str]:
    plain = re.sub(f"[{IF}{FOR}{END}]", "", text).replace(ELIF, " ").replace(ELSE, " ")
    found: dict[str, str] = {}
    for name, double, single in ATTRIBUTE.findall(plain):
        found[name] = (
            f"{found.get(name, '')} {double or single}".strip()
        )  # one of each way, where it stands twice
    return found
