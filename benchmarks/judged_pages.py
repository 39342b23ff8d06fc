"""Pictures to be judged that a browser draws from a seed: pages, receipts, screens, charts, drawings, patterns.

Nothing of it draws what the types of images were learned from (ml/pictures/image_types/drawn).
"""

# ruff: noqa: E501 (lines of HTML)

from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.judged_drawings import chart, drawing, pattern
from benchmarks.judged_words import FACES, GOODS, HANGUL, NOUNS, SHOPS, VERBS, Page, sentence, some, text
from ml.core.arrays import Picture


def document(rng: Generator) -> Page:
    kinds = (letter, table, columns, questions)
    return kinds[int(rng.integers(len(kinds)))](rng), 820


def letter(rng: Generator) -> str:
    parts = "".join(f"<p>{text(rng, 5)}</p>" for _ in range(4))
    return f"<div style='padding:70px;background:#fff'><p align=right>{rng.integers(1, 28)} May 2031</p><h2>{sentence(rng)}</h2>{parts}</div>"


def table(rng: Generator) -> str:
    rows = "".join(
        f"<tr><td>{some(rng, HANGUL)}<td>{some(rng, NOUNS)}<td>{rng.integers(100)}<td>{rng.integers(100)}"
        for _ in range(18)
    )
    head = "<tr><th>이름<th>Subject<th>1<th>2"
    return f"<div style='padding:50px;background:#fff'><h3>{sentence(rng)}</h3><table border=1 cellpadding=7 cellspacing=0 width=100%>{head}{rows}</table></div>"


def columns(rng: Generator) -> str:
    parts = "".join(
        f"<h4>{some(rng, NOUNS).title()}</h4><p align=justify>{text(rng, 7)}</p>" for _ in range(5)
    )
    return f"<div style='padding:44px;background:#fcfbf6;column-count:2;column-gap:36px;font-size:13px'>{parts}</div>"


def questions(rng: Generator) -> str:
    items = "".join(
        f"<p>{number}. {sentence(rng)}<br>" + " &nbsp; ".join(f"{sign} {some(rng, NOUNS)}" for sign in "①②③④")
        for number in range(1, 13)
    )
    return f"<div style='padding:56px;background:#fff;border:1px solid #222'><h2 align=center>1학기 Quiz {rng.integers(1, 9)}</h2>{items}</div>"


def receipt(rng: Generator) -> Page:
    rows = "".join(
        f"<div style='display:flex;justify-content:space-between'><span>{some(rng, GOODS)} x{rng.integers(1, 5)}</span>"
        f"<span>{rng.integers(5, 300) * 100:,}</span></div>"
        for _ in range(int(rng.integers(5, 15)))
    )
    back = some(rng, ("#6b4a2e", "#3b3f46", "#cfc8bb", "#8a8f78"))
    tail = f"<div style='font-size:22px;font-weight:700'>TOTAL ₩{rng.integers(50, 900) * 100:,}</div><p align=center>감사합니다 Thank you</p>"
    return (
        f"<div style='background:{back};padding:34px 70px'><div style='background:#fbfaf6;padding:20px;box-shadow:2px 4px 9px #0008'>"
        f"<h3 align=center>{some(rng, SHOPS)}</h3><p align=center>02-555-{rng.integers(1000, 9999)}<br>2031-04-{rng.integers(10, 28)}</p><hr>{rows}<hr>{tail}</div></div>",
        int(rng.integers(420, 560)),
    )


def screenshot(rng: Generator) -> Page:
    kinds = (mail, shop, terminal, phone)
    return kinds[int(rng.integers(len(kinds)))](rng)


def mail(rng: Generator) -> Page:
    rows = "".join(
        f"<div style='display:flex;gap:16px;padding:11px 16px;border-bottom:1px solid #ddd'><b style='width:130px'>{some(rng, NOUNS).title()}</b>"
        f"<span style='flex:1;overflow:hidden;white-space:nowrap'>{text(rng, 2)}</span><span>{rng.integers(1, 12)}:{rng.integers(10, 59)}</span></div>"
        for _ in range(14)
    )
    side = "".join(
        f"<p style='margin:12px'>{word}</p>" for word in ("Inbox", "받은 편지", "Sent", "Drafts", "휴지통")
    )
    return (
        f"<div style='background:#1d4f91;color:#fff;padding:14px 20px;font-size:19px'>Mail &nbsp; <input value='search' style='width:380px;padding:5px'></div>"
        f"<div style='display:flex;background:#fff'><div style='width:150px;background:#f0f2f5;height:640px'>{side}</div><div style='flex:1'>{rows}</div></div>"
    ), 1180


