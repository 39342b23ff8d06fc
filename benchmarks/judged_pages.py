"""Pictures to be judged that a browser draws from a seed: pages, receipts, screens, charts, drawings, patterns.

Nothing of it draws what the types of images were learned from (ml/pictures/image_types/drawn).
"""

# ruff: noqa: E501 (lines of HTML)

from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np
from numpy.random import Generator

from ml.core.arrays import Picture

FACES = ("DejaVu Sans", "DejaVu Serif", "Carlito", "Liberation Serif", "Liberation Sans", "NanumGothicCoding")
NOUNS = ("river", "teacher", "window", "market", "garden", "letter", "winter", "station", "music", "village")
VERBS = ("crosses", "remembers", "opens", "describes", "follows", "repairs", "measures", "paints")
HANGUL = (
    "강물이",
    "선생님이",
    "창문을",
    "시장에서",
    "정원의",
    "편지를",
    "겨울에",
    "기차역까지",
    "음악과",
    "마을로",
)
GOODS = (
    "Tea 녹차",
    "Bread 식빵",
    "Apple 사과",
    "Cheese 치즈",
    "Eggs 달걀",
    "Rice 쌀",
    "Soap 비누",
    "Noodles 국수",
)
SHOPS = ("River Books", "한빛 문구", "Cafe Ondo", "Green Grocer", "달빛 약국", "Hill Hardware")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")
Page = tuple[str, int]  # HTML of the body, width of the window in CSS pixels


def some(rng: Generator, words: tuple[str, ...], count: int = 1) -> str:
    return " ".join(words[int(at)] for at in rng.integers(len(words), size=count))


def sentence(rng: Generator) -> str:
    if rng.random() < 0.5:
        return f"{some(rng, HANGUL, 4)} 지나갑니다."
    return f"The {some(rng, NOUNS)} {some(rng, VERBS)} the {some(rng, NOUNS)} near the {some(rng, NOUNS)}."


def text(rng: Generator, count: int) -> str:
    return " ".join(sentence(rng) for _ in range(count))


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


def chart(rng: Generator) -> Page:
    kinds = (bars, lines, pie, points, areas)
    inner = kinds[int(rng.integers(len(kinds)))](rng)
    ticks = "".join(
        f"<text x=34 y={410 - 40 * step} font-size=13 text-anchor=end>{step * 20}</text><line x1=44 x2=690 y1={405 - 40 * step} y2={405 - 40 * step} stroke='#ddd'/>"
        for step in range(9)
    )
    names = "".join(
        f"<text x={80 + 78 * at} y=430 font-size=13>{name}</text>" for at, name in enumerate(MONTHS)
    )
    title = f"<text x=60 y=40 font-size=20>Visits of {some(rng, NOUNS)} by month</text>"
    is_round = inner.startswith("<path d='M350")
    return (
        f"<svg width=720 height=450 style='background:#fff;display:block'>{title}{'' if is_round else ticks + names}{inner}</svg>",
        720,
    )


def bars(rng: Generator) -> str:
    return "".join(
        f"<rect x={70 + 78 * at} y={405 - high} width=46 height={high} fill='hsl({rng.integers(360)} 55% 50%)'/>"
        for at, high in enumerate(rng.integers(30, 330, 8))
    )


def lines(rng: Generator) -> str:
    return "".join(
        f"<polyline fill=none stroke-width=3 stroke='hsl({hue} 60% 45%)' points='"
        + " ".join(
            f"{60 + 26 * at},{y:.0f}"
            for at, y in enumerate(np.clip(230 + np.cumsum(rng.normal(0, 26, 24)), 70, 400))
        )
        + "'/>"
        for hue in rng.integers(0, 360, 3)
    )


def pie(rng: Generator) -> str:
    ends = np.cumsum([0, *rng.dirichlet(np.full(5, 3.0))]) * 2 * np.pi
    return "".join(
        f"<path d='M350 250 L{350 + 150 * np.cos(start):.0f} {250 + 150 * np.sin(start):.0f} A150 150 0 {int(end - start > np.pi)} 1 "
        f"{350 + 150 * np.cos(end):.0f} {250 + 150 * np.sin(end):.0f} Z' fill='hsl({72 * at + 20} 60% 55%)'/><text x=560 y={180 + 26 * at} font-size=15>{some(rng, NOUNS)} {(end - start) / 6.2832:.0%}</text>"
        for at, (start, end) in enumerate(zip(ends, ends[1:], strict=False))
    )


def points(rng: Generator) -> str:
    spots = rng.normal((360, 240), (130, 60), (140, 2))
    return "".join(f"<circle cx={x:.0f} cy={y:.0f} r=5 fill='#c3423f' fill-opacity=.6 />" for x, y in spots)


