"""Charts, drawings and patterns to be judged, as SVG and CSS."""

# ruff: noqa: E501 (lines of HTML)

import numpy as np
from numpy.random import Generator

from benchmarks.judged_words import MONTHS, NOUNS, Page, some


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