def shop(rng: Generator) -> Page:
    cards = "".join(
        f"<div style='border:1px solid #ccc;border-radius:9px;overflow:hidden'><div style='height:110px;background:hsl({rng.integers(360)} 50% 60%)'></div>"
        f"<p style='margin:10px'>{some(rng, GOODS)}<br><b>{rng.integers(10, 90) * 100:,}원</b></p><button style='margin:0 10px 12px;background:#0a7;color:#fff;border:0;padding:7px 12px'>담기</button></div>"
        for _ in range(8)
    )
    return (
        f"<div style='padding:14px 24px;border-bottom:1px solid #ccc;display:flex;gap:28px'><b>{some(rng, SHOPS)}</b><span>New</span><span>Best</span><span>장바구니 (2)</span></div>"
        f"<div style='display:grid;grid-template-columns:repeat(4,1fr);gap:18px;padding:24px;background:#fff'>{cards}</div>"
    ), 1080


def terminal(rng: Generator) -> Page:
    lines = "".join(
        f"<div><span style='color:#7fd18a'>user@{some(rng, NOUNS)}</span>:~$ {some(rng, VERBS)} --{some(rng, NOUNS)}={rng.integers(99)}</div>"
        f"<div style='color:#bbb'>{some(rng, NOUNS)}.py:{rng.integers(400)}: {some(rng, VERBS)} {some(rng, NOUNS)}</div>"
        for _ in range(12)
    )
    bar = "<div style='background:#333;padding:8px'><span style='color:#f66'>●</span> <span style='color:#fb3'>●</span> <span style='color:#5c5'>●</span></div>"
    return (
        f"{bar}<pre style='margin:0;background:#15181d;color:#e8e8e8;padding:16px;font-size:14px;height:560px'>{lines}</pre>",
        900,
    )


def phone(rng: Generator) -> Page:
    talk = "".join(
        f"<div style='text-align:{'right' if rng.random() < 0.5 else 'left'};margin:9px'><span style='display:inline-block;max-width:70%;padding:9px 13px;border-radius:15px;background:{some(rng, ('#fff', '#ffe86b'))}'>{sentence(rng)}</span></div>"
        for _ in range(9)
    )
    return (
        f"<div style='background:#b4cbdc;height:780px'><div style='background:#a6bfd2;padding:12px'>9:{rng.integers(10, 59)} &nbsp; <b>{some(rng, NOUNS)}</b></div>{talk}</div>",
        400,
    )


MAKERS: dict[str, Callable[[Generator], Page]] = {
    "document": document,
    "receipt": receipt,
    "screenshot": screenshot,
    "chart": chart,
    "drawing": drawing,
    "pattern": pattern,
}
COUNTS = {"document": 9, "receipt": 6, "screenshot": 8, "chart": 8, "drawing": 7, "pattern": 4}
PHOTOGRAPHED = ("document", "receipt")  # one in three as a camera sees it


def pages(seed: int) -> Iterator[tuple[str, str, int, Callable[[Picture], Picture]]]:
    """(name, HTML, width of the window, what becomes of its picture), the same for the same seed."""
    for kind, count in COUNTS.items():
        for place in range(count):
            rng = np.random.default_rng([seed, *kind.encode(), place])
            body, width = MAKERS[kind](rng)
            html = f"<body style=\"margin:0;font:16px '{some(rng, FACES)}'\">{body}"
            is_photographed = kind in PHOTOGRAPHED and place % 3 == 0
            yield f"{kind}_{place}", html, width, partial(on_desk, rng) if is_photographed else as_it_is


def as_it_is(page: Picture) -> Picture:
    return page


def on_desk(rng: Generator, page: Picture) -> Picture:
    """Lying on a desk of planks, seen from a little aside, by the light of one lamp."""
    high, wide = page.shape[:2]
    height, width = round(high * 1.25), round(wide * 1.4)
    planks = np.sin(np.linspace(0, 40, width))[None] * 12 + rng.normal(0, 5, (height, width))
    desk = np.clip(planks[..., None] + rng.uniform((90, 60, 40), (170, 130, 100)), 0, 255)
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    placed = corners + (wide * 0.2, high * 0.12) + rng.uniform(-0.04, 0.04, (4, 2)) * wide
    way = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    seen = cv2.warpPerspective(
        page.astype(np.float64), way, (width, height), dst=desk, borderMode=cv2.BORDER_TRANSPARENT
    )
    y, x = np.mgrid[:height, :width]
    lamp = 1.05 - 0.4 * np.hypot(x / width - rng.uniform(0.2, 0.8), y / height - rng.uniform(0, 0.4))
    grain = rng.normal(0, 3, seen.shape)
    return np.clip(cv2.GaussianBlur(seen * lamp[..., None], (0, 0), 0.8) + grain, 0, 255).astype(np.uint8)