def areas(rng: Generator) -> str:
    made = ""
    for hue, top in ((210, 120), (30, 220), (120, 300)):
        ys = top + rng.normal(0, 22, 12)
        path = " ".join(f"{60 + 56 * at},{y:.0f}" for at, y in enumerate(ys))
        made += f"<polygon fill='hsl({hue} 55% 60%)' points='60,405 {path} 676,405'/>"
    return made


def drawing(rng: Generator) -> Page:
    kinds = (landscape, animal, plan, person)
    inner = kinds[int(rng.integers(len(kinds)))](rng)
    return (
        f"<svg width=640 height=520 viewBox='0 0 640 520' style='display:block;background:#fffdf4'>{inner}</svg>",
        640,
    )


def landscape(rng: Generator) -> str:
    x = int(rng.integers(80, 300))
    return (
        f"<rect width=640 height=520 fill='#bfe3ff'/><circle cx={rng.integers(400, 600)} cy=90 r=48 fill='#ffd23f'/><path d='M0 380 Q160 300 320 370 T640 350 V520 H0Z' fill='#7cc36a'/>"
        f"<rect x={x} y=260 width=170 height=130 fill='#e08e5b' stroke='#333' stroke-width=4 /><path d='M{x - 20} 262 L{x + 85} 180 L{x + 190} 262Z' fill='#a33' stroke='#333' stroke-width=4 />"
        f"<rect x={x + 65} y=320 width=40 height=70 fill='#5b3a1e'/><rect x=500 y=300 width=22 height=90 fill='#6b4423'/><circle cx=511 cy=270 r=55 fill='#3c8d40'/>"
    )


def animal(rng: Generator) -> str:
    fur = some(rng, ("#e8a04c", "#8d8d92", "#f3d9b1", "#5b4636"))
    return (
        f"<ellipse cx=320 cy=350 rx=150 ry=110 fill='{fur}' stroke='#222' stroke-width=6 /><circle cx=320 cy=200 r=95 fill='{fur}' stroke='#222' stroke-width=6 />"
        f"<path d='M240 150 L245 70 L300 118Z M400 150 L395 70 L340 118Z' fill='{fur}' stroke='#222' stroke-width=6 /><circle cx=285 cy=190 r=12 /><circle cx=355 cy=190 r=12 />"
        f"<path d='M310 225 h20 l-10 12z M320 237 q-22 26 -42 6 M320 237 q22 26 42 6' fill=none stroke='#222' stroke-width=5 />"
    )


def plan(rng: Generator) -> str:
    rooms = "".join(
        f"<rect x={x} y={y} width={w} height={h} fill=none stroke='#111' stroke-width=5 />"
        for x, y, w, h in ((60, 60, 250, 180), (310, 60, 270, 120), (310, 180, 270, 260), (60, 240, 250, 200))
    )
    return f"{rooms}<path d='M180 240 a50 50 0 0 1 50 50 M310 330 a60 60 0 0 1 -60 60' fill=none stroke='#111' stroke-width=2 /><circle cx=430 cy=300 r={rng.integers(25, 60)} fill=none stroke='#111' stroke-width=3 />"


def person(rng: Generator) -> str:
    shake = rng.normal(0, 8, 8)
    return (
        f"<circle cx={320 + shake[0]:.0f} cy=120 r=60 fill=none stroke='#234' stroke-width=7 /><path d='M320 180 L{320 + shake[1]:.0f} 340 M320 230 L{210 + shake[2]:.0f} 280 M320 230 L{430 + shake[3]:.0f} 260 "
        f"M{320 + shake[1]:.0f} 340 L{250 + shake[4]:.0f} 470 M{320 + shake[1]:.0f} 340 L{390 + shake[5]:.0f} 470' fill=none stroke='#234' stroke-width=7 stroke-linecap=round />"
        f"<circle cx=300 cy=110 r=6 /><circle cx=340 cy=110 r=6 /><path d='M295 140 q25 22 50 0' fill=none stroke='#234' stroke-width=5 />"
    )


def pattern(rng: Generator) -> Page:
    one, two = (
        f"hsl({hue} 45% {light}%)"
        for hue, light in zip(rng.integers(0, 360, 2), rng.integers(25, 85, 2), strict=True)
    )
    size = int(rng.integers(14, 60))
    backs = (
        f"repeating-linear-gradient({rng.integers(180)}deg,{one} 0 {size}px,{two} {size}px {2 * size}px)",
        f"radial-gradient({one} 30%,{two} 32%) 0 0/{size}px {size}px",
        f"repeating-conic-gradient({one} 0 25%,{two} 0 50%) 0 0/{2 * size}px {2 * size}px",
        f"linear-gradient({rng.integers(360)}deg,{one},{two})",
    )
    return f"<div style='width:600px;height:440px;background:{backs[int(rng.integers(4))]}'></div>", 600


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
