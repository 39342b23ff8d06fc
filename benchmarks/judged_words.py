"""Words of the pictures to be judged, drawn from a seed."""

from numpy.random import Generator

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
